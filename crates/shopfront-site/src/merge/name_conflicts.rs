//! Entries whose names another entry of their host has taken before: a host can not have both.

use std::collections::BTreeSet;

use super::card::problem;
use super::{EntrySummary, Problem, ledger_key};
use shopfront_check::checks::taken_name::{self, Holder};
use shopfront_model::answers::Ledger;
use shopfront_model::catalogue::Catalogue;

/// Tells every entry that comes after another one with the same name that it is not offered: who
/// was listed first keeps it.
pub fn mark_name_conflicts(
    catalogue: &Catalogue,
    ledger: &Ledger,
    cards: Vec<EntrySummary>,
) -> Vec<EntrySummary> {
    let mut positions: Vec<usize> = (0..cards.len())
        .filter(|at| !cards[*at].offers.is_empty())
        .collect();
    if positions.is_empty() {
        return cards;
    }
    let listed_at = |at: &usize| {
        ledger
            .entries
            .get(&ledger_key(&catalogue.snippets[*at]))
            .map(|entry| entry.listed_at)
    };
    // What is not in the ledger yet is listed now, and so the last.
    positions.sort_by_key(|at| (listed_at(at).is_none(), listed_at(at), *at));
    let holder = |at: &usize| {
        let snippet = &catalogue.snippets[*at];
        let holder = taken_name::holder(catalogue.host_of(snippet), snippet, &cards[*at].offers);
        holder.unwrap_or(Holder {
            snippet,
            names: Vec::new(),
        })
    };
    let holders: Vec<Holder<'_>> = positions.iter().map(holder).collect();
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
