//! What a stranger wrote, as text that GitHub only shows.
//!
//! References such as `&#64;` are not enough: GitHub looks for mentions, issue numbers, commits,
//! emoji and bare addresses in the text that Markdown has already made of them. It leaves code
//! spans alone.

use shopfront_text as text;

/// WORD JOINER: takes no room, and parts what a program would join.
const JOINER: char = '\u{2060}';

/// The most characters of one text.
const MOST: usize = 400;

/// A code span of at most [`MOST`] characters, on one line: nothing in it is read as anything but
/// text.
pub(super) fn code(text: &str) -> String {
    // What is hidden shows that something is: a reviewer has to see it.
    let line = text::one_line(&text::marked(text), MOST);
    if text::is_blank(&line) {
        return "—".to_owned();
    }
    let mut out = String::from("`");
    for character in line.chars() {
        match character {
            // There is no way to write these two in the code span of a table cell that all readers
            // understand.
            '`' => out.push('\''),
            '|' => out.push('¦'),
            // Programs that obey comments read them as they were sent, code spans included.
            '@' | '<' => out.extend([character, JOINER]),
            it => out.push(it),
        }
    }
    out.push('`');
    out
}

/// A message of ours: what stands in backticks becomes code, the rest plain words. A stranger whose
/// text holds a backtick may turn the two around; so both are inert.
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

/// Plain words. Punctuation of ASCII may always stand behind a backslash (CommonMark, 2.4).
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
            // Mentions, issues, addresses, emoji: none survives a joiner on both sides of these.
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

/// The destination of a link of ours: what could end it is percent-encoded.
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
