//! Output of `diff`: the verdict with its reasons, the change, and the diagnostics, in one of five
//! formats.

mod github;
mod human;
mod json;

use serde_json::Value;

use super::{Format, Links, Located, RenderOptions, Texts};
use crate::change::{Change, EntryChange, FieldChange, Kind, Verdict};
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

/// The most characters of a value that are shown.
pub(super) const MOST: usize = 120;

/// The values of `field` as lines show them, of at most `most` characters: what was absent is `nothing`. Of two that are alike for
/// longer than that, what is shown is where they part.
pub(super) fn shown(field: &FieldChange, most: usize) -> (String, String) {
    let texts = [&field.from, &field.to].map(|value| match value {
        Value::Null => "nothing".to_owned(),
        other => shopfront_text::marked(&other.to_string())
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" "),
    });
    let alike = texts[0]
        .chars()
        .zip(texts[1].chars())
        .take_while(|(before, after)| before == after)
        .count();
    // A third of what is shown is what stands before the difference.
    let fits = texts.iter().all(|text| text.chars().count() <= most);
    let left_out = if fits || alike <= most / 2 {
        0
    } else {
        alike - most / 3
    };
    let cut = |text: &str| match left_out {
        0 => shopfront_text::one_line(text, most),
        _ => shopfront_text::one_line(
            &format!("…{}", text.chars().skip(left_out).collect::<String>()),
            most,
        ),
    };
    (cut(&texts[0]), cut(&texts[1]))
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
