//! Workflow log: the annotations, then the verdict as a notice.

use super::Review;
use crate::report::github;

pub(super) fn text(review: &Review<'_>) -> String {
    let reasons: String = review
        .verdict
        .reasons
        .iter()
        .map(|reason| format!("\n- {reason}"))
        .collect();
    let notice = github::notice(&format!(
        "verdict: {}{reasons}",
        review.verdict.decision.label()
    ));
    format!("{}{notice}", github::text(review.found))
}
