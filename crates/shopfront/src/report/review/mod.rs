//! Output of `diff`: the verdict with its reasons, the change, and the diagnostics, in one of five
//! formats.

mod github;
mod human;
mod json;

use serde_json::Value;

use super::{Format, Links, Located, RenderOptions, Texts};
use crate::change::{Change, EntryChange, Kind, Verdict};
use shopfront_model::catalogue::StoreFile;

/// Branch with its review.
pub struct Review<'r> {
    /// Settings of the store before the change, if known: a branch does not choose its own rules.
    pub store: Option<&'r StoreFile>,
    /// Full hash of the commit with which the branch is compared.
    pub since: &'r str,
    /// GitHub login of the author, if known.
    pub author: Option<&'r str>,
    /// Changes of the branch.
    pub change: &'r Change,
    /// Verdict on the change.
    pub verdict: &'r Verdict,
    /// Diagnostics of the branch.
    pub found: &'r [Located<'r>],
    /// Texts to which the diagnostics point.
    pub texts: &'r Texts,
    /// Links of the report.
    pub links: &'r Links,
}

/// Renders the review in `format`.
pub fn text(review: &Review<'_>, format: Format, look: RenderOptions) -> String {
    match format {
        Format::Human => human::text(review, look),
        Format::Github => github::text(review),
        Format::Json => shopfront_text::workflow_commands::pretty_json(&json::document(review)),
        Format::Sarif => super::sarif::text(review.found, review.links),
        Format::Markdown => super::markdown::review(review),
    }
}

/// Returns the review as a document in the format of `api-diff.schema.json`.
pub fn document(review: &Review<'_>) -> Value {
    json::document(review)
}

/// Returns the verb for the change of an entry.
pub(super) fn verb(entry: &EntryChange) -> &'static str {
    match entry.kind {
        Kind::Added => "added",
        Kind::Changed => "changed",
        Kind::Renamed { .. } => "renamed",
        Kind::Withdrawn => "withdrawn",
        Kind::Revived => "revived",
        Kind::Removed => "removed",
    }
}

/// Returns a value as display text. An absent value is `nothing`.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        other => shopfront_text::one_line(&other.to_string(), 120),
    }
}

/// Returns the release before and after, if they differ.
pub(super) fn versions(entry: &EntryChange) -> Option<String> {
    let version = |version: &Option<String>| version.clone().unwrap_or_else(|| "none".to_owned());
    let differs = entry.version.from != entry.version.to;
    match entry.kind {
        Kind::Added | Kind::Removed => None,
        _ => differs.then(|| {
            format!(
                "{} → {}",
                version(&entry.version.from),
                version(&entry.version.to)
            )
        }),
    }
}
