//! Strings of strangers, cut to a size that a page can show.

use serde_json::Value;

/// Caps of what is kept of a project; real ones stay far below.
pub(crate) const MAX_RELEASES: usize = 20_000;
/// Files of one release.
pub(crate) const MAX_FILES: usize = 2_000;
/// Requirements, links, keywords, vulnerabilities.
pub(crate) const MAX_ITEMS: usize = 500;

/// A text of one line and at most `most` characters; `None` for nothing, blanks, and what old tools
/// write for nothing.
pub(crate) fn line(value: &Value, most: usize) -> Option<String> {
    line_of(value.as_str()?, most)
}

/// As [`line`], of a text.
pub(crate) fn line_of(text: &str, most: usize) -> Option<String> {
    let line = shopfront_text::one_line(text, most);
    (!line.is_empty() && line != "UNKNOWN").then_some(line)
}

/// The texts of a list, each as [`line`].
pub(crate) fn lines(value: &Value, most: usize) -> Vec<String> {
    value
        .as_array()
        .into_iter()
        .flatten()
        .take(MAX_ITEMS)
        .filter_map(|item| line(item, most))
        .collect()
}

/// The name of a file, and nothing that leads to another folder; a name is never cleaned, since it
/// would be another one.
pub(crate) fn file_name(text: &str) -> Option<String> {
    line_of(text, 300)
        .filter(|name| !name.contains(['/', '\\']) && shopfront_text::first_hidden(text).is_none())
}

/// A version that can be a path, a table cell and a key: `None` for what is none.
pub(crate) fn version(text: &str) -> Option<&str> {
    let is_plain =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'+' | b'!');
    (!text.is_empty() && text.len() <= 100 && text.bytes().all(is_plain)).then_some(text)
}

/// 64 hexadecimal digits, in lower case.
pub(crate) fn sha256(text: &str) -> Option<String> {
    (text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()))
        .then(|| text.to_ascii_lowercase())
}

/// A web address that may stand on a page, else nothing.
pub(crate) fn link(text: &str) -> Option<String> {
    (text.len() <= 2_000 && shopfront_text::url_policy::check_web_url(text).is_none())
        .then(|| text.to_owned())
}
