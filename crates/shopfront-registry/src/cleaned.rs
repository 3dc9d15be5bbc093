//! Untrusted strings, limited to a size that a page can show.

use serde_json::Value;

/// Maximum number of releases of a project; real projects are far below this and the following
/// limits.
pub(crate) const MAX_RELEASES: usize = 20_000;
/// Maximum number of files of one release.
pub(crate) const MAX_FILES: usize = 2_000;
/// Maximum number of requirements, links, keywords, or vulnerabilities.
pub(crate) const MAX_ITEMS: usize = 500;

/// Returns a text of one line and at most `most` characters. Returns `None` for an empty or blank
/// text, and for the placeholder of old tools.
pub(crate) fn line(value: &Value, most: usize) -> Option<String> {
    line_of(value.as_str()?, most)
}

/// Returns the line of a text, see [`line`].
pub(crate) fn line_of(text: &str, most: usize) -> Option<String> {
    let line = shopfront_text::one_line(text, most);
    (!line.is_empty() && line != "UNKNOWN").then_some(line)
}

/// Returns the texts of a list, see [`line`].
pub(crate) fn lines(value: &Value, most: usize) -> Vec<String> {
    value
        .as_array()
        .into_iter()
        .flatten()
        .take(MAX_ITEMS)
        .filter_map(|item| line(item, most))
        .collect()
}

/// Returns a file name without a path to another directory. A name is never cleaned, since that
/// would be another name.
pub(crate) fn file_name(text: &str) -> Option<String> {
    line_of(text, 300)
        .filter(|name| !name.contains(['/', '\\']) && shopfront_text::first_hidden(text).is_none())
}

/// Returns a version that can be a path, a table cell and a key; otherwise `None`.
pub(crate) fn version(text: &str) -> Option<&str> {
    let is_plain =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'+' | b'!');
    (!text.is_empty() && text.len() <= 100 && text.bytes().all(is_plain)).then_some(text)
}

/// Returns 64 hexadecimal digits in lower case.
pub(crate) fn sha256(text: &str) -> Option<String> {
    (text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()))
        .then(|| text.to_ascii_lowercase())
}

/// Returns a URL that may be linked on a page; otherwise `None`.
pub(crate) fn link(text: &str) -> Option<String> {
    (text.len() <= 2_000 && shopfront_text::url_policy::check_web_url(text).is_none())
        .then(|| text.to_owned())
}
