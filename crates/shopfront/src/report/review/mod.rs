//! What `diff` tells: the verdict with its reasons, the change, and the faults, in one of five
//! forms.

mod github;
mod human;
mod json;

use serde_json::Value;

use super::{Format, Links, Located, RenderOptions, Texts};
use crate::change::{Change, EntryChange, Kind, Verdict};
use shopfront_model::catalogue::StoreFile;

/// A branch, and what is to be said of it.
pub struct Review<'r> {
    /// The settings of the store, as they were before where they are known: a branch does not
    /// choose its own rules.
    pub store: Option<&'r StoreFile>,
    /// The full name of the commit that it is compared with.
    pub since: &'r str,
    /// The GitHub login of its author, where somebody said it.
    pub author: Option<&'r str>,
    /// What it does.
    pub change: &'r Change,
    /// What is to be done with it.
    pub verdict: &'r Verdict,
    /// What is wrong with it.
    pub found: &'r [Located<'r>],
    /// The texts that this points at.
    pub texts: &'r Texts,
    /// Where readers are sent.
    pub links: &'r Links,
}

/// The review in `format`.
pub fn text(review: &Review<'_>, format: Format, look: RenderOptions) -> String {
    match format {
        Format::Human => human::text(review, look),
        Format::Github => github::text(review),
        Format::Json => shopfront_text::workflow_commands::pretty_json(&json::document(review)),
        Format::Sarif => super::sarif::text(review.found, review.links),
        Format::Markdown => super::markdown::review(review),
    }
}

/// The review as a document that keeps to `api-diff.schema.json`.
pub fn document(review: &Review<'_>) -> Value {
    json::document(review)
}

/// What happens to an entry, as a verb.
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

/// A value as a line shows it: what was absent is `nothing`.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        other => shopfront_text::one_line(&other.to_string(), 120),
    }
}

/// The release before and after, where they differ.
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
