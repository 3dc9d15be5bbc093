//! Entries that the files of their host leave out: that is told, and nothing is claimed of them.

use super::EntrySummary;
use super::card::problem;
use shopfront_check::checks;
use shopfront_model::adapter::OmittedEntry;
use shopfront_model::adapter::Why;
use shopfront_model::catalogue::Catalogue;

/// `cards` with what is `left_out`, each by its position in `catalogue`.
pub fn left_out(
    catalogue: &Catalogue,
    cards: Vec<EntrySummary>,
    left_out: &[(usize, OmittedEntry)],
) -> Vec<EntrySummary> {
    let mut cards = cards;
    for (at, left) in left_out {
        let snippet = &catalogue.snippets[*at];
        let card = &mut cards[*at];
        card.problems.push(problem(
            snippet,
            &checks::not_offered::diagnostic(snippet, left),
            None,
        ));
        if matches!(left.why, Why::Useless(_)) {
            card.offered = false;
            card.left_out = true;
            card.compatible.clear();
        }
    }
    cards
}
