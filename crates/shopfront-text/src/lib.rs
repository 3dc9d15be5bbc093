//! What may stand in a text that strangers write and strangers read.

pub mod embedded;
pub mod names;
pub mod xml;
pub mod digest;
pub mod url_policy;
pub mod workflow_commands;
mod visible;

pub use visible::{Hidden, HiddenKind, MAX_MARKS, first_hidden, hidden, replaced};

use std::borrow::Cow;

/// The largest long description that is kept, in bytes.
pub const MAX_DESCRIPTION: usize = 1 << 20;

/// Why a text is not plain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotPlain {
    /// A character that readers do not see for what it is.
    Hidden(Hidden),
    /// A tag, a comment or a character reference of HTML, at these bytes.
    Markup(usize, usize),
    /// Nothing that a reader sees.
    Blank,
}

/// The first reason why `text` is not plain text of one line.
pub fn not_plain(text: &str) -> Option<NotPlain> {
    if !visible::is_plain_ascii(text) {
        let is_obeyed =
            |it: &Hidden| matches!(it.kind, HiddenKind::Control | HiddenKind::Bidirectional);
        let first = hidden(text).find(is_obeyed);
        // A text of nothing but blanks and fillers is told as blank: that is the shorter way to see
        // what is wrong.
        let first = first.or_else(|| hidden(text).next().filter(|_| !is_blank(text)));
        if let Some(hidden) = first {
            return Some(NotPlain::Hidden(hidden));
        }
    }
    if let Some((start, end)) = markup(text) {
        return Some(NotPlain::Markup(start, end));
    }
    is_blank(text).then_some(NotPlain::Blank)
}

/// `text` with U+FFFD for each hidden character: it moves no cursor, begins no line, turns nothing
/// around and conceals nothing.
pub fn strip_controls(text: &str) -> Cow<'_, str> {
    replaced(text, |_| Some("\u{fffd}"))
}

/// As [`inert`], with a blank for each control.
pub fn marked(text: &str) -> Cow<'_, str> {
    replaced(text, |it| {
        Some(if it.kind == HiddenKind::Control {
            " "
        } else {
            "\u{fffd}"
        })
    })
}

/// `text` with its hidden characters spelled out as `\u{202e}`, for where they are what matters.
pub fn spelled(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut end = 0;
    for it in hidden(text) {
        out.push_str(&text[end..it.at]);
        out.extend(it.character.escape_unicode());
        end = it.at + it.character.len_utf8();
    }
    out + &text[end..]
}

/// `text` without its hidden characters, with a blank for each control.
pub fn visible(text: &str) -> Cow<'_, str> {
    replaced(text, |it| {
        Some(if it.kind == HiddenKind::Control {
            " "
        } else {
            ""
        })
    })
}

/// As [`visible`], of a text of many lines: their ends and its tabs stay.
pub fn visible_lines(text: &str) -> Cow<'_, str> {
    replaced(text, |it| match it.kind {
        _ if it.ends_or_indents() => None,
        HiddenKind::Control => Some(" "),
        _ => Some(""),
    })
}

/// What a stranger wrote as one line: nothing hidden, and one blank between words.
pub fn line(text: &str) -> String {
    visible(text)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// As [`line`], of at most `most` characters, fit to stand in a line of ours.
///
/// Of a long text no more is looked at than may be needed.
pub fn one_line(text: &str, most: usize) -> String {
    let looked_at = text.floor_char_boundary(most.saturating_mul(16).saturating_add(4_096));
    let line = line(&text[..looked_at]);
    let is_whole = looked_at == text.len() || line.is_empty();
    if is_whole && line.chars().count() <= most {
        return line;
    }
    let cut: String = line.chars().take(most - 1).collect();
    // What joined the last character to the next one joins nothing any more.
    format!("{}…", visible(&cut))
}

/// `text` as one word of a command that a person may paste into a shell: a stranger's file name
/// runs nothing.
pub fn shell_word(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-:".contains(&byte);
    if !text.is_empty() && !text.starts_with('-') && text.bytes().all(is_plain) {
        return text.to_owned();
    }
    format!("'{}'", one_line(text, 4_096).replace('\'', "'\\''"))
}

/// `text` as a key of TOML: bare where it may be, else in quotes. A dot in a bare key would begin a
/// table within the table.
pub fn toml_key(text: &str) -> String {
    let is_bare = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
    if !text.is_empty() && text.bytes().all(is_bare) {
        text.to_owned()
    } else {
        toml_string(text)
    }
}

/// `text` as a basic string of TOML; what JSON escapes is escaped alike there.
pub fn toml_string(text: &str) -> String {
    serde_json::Value::from(one_line(text, 4_096))
        .to_string()
        .replace('\u{7f}', "\\u007F")
}

/// Whether a reader sees nothing.
pub fn is_blank(text: &str) -> bool {
    visible(text).chars().all(char::is_whitespace)
}

/// Whether a line of a log ends here: runners take a carriage return for an end as well.
pub(crate) fn is_line_end(character: char) -> bool {
    matches!(character, '\n' | '\r')
}

/// The bytes of the first piece of HTML: `<b>`, `</b>`, `<!-- -->`, `&amp;`, `&#60;`.
fn markup(text: &str) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        let found = match byte {
            b'<' => tag_end(bytes, at),
            b'&' => reference_end(bytes, at),
            _ => None,
        };
        if let Some(end) = found {
            return Some((at, end));
        }
    }
    None
}

/// The HTML standard's tag-open state: `<` begins a tag only before a letter, `/`, `!` or `?`.
fn tag_end(bytes: &[u8], at: usize) -> Option<usize> {
    let opens = matches!(bytes.get(at + 1), Some(next) if next.is_ascii_alphabetic() || matches!(next, b'/' | b'!' | b'?'));
    if !opens {
        return None;
    }
    let closing = bytes[at..].iter().position(|byte| *byte == b'>');
    // An unclosed `<script` swallows what follows it on a page, so it counts up to the end.
    Some(closing.map_or(bytes.len(), |length| at + length + 1))
}

fn reference_end(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = &bytes[at + 1..];
    let name_length = rest
        .iter()
        .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'#')
        .count();
    let is_reference = (2..=32).contains(&name_length) && rest.get(name_length) == Some(&b';');
    is_reference.then_some(at + name_length + 2)
}

/// A long description as it is kept: without hidden characters, at most [`MAX_DESCRIPTION`] bytes,
/// ending at a character.
pub fn description(text: &str) -> String {
    let end = text.floor_char_boundary(MAX_DESCRIPTION);
    visible_lines(&text[..end]).into_owned()
}

/// "1 plugin", "2 plugins": every noun that we count takes an `s`.
pub fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
