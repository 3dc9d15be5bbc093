//! Reports of diagnostics for people and programs. Only this module computes lines and columns.

mod github;
mod human;
mod inspection;
mod json;
mod located;
mod markdown;
mod review;
mod sarif;

pub use inspection::{Inspection, document as inspection_document, text as inspection};
pub use located::{Located, Position, Range, locate};
pub use review::{Review, document as review_document, text as review};

use std::collections::BTreeMap;

use serde::Serialize;

use crate::client::SmokeReport;
use shopfront_diagnostics::Diagnostic;
use shopfront_site::merge::Lagging;
use shopfront_text::workflow_commands::Syntax;

/// Texts of the files to which diagnostics point, by path, without binary files.
pub type Texts = BTreeMap<String, String>;

/// Renders smoke test results as Markdown.
pub fn tried(tried: &SmokeReport) -> String {
    markdown::tried(tried)
}

/// Issue for maintainers.
#[derive(Clone, Debug, Serialize)]
pub struct Issue {
    /// Title in one line. Stable as long as the subject is the same.
    pub title: String,
    /// Body as Markdown.
    pub body: String,
}

impl Issue {
    /// Returns title and body as one text, for output with several issues.
    pub fn text(&self) -> String {
        format!("## {}\n\n{}\n", markdown::words(&self.title), self.body)
    }
}

/// Returns the issue about lagging plugins. `store` is the URL of the published store.
pub fn lagging(lagging: &Lagging<'_>, store: Option<&str>) -> Issue {
    markdown::lagging(lagging, store)
}

/// Output format of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Source lines and carets, for terminals.
    Human,
    /// Annotations of GitHub Actions.
    Github,
    /// JSON array of objects.
    Json,
    /// SARIF 2.1.0.
    Sarif,
    /// Table for job summaries and comments.
    Markdown,
}

impl Format {
    /// Returns the syntax that a workflow runner recognizes in this format.
    pub fn syntax(self) -> Syntax {
        match self {
            Format::Github => Syntax::Annotations,
            Format::Json | Format::Sarif => Syntax::Json,
            Format::Human | Format::Markdown => Syntax::Text,
        }
    }
}

/// Options for rendering a report for people.
#[derive(Clone, Copy, Debug)]
pub struct RenderOptions {
    /// `true` if the output may contain colors.
    pub color: bool,
    /// Maximum width in columns.
    pub columns: usize,
}

/// Links of a Markdown report. Each URL ends with a slash.
#[derive(Clone, Debug, Default)]
pub struct Links {
    /// URL of the published store, which has a page for every code.
    pub store: Option<String>,
    /// URL of the files of the branch: `https://git.example/o/r/blob/<commit>/`.
    pub files: Option<String>,
    /// URL of the preview of this branch.
    pub preview: Option<String>,
}

/// Renders the report of `found` in `format`.
pub fn text(
    found: &[Located<'_>],
    texts: &Texts,
    format: Format,
    look: RenderOptions,
    links: &Links,
) -> String {
    match format {
        Format::Human => human::text(found, texts, look),
        Format::Github => github::text(found),
        Format::Json => json::text(found),
        Format::Sarif => sarif::text(found, links),
        Format::Markdown => markdown::text(found, links),
    }
}

/// Returns the paths of all files to which `found` points. A report needs their texts.
pub fn paths(found: &[Diagnostic]) -> Vec<&str> {
    let mut paths: Vec<&str> = found
        .iter()
        .flat_map(|it| std::iter::once(&it.primary).chain(&it.secondary))
        .map(|label| label.place.path.as_str())
        .collect();
    paths.sort_unstable();
    paths.dedup();
    paths
}
