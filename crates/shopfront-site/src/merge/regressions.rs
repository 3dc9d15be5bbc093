//! Which entries would be worth less to their users than in the store that was published before.

use std::collections::BTreeMap;

use super::{EntrySummary, ledger_key};
use shopfront_model::answers::Ledger;
use shopfront_model::catalogue::Catalogue;

/// An entry that would lose its release, or vanish, without anybody having changed its snippet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Regression {
    /// `host/id`
    pub entry: String,
    /// Consequence.
    pub what: &'static str,
}

/// Every drop against what `ledger` says was published, and of how many.
pub fn regressions(
    ledger: &Ledger,
    catalogue: &Catalogue,
    cards: &[EntrySummary],
) -> (Vec<Regression>, usize) {
    let now: BTreeMap<String, _> = catalogue
        .snippets
        .iter()
        .zip(cards)
        .map(|(snippet, card)| (ledger_key(snippet), (snippet, card)))
        .collect();
    let mut dropped = Vec::new();
    let published = ledger.entries.iter().filter(|(_, entry)| entry.listed);
    for (key, entry) in published.clone() {
        let what = match now.get(key) {
            None => "vanishes",
            Some((snippet, _)) if snippet.is_withdrawn() || snippet.digest != entry.snippet => {
                continue;
            }
            Some((_, card)) if entry.version.is_some() && card.version.is_none() => {
                "loses its release"
            }
            Some((_, card)) if entry.offered && !card.offered => "can not be installed any more",
            Some(_) => continue,
        };
        dropped.push(Regression {
            entry: key.clone(),
            what,
        });
    }
    (dropped, published.count())
}
