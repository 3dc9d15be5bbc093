//! The long description of a package: where it stands, and in which language its text shows to be
//! written.

use super::Package;

/// The languages that a text can show by its marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Markup {
    /// Markdown.
    Markdown,
    /// reStructuredText.
    ReStructuredText,
}

/// The long description of `package`: behind the blank line, or in the field `Description` of
/// metadata before 2.1.
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
    // What setuptools once wrote for nothing.
    let is_nothing = matches!(written.trim(), "" | "UNKNOWN");
    (!is_nothing).then_some(written)
}

/// The language that `text` is surely written in; `None` where its marks are few, or of both.
pub fn written_in(text: &str) -> Option<Markup> {
    /// So many marks are no accident.
    const SURE: usize = 2;
    let (markdown, restructured) = marks(text);
    match (markdown, restructured) {
        (SURE.., 0) => Some(Markup::Markdown),
        (0, SURE..) => Some(Markup::ReStructuredText),
        _ => None,
    }
}

/// How many lines can only be Markdown, and how many only reStructuredText. What stands in a block
/// of code counts for neither: a Markdown text may well quote the other.
fn marks(text: &str) -> (usize, usize) {
    let (mut markdown, mut restructured) = (0, 0);
    let mut is_fenced = false;
    for line in text.lines() {
        if line.starts_with("```") || line.starts_with("~~~") {
            // A line of tildes underlines headings in the other language.
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

/// A heading behind `#`, a link `[words](address)`, a picture at the start of a line.
fn is_markdown(line: &str) -> bool {
    let hashes = line.bytes().take_while(|byte| *byte == b'#').count();
    let is_heading = (1..=6).contains(&hashes) && line[hashes..].starts_with(' ');
    is_heading || line.contains("](http") || line.starts_with("[![") || line.starts_with("![")
}

/// A directive (`.. image:: …`), a substitution, a role that only this language has, a link ``
/// `words <address>`_ ``.
fn is_restructured(line: &str) -> bool {
    let directive = line.trim_start().strip_prefix(".. ");
    directive.is_some_and(|rest| rest.contains("::") || rest.starts_with('_'))
        || line.contains(">`_")
}
