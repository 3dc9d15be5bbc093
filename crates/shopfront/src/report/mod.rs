//! From diagnostics to something that a person or a program reads; the only place that knows lines
//! and columns.

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

/// The texts of the files that diagnostics point at, by path; bytes that are no text are not in it.
pub type Texts = BTreeMap<String, String>;

/// What came of trying plugins, as Markdown.
pub fn tried(tried: &SmokeReport) -> String {
    markdown::tried(tried)
}

/// What is told a maintainer as an issue.
#[derive(Clone, Debug, Serialize)]
pub struct Issue {
    /// One line, the same as long as the matter is the same.
    pub title: String,
    /// Markdown.
    pub body: String,
}

impl Issue {
    /// Both as one text, for where issues stand one below the other.
    pub fn text(&self) -> String {
        format!("## {}\n\n{}\n", markdown::words(&self.title), self.body)
    }
}

/// The plugins that a host has left behind; `store` is where it is published.
pub fn lagging(lagging: &Lagging<'_>, store: Option<&str>) -> Issue {
    markdown::lagging(lagging, store)
}

/// In which form faults are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Source lines and carets, for terminals.
    Human,
    /// Annotations of GitHub Actions.
    Github,
    /// An array of objects.
    Json,
    /// SARIF 2.1.0.
    Sarif,
    /// A table for job summaries and comments.
    Markdown,
}

impl Format {
    /// What a report in this format means to a runner of workflows.
    pub fn syntax(self) -> Syntax {
        match self {
            Format::Github => Syntax::Annotations,
            Format::Json | Format::Sarif => Syntax::Json,
            Format::Human | Format::Markdown => Syntax::Text,
        }
    }
}

/// How a report for people looks.
#[derive(Clone, Copy, Debug)]
pub struct RenderOptions {
    /// Whether it may hold colors.
    pub color: bool,
    /// How many columns it may take.
    pub columns: usize,
}

/// Where a report in Markdown sends its readers; each address ends with a slash.
#[derive(Clone, Debug, Default)]
pub struct Links {
    /// The published store, which has a page for every code.
    pub store: Option<String>,
    /// The files of the branch: `https://git.example/o/r/blob/<commit>/`.
    pub files: Option<String>,
    /// The store as this branch would make it.
    pub preview: Option<String>,
}

/// The report of `found` in `format`.
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

/// The paths of all files that `found` points at: the texts that a report needs.
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
