//! Long description of a package: its location, and the detected markup language of its text.

use super::Package;

/// Markup languages that are detectable by their syntax.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Markup {
    /// Markdown.
    Markdown,
    /// reStructuredText.
    ReStructuredText,
}

/// Returns the long description of `package`: the text after the blank line, or the field
/// `Description` of metadata before 2.1.
pub fn of(package: &Package) -> Option<&str> {
    let metadata = package.metadata.as_ref()?;
    let text = package
        .metadata_member()
        .and_then(|member| package.text(&member))
        .unwrap_or_default();
    let body = metadata
        .body
        .clone()
        .and_then(|bytes| text.get(bytes))
        .unwrap_or_default();
    let written = if body.trim().is_empty() {
        metadata.value("Description").unwrap_or_default()
    } else {
        body
    };
    // Placeholder that setuptools once wrote for a missing value.
    let is_nothing = matches!(written.trim(), "" | "UNKNOWN");
    (!is_nothing).then_some(written)
}

/// Returns the certain language of `text`; `None` if it has few marks, or marks of both.
pub fn written_in(text: &str) -> Option<Markup> {
    /// Minimum number of marks for certainty.
    const SURE: usize = 2;
    let (markdown, restructured) = marks(text);
    match (markdown, restructured) {
        (SURE.., 0) => Some(Markup::Markdown),
        (0, SURE..) => Some(Markup::ReStructuredText),
        _ => None,
    }
}

/// Returns the number of lines that can only be Markdown, and of those that can only be
/// reStructuredText. Code blocks are skipped: a Markdown text may quote the other language.
fn marks(text: &str) -> (usize, usize) {
    let (mut markdown, mut restructured) = (0, 0);
    let mut is_fenced = false;
    for line in text.lines() {
        if line.starts_with("```") || line.starts_with("~~~") {
            // In reStructuredText, a line of tildes underlines a heading.
            is_fenced = if line.starts_with("```") {
                !is_fenced
            } else {
                is_fenced
            };
            markdown += usize::from(line.starts_with("```"));
        } else if !is_fenced {
            markdown += usize::from(is_markdown(line));
            restructured += usize::from(is_restructured(line));
        }
    }
    (markdown, restructured)
}

/// Returns `true` for a heading after `#`, a link `[text](url)`, an image at the start of a line.
fn is_markdown(line: &str) -> bool {
    let hashes = line.bytes().take_while(|byte| *byte == b'#').count();
    let is_heading = (1..=6).contains(&hashes) && line[hashes..].starts_with(' ');
    is_heading || line.contains("](http") || line.starts_with("[![") || line.starts_with("![")
}

/// Returns `true` for a directive (`.. image:: …`), a substitution, a role of this language, a
/// link `` `text <url>`_ ``.
fn is_restructured(line: &str) -> bool {
    let directive = line.trim_start().strip_prefix(".. ");
    directive.is_some_and(|rest| rest.contains("::") || rest.starts_with('_'))
        || line.contains(">`_")
}
