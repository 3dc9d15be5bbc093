//! Messages for common JSON mistakes: the problem and its fix.

use std::ops::Range;

/// Message with its help, if known.
pub(super) type Hint = (String, Option<String>);

/// Describes a missing value at `at`: number of bytes to point at, and the hint.
pub(super) fn no_value(text: &str, at: usize) -> (usize, Hint) {
    let rest = &text[at..];
    let Some(character) = rest.chars().next() else {
        let message = if text.trim().is_empty() {
            "the file is empty"
        } else {
            "the file ends where a value should be"
        };
        return (0, (message.to_owned(), None));
    };
    let word: String = rest
        .chars()
        .take_while(|it| it.is_alphanumeric() || *it == '_')
        .collect();
    let known = match word.as_str() {
        "True" | "TRUE" => Some("true"),
        "False" | "FALSE" => Some("false"),
        "Null" | "NULL" => Some("null"),
        _ => None,
    };
    if matches!(word.as_str(), "None" | "undefined" | "nil") {
        return (
            word.len(),
            (
                format!("`{word}` is not JSON"),
                Some("leave the field out".to_owned()),
            ),
        );
    }
    if let Some(right) = known {
        return (
            word.len(),
            (
                format!("`{word}` is not JSON"),
                Some(format!("write `{right}`")),
            ),
        );
    }
    if let Some(hint) = quotes_or_comment(rest) {
        return (character.len_utf8(), hint);
    }
    if word == "NaN" || word == "Infinity" {
        return (word.len(), (format!("JSON has no `{word}`"), None));
    }
    if !word.is_empty() {
        return (
            word.len(),
            (
                format!("`{}` needs double quotes", shorten(&word)),
                Some(format!("write `\"{}\"`", shorten(&word))),
            ),
        );
    }
    (
        character.len_utf8(),
        (format!("a value should be here, not `{character}`"), None),
    )
}

/// Describes a missing key at `at`, in the object that opens at `opening`.
pub(super) fn no_key(text: &str, at: usize, opening: usize) -> (usize, Hint) {
    let rest = &text[at..];
    let Some(character) = rest.chars().next() else {
        return (0, never_closed('}', text, opening));
    };
    if let Some(hint) = quotes_or_comment(rest) {
        return (character.len_utf8(), hint);
    }
    let word: String = rest
        .chars()
        .take_while(|it| it.is_alphanumeric() || matches!(it, '_' | '-' | '$'))
        .collect();
    if word.is_empty() {
        return (
            character.len_utf8(),
            (
                format!("a key in double quotes should be here, not `{character}`"),
                None,
            ),
        );
    }
    (
        word.len(),
        (
            format!("the key `{}` needs double quotes", shorten(&word)),
            Some(format!("write `\"{}\"`", shorten(&word))),
        ),
    )
}

/// Describes a missing comma or closing bracket after a value: location and hint.
pub(super) fn no_comma(
    text: &str,
    at: usize,
    closing: char,
    opening: usize,
    previous_end: usize,
) -> (Range<usize>, Hint) {
    let rest = &text[at..];
    let Some(character) = rest.chars().next() else {
        return (opening..opening + 1, never_closed(closing, text, opening));
    };
    if let Some(hint) = quotes_or_comment(rest).filter(|_| character != '\'') {
        return (at..at + character.len_utf8(), hint);
    }
    if matches!(character, '}' | ']') {
        let message = format!(
            "`{character}` closes what `{}` opened",
            &text[opening..=opening]
        );
        return (at..at + 1, (message, Some(format!("write `{closing}`"))));
    }
    let message = format!("a comma or `{closing}` is missing after this value");
    let after_a_text =
        text[..previous_end].ends_with('"') && !text[previous_end..at].contains('\n');
    let help = if character == '"' {
        Some("put a comma here".to_owned())
    } else {
        after_a_text.then(|| "a quotation mark inside a text is written `\\\"`".to_owned())
    };
    // Point after the value, where the comma is missing, not at the valid next line.
    (
        previous_end.saturating_sub(1)..previous_end,
        (message, help),
    )
}

