//! Untrusted text as Markdown that GitHub only displays.
//!
//! References such as `&#64;` are insufficient: GitHub looks for mentions, issue numbers, commits,
//! emoji and bare URLs in the rendered text. It leaves code spans unchanged.

use shopfront_text as text;

/// WORD JOINER: has no width, and separates characters that a program would join.
const JOINER: char = '\u{2060}';

/// Maximum length of one text, in characters.
const MOST: usize = 400;

/// Returns a code span on one line with at most [`MOST`] characters, in which all characters are
/// literal.
pub(super) fn code(text: &str) -> String {
    // Hidden characters are marked: a reviewer has to notice them.
    let line = text::one_line(&text::marked(text), MOST);
    if text::is_blank(&line) {
        return "—".to_owned();
    }
    let mut out = String::from("`");
    for character in line.chars() {
        match character {
            // No escape of these two in the code span of a table cell works in all renderers.
            '`' => out.push('\''),
            '|' => out.push('¦'),
            // Programs that react to comments read the raw text, including code spans.
            '@' | '<' => out.extend([character, JOINER]),
            it => out.push(it),
        }
    }
    out.push('`');
    out
}

/// Renders a message of this program: text in backticks becomes code, and the rest plain words.
/// Untrusted text with a backtick may swap the two, so both are inert.
pub(in crate::report) fn words(text: &str) -> String {
    let line = text::one_line(&text::marked(text), MOST * 2);
    let parts: Vec<&str> = line.split('`').collect();
    let mut out = String::new();
    for (index, part) in parts.iter().enumerate() {
        let is_closed = index + 1 < parts.len();
        out.push_str(&if index % 2 == 1 && is_closed {
            code(part)
        } else {
            prose(part)
        });
    }
    out
}

/// Renders plain words. A backslash may precede any ASCII punctuation (CommonMark, 2.4).
fn prose(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut hexadecimal = 0;
    for character in text.chars() {
        hexadecimal = if character.is_ascii_hexdigit() {
            hexadecimal + 1
        } else {
            0
        };
        match character {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '|' => out.push('¦'),
            // Mentions, issues, URLs and emoji are broken by a joiner on both sides of these.
            '@' | '#' | ':' | '/' | '.' | '-' => out.extend([JOINER, '\\', character, JOINER]),
            it if it.is_ascii_punctuation() => out.extend(['\\', it]),
            // Seven digits could be the name of a commit.
            it if hexadecimal > 6 => {
                out.extend([JOINER, it]);
                hexadecimal = 1;
            }
            it => out.push(it),
        }
    }
    out
}

/// Returns the destination of a link. Characters that could end it are percent-encoded.
pub(super) fn destination(base: &str, path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte);
    let in_base = |byte: u8| plain(byte) || b":?#%=&@+,;".contains(&byte);
    let encoded = |text: &str, is_plain: &dyn Fn(u8) -> bool| {
        let encode = |byte: u8| {
            if is_plain(byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        };
        text.bytes().map(encode).collect::<String>()
    };
    format!("{}{}", encoded(base, &in_base), encoded(path, &plain))
}
