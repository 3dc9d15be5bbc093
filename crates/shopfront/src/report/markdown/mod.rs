//! For job summaries and comments: the verdict first, then the faults, then the change. What
//! strangers wrote is inert.

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

/// The verdict and one table, or one sentence when there is nothing to tell.
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

/// Where all of it is, when a comment can not hold it.
fn shown_by(command: &str) -> String {
    format!(
        "This is more than a comment can hold. `{} {command}` shows all of it.",
        shopfront_diagnostics::program::name()
    )
}

/// The verdict with its reasons, the faults, the change, the cards, and where the preview is.
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

/// Where the preview is, and what was compared.
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
