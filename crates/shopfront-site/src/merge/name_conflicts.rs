//! Entries whose names another entry of their host has taken before: a host can not have both.

use std::collections::BTreeSet;

use super::card::problem;
use super::{EntrySummary, Problem, ledger_key};
use shopfront_check::checks::taken_name::{self, Holder};
use shopfront_model::answers::Ledger;
use shopfront_model::catalogue::Catalogue;

/// Tells every entry with a name that another one has taken before that it is not offered: who was
/// published with it first keeps it.
pub fn mark_name_conflicts(
    catalogue: &Catalogue,
    ledger: &Ledger,
    cards: Vec<EntrySummary>,
) -> Vec<EntrySummary> {
    let with_offers = (0..cards.len()).filter(|at| !cards[*at].offers.is_empty());
    let holder = |at: usize| {
        let snippet = &catalogue.snippets[at];
        let past = ledger.entries.get(&ledger_key(snippet));
        Some((
            at,
            taken_name::holder(catalogue.host_of(snippet), snippet, &cards[at].offers, past)?,
        ))
    };
    let (positions, holders): (Vec<usize>, Vec<Holder<'_>>) =
        with_offers.filter_map(holder).unzip();
    let problems: Vec<(usize, Problem)> = taken_name::diagnostic(&holders)
        .into_iter()
        .map(|(at, fault)| {
            (
                positions[at],
                problem(&catalogue.snippets[positions[at]], &fault, None),
            )
        })
        .collect();
    let late: BTreeSet<usize> = problems.iter().map(|(at, _)| *at).collect();
    let mut cards = cards;
    for (at, problem) in problems {
        cards[at].problems.push(problem);
    }
    for at in late {
        cards[at].offered = false;
    }
    cards
}
