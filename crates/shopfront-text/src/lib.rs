//! Rules for texts that untrusted third parties write and others read.

pub mod embedded;
pub mod names;
pub mod xml;
pub mod digest;
pub mod url_policy;
pub mod workflow_commands;
mod visible;

pub use visible::{Hidden, HiddenKind, MAX_MARKS, first_hidden, hidden, replaced};

use std::borrow::Cow;

/// Maximum size of a saved long description in bytes.
pub const MAX_DESCRIPTION: usize = 1 << 20;

/// Reason why a text is not plain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotPlain {
    /// Character that readers cannot see or recognize.
    Hidden(Hidden),
    /// HTML tag, comment or character reference at this byte range.
    Markup(usize, usize),
    /// No visible content.
    Blank,
}

/// Returns the first reason why `text` is not one line of plain text.
pub fn not_plain(text: &str) -> Option<NotPlain> {
    if !visible::is_plain_ascii(text) {
        let is_obeyed =
            |it: &Hidden| matches!(it.kind, HiddenKind::Control | HiddenKind::Bidirectional);
        let first = hidden(text).find(is_obeyed);
        // A text of only blanks and fillers is reported as blank: the simpler description of the
        // problem.
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

/// Returns `text` with U+FFFD for each hidden character. The result moves no cursor, starts no
/// line, reverses no text and conceals nothing.
pub fn strip_controls(text: &str) -> Cow<'_, str> {
    replaced(text, |_| Some("\u{fffd}"))
}

/// Returns the text of [`strip_controls`], with a space for each control.
pub fn marked(text: &str) -> Cow<'_, str> {
    replaced(text, |it| {
        Some(if it.kind == HiddenKind::Control {
            " "
        } else {
            "\u{fffd}"
        })
    })
}

/// Returns `text` with its hidden characters spelled out as `\u{202e}`, for messages about them.
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

/// Returns `text` without its hidden characters, with a space for each control.
pub fn visible(text: &str) -> Cow<'_, str> {
    replaced(text, |it| {
        Some(if it.kind == HiddenKind::Control {
            " "
        } else {
            ""
        })
    })
}

/// Returns the text of [`visible`] for multi-line text: line ends and tabs are kept.
pub fn visible_lines(text: &str) -> Cow<'_, str> {
    replaced(text, |it| match it.kind {
        _ if it.ends_or_indents() => None,
        HiddenKind::Control => Some(" "),
        _ => Some(""),
    })
}

/// Returns an untrusted text as one line, without hidden characters and with one space between
/// words.
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
    // A joiner after the last character has nothing to join after truncation.
    format!("{}…", visible(&cut))
}

/// Returns `text` as one word of a shell command for readers to paste: an untrusted file name
/// cannot run anything.
pub fn shell_word(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-:".contains(&byte);
    if !text.is_empty() && !text.starts_with('-') && text.bytes().all(is_plain) {
        return text.to_owned();
    }
    format!("'{}'", one_line(text, 4_096).replace('\'', "'\\''"))
}

/// Returns `text` as a TOML key: bare if allowed, otherwise quoted. A dot in a bare key would
/// start a nested table.
pub fn toml_key(text: &str) -> String {
    let is_bare = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
    if !text.is_empty() && text.bytes().all(is_bare) {
        text.to_owned()
    } else {
        toml_string(text)
    }
}

/// Returns `text` as a TOML basic string; it uses the escapes of JSON.
pub fn toml_string(text: &str) -> String {
    serde_json::Value::from(one_line(text, 4_096))
        .to_string()
        .replace('\u{7f}', "\\u007F")
}

/// Returns `true` if a text has no visible content.
pub fn is_blank(text: &str) -> bool {
    visible(text).chars().all(char::is_whitespace)
}

/// Returns `true` if a log line ends here: runners also treat a carriage return as a line end.
pub(crate) fn is_line_end(character: char) -> bool {
    matches!(character, '\n' | '\r')
}

/// Returns the byte range of the first piece of HTML: `<b>`, `</b>`, `<!-- -->`, `&amp;`,
/// `&#60;`.
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

/// Returns the end of a tag. In the HTML standard's tag-open state, `<` starts a tag only before a letter, `/`, `!` or
/// `?`.
fn tag_end(bytes: &[u8], at: usize) -> Option<usize> {
    let opens = matches!(bytes.get(at + 1), Some(next) if next.is_ascii_alphabetic() || matches!(next, b'/' | b'!' | b'?'));
    if !opens {
        return None;
    }
    let closing = bytes[at..].iter().position(|byte| *byte == b'>');
    // An unclosed `<script` consumes the rest of a page, so it extends to the end.
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

/// Returns a long description as saved: without hidden characters, at most [`MAX_DESCRIPTION`]
/// bytes, truncated at a character boundary.
pub fn description(text: &str) -> String {
    let end = text.floor_char_boundary(MAX_DESCRIPTION);
    visible_lines(&text[..end]).into_owned()
}

/// Returns "1 plugin", "2 plugins": every counted noun takes an `s`.
pub fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
