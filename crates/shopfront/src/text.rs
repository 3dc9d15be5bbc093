//! What may stand in a text that strangers write and strangers read.

use crate::shelf::MAX_DESCRIPTION;

/// Why a text is not plain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotPlain {
    /// A control character, a line break and a tab among them.
    Control(char),
    /// A character that changes the direction of the text around it (Unicode UAX 9), or hides.
    Bidirectional(char),
    /// A tag, a comment or a character reference of HTML, at these bytes.
    Markup(usize, usize),
    /// Nothing but blanks.
    Blank,
}

/// The first reason why `text` is not plain text of one line.
pub fn not_plain(text: &str) -> Option<NotPlain> {
    // To the end, whatever comes: without an exit in its middle, the loop looks at sixteen bytes at once.
    let is_odd = text.bytes().fold(false, |is_odd, byte| is_odd | !(0x20..0x7f).contains(&byte) | (byte == b'<') | (byte == b'&'));
    if !is_odd {
        // Nearly every text ends here.
        return is_blank(text).then_some(NotPlain::Blank);
    }
    for character in text.chars() {
        if is_bidirectional(character) {
            return Some(NotPlain::Bidirectional(character));
        }
        if character.is_control() || is_line_separator(character) {
            return Some(NotPlain::Control(character));
        }
    }
    if let Some((start, end)) = markup(text) {
        return Some(NotPlain::Markup(start, end));
    }
    is_blank(text).then_some(NotPlain::Blank)
}

/// Whether a terminal or a reader obeys the character, instead of showing it: a control, or one that turns the text around.
pub fn is_steering(character: char) -> bool {
    character.is_control() || is_bidirectional(character)
}

/// `text` with U+FFFD for each character that is obeyed: it moves no cursor, begins no line and turns nothing around.
pub fn inert(text: &str) -> String {
    text.chars().map(|it| if is_steering(it) { '\u{fffd}' } else { it }).collect()
}

/// What a stranger wrote, fit to stand in a line of ours: at most `most` characters, nothing that moves a cursor.
pub fn one_line(text: &str, most: usize) -> String {
    let plain = |it: char| if is_steering(it) { ' ' } else { it };
    let line: String = text.chars().map(plain).collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= most { line } else { line.chars().take(most - 1).chain(['…']).collect() }
}

/// `text` as one word of a command that a person may paste into a shell: a stranger's file name runs nothing.
pub fn shell_word(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-".contains(&byte);
    if !text.is_empty() && !text.starts_with('-') && text.bytes().all(is_plain) {
        return text.to_owned();
    }
    format!("'{}'", one_line(text, 4_096).replace('\'', "'\\''"))
}

/// Whether a reader sees nothing.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|it| it.is_whitespace() || is_invisible(it))
}

/// Controls of the bidirectional algorithm: they let a text show another order than it has.
pub fn is_bidirectional(character: char) -> bool {
    matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn is_line_separator(character: char) -> bool {
    matches!(character, '\u{2028}' | '\u{2029}')
}

fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' | '\u{ad}' | '\u{3164}' | '\u{2800}')
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
    let name_length = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'#').count();
    let is_reference = (2..=32).contains(&name_length) && rest.get(name_length) == Some(&b';');
    is_reference.then_some(at + name_length + 2)
}

/// As much of a long description as is kept: at most [`MAX_DESCRIPTION`] bytes, ending at a character.
pub fn description(text: &str) -> &str {
    let end = (0..=text.len().min(MAX_DESCRIPTION)).rev().find(|end| text.is_char_boundary(*end)).unwrap_or_default();
    &text[..end]
}