/// Describes text after the end of the document.
pub(super) fn after_the_end(text: &str, at: usize) -> Hint {
    if let Some(hint) = quotes_or_comment(&text[at..]) {
        return hint;
    }
    (
        "something stands after the end of the document".to_owned(),
        Some("one file holds one JSON value".to_owned()),
    )
}

/// Describes an unescaped control character in a string.
pub(super) fn raw_control(byte: u8, start: usize, text: &str) -> Hint {
    match byte {
        b'\n' | b'\r' => {
            let line = text[start..].lines().next().unwrap_or_default();
            let opened = format!(
                "the string {} has no closing quote on its line",
                shorten(line)
            );
            (
                opened,
                Some("close it with `\"`; a text stands on one line".to_owned()),
            )
        }
        b'\t' => (
            "a tab inside a string".to_owned(),
            Some("write a space".to_owned()),
        ),
        _ => (
            format!("the control character U+{byte:04X} inside a string"),
            Some("take it out".to_owned()),
        ),
    }
}

/// Describes a text that ends inside a string.
pub(super) fn unclosed_string() -> Hint {
    (
        "this string is never closed".to_owned(),
        Some("close it with `\"`".to_owned()),
    )
}

/// Describes a backslash before a letter without a meaning.
pub(super) fn unknown_escape(text: &str, start: usize) -> Hint {
    let letter = text[start + 1..].chars().next();
    let message = letter.map_or_else(
        || "a backslash ends the file".to_owned(),
        |it| format!("`\\{it}` is no escape in JSON"),
    );
    (
        message,
        Some("a backslash itself is written `\\\\`".to_owned()),
    )
}

/// Describes one half of a surrogate pair without the other.
pub(super) fn half_pair() -> Hint {
    let message = "half of a surrogate pair: no character".to_owned();
    (
        message,
        Some("write the character itself, in UTF-8".to_owned()),
    )
}

/// Describes an invalid number.
pub(super) fn bad_number(written: &str) -> Hint {
    let digits = written.trim_start_matches('-');
    let message = format!("`{}` is not a JSON number", shorten(written));
    if digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.") {
        return (
            message,
            Some("take the leading zero away, or put the text in double quotes".to_owned()),
        );
    }
    (message, None)
}

fn never_closed(closing: char, text: &str, opening: usize) -> Hint {
    let message = format!(
        "the `{}` that opens here is never closed",
        &text[opening..=opening]
    );
    (message, Some(format!("add `{closing}` at its end")))
}

fn quotes_or_comment(rest: &str) -> Option<Hint> {
    let character = rest.chars().next()?;
    let conflict = ["<<<<<<<", "=======", ">>>>>>>", "|||||||"]
        .iter()
        .any(|mark| rest.starts_with(mark));
    let (message, help) = match character {
        _ if conflict => (
            "a merge conflict was left in the file",
            "keep one of the two sides and take the marks out",
        ),
        '\'' => (
            "JSON strings use double quotes",
            "write `\"` instead of `'`",
        ),
        '\u{2018}' | '\u{2019}' | '\u{201c}' | '\u{201d}' | '\u{201e}' => (
            "a typographic quotation mark: JSON strings use the plain `\"`",
            "write `\"`; a word processor may have changed it",
        ),
        '/' if rest.starts_with("//") || rest.starts_with("/*") => (
            "JSON has no comments",
            "put it into the field `comment`, or take it out",
        ),
        '#' => (
            "JSON has no comments",
            "put it into the field `comment`, or take it out",
        ),
        ',' => ("a comma with nothing before it", "take it away"),
        _ => return None,
    };
    Some((message.to_owned(), Some(help.to_owned())))
}

fn shorten(text: &str) -> String {
    const MOST: usize = 40;
    if text.chars().count() <= MOST {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(MOST).collect();
    short.push('…');
    short
}
