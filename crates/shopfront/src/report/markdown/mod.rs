//! Markdown for job summaries and comments: verdict, diagnostics, change. Untrusted text is inert.

mod change;
mod faults;
mod inert;
mod lagging;
mod bounded_text;
mod smoke_report;

pub(super) use lagging::issue as lagging;
pub(super) use smoke_report::tried;

use super::{Links, Located, Review};
use bounded_text::{BoundedText, EIGHTH};
pub(super) use inert::words;
use inert::{code, destination};
use shopfront_diagnostics::Counts;

/// Renders the verdict and a table of diagnostics, or one sentence if there are none.
pub(super) fn text(found: &[Located<'_>], links: &Links) -> String {
    if found.is_empty() {
        return "**Good.** No fault was found.\n".to_owned();
    }
    let counts = Counts::of(found.iter().map(|it| it.diagnostic));
    let verdict = if counts.errors > 0 {
        "Refused."
    } else {
        "Good, with warnings."
    };
    let mut room = BoundedText::before(String::new(), shown_by("check"));
    room.put(&format!(
        "**{verdict}** {} of severity error, {} of severity warning.\n",
        counts.errors, counts.warnings
    ));
    faults::table(found, links, &mut room);
    room.finish()
}

/// Returns the note that names the command which shows the full text.
fn shown_by(command: &str) -> String {
    format!(
        "This is more than a comment can hold. `{} {command}` shows all of it.",
        shopfront_diagnostics::program::name()
    )
}

/// Renders the verdict with its reasons, the diagnostics, the change, the cards, and the link to
/// the preview.
pub(super) fn review(review: &Review<'_>) -> String {
    let mut room = BoundedText::before(end(review), shown_by("diff"));
    room.put(&format!("## {}\n", heading(review)));
    let reasons: Vec<String> = review
        .verdict
        .reasons
        .iter()
        .map(|reason| format!("- {}\n", words(reason)))
        .collect();
    room.list("\n", &reasons, "more reasons", EIGHTH);
    if !review.found.is_empty() {
        room.put("\n### Faults\n");
        faults::table(review.found, review.links, &mut room);
    }
    change::sections(review, &mut room);
    room.finish()
}

/// Renders the link to the preview and the compared commit.
fn end(review: &Review<'_>) -> String {
    let preview = review.links.preview.as_deref().map(|it| {
        format!(
            "\n[The store as this branch would make it](<{}>)\n",
            destination(it, "")
        )
    });
    let author = review
        .author
        .map(|author| format!(", for {}", code(author)))
        .unwrap_or_default();
    format!(
        "{}\nCompared with {}{author}.\n",
        preview.unwrap_or_default(),
        code(&review.since[..review.since.len().min(12)])
    )
}

fn heading(review: &Review<'_>) -> &'static str {
    use crate::change::Decision;
    match review.verdict.decision {
        Decision::Good if review.change.is_empty() => "Good: nothing changes",
        Decision::Good => "Good",
        Decision::NeedsReview => "A person must look",
        Decision::Refused => "Refused",
    }
}
