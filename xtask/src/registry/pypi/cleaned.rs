//! Strings of strangers, cut to a size that a page can show.

use serde_json::Value;

/// Caps of what is kept of a project; real ones stay far below.
pub(super) const MAX_RELEASES: usize = 20_000;
/// Files of one release.
pub(super) const MAX_FILES: usize = 2_000;
/// Requirements, links, keywords, vulnerabilities.
pub(super) const MAX_ITEMS: usize = 500;

/// A text of one line and at most `most` characters; `None` for nothing, blanks, and what old tools write for nothing.
pub(super) fn line(value: &Value, most: usize) -> Option<String> {
    line_of(value.as_str()?, most)
}

/// As [`line`], of a text.
pub(super) fn line_of(text: &str, most: usize) -> Option<String> {
    let plain = |it: char| if it.is_control() || crate::text::is_bidirectional(it) { ' ' } else { it };
    let line: String = text.chars().map(plain).collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ");
    if line.is_empty() || line == "UNKNOWN" {
        return None;
    }
    if line.chars().count() <= most { Some(line) } else { Some(line.chars().take(most - 1).chain(['…']).collect()) }
}

/// The texts of a list, each as [`line`].
pub(super) fn lines(value: &Value, most: usize) -> Vec<String> {
    value.as_array().into_iter().flatten().take(MAX_ITEMS).filter_map(|item| line(item, most)).collect()
}

/// A version that can be a path, a table cell and a key: `None` for what is none.
pub(super) fn version(text: &str) -> Option<&str> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'+' | b'!');
    (!text.is_empty() && text.len() <= 100 && text.bytes().all(is_plain)).then_some(text)
}

/// 64 hexadecimal digits, in lower case.
pub(super) fn sha256(text: &str) -> Option<String> {
    (text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())).then(|| text.to_ascii_lowercase())
}

/// A web address that may stand on a page, else nothing.
pub(super) fn link(text: &str) -> Option<String> {
    (text.len() <= 2_000 && crate::address::fault_of_web_address(text).is_none()).then(|| text.to_owned())
}
