//! The ledger, one build further.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::{EntrySummary, ledger_key};
use shopfront_check::checks::taken_name;
use shopfront_model::answers::{Ledger, LedgerEntry, LedgerRemoved, LedgerUpdated, What};
use shopfront_model::bundle::ClaimedName;
use shopfront_model::catalogue::{Catalogue, Snippet};

/// The version of the format of the ledger.
const FORMAT: u32 = 1;

/// `old` with what this build publishes at `now`. Where nothing changed it is `old` itself, so that
/// a repeated build is the same to the last byte.
pub fn advance(
    old: &Ledger,
    catalogue: &Catalogue,
    cards: &[EntrySummary],
    now: Timestamp,
) -> Ledger {
    let mut new = old.clone();
    new.format = FORMAT;
    new.next_number = new.next_number.max(1);
    let mut change = shopfront_model::answers::Change {
        since: old.last_change.at,
        at: Some(now),
        ..Default::default()
    };
    let mut present = BTreeSet::new();
    for (snippet, card) in catalogue
        .snippets
        .iter()
        .zip(cards)
        .filter(|(snippet, _)| !snippet.is_withdrawn())
    {
        let key = ledger_key(snippet);
        match new.entries.get_mut(&key) {
            Some(entry) if entry.listed => {
                if entry.version != card.version {
                    entry.note(
                        now,
                        What::Release {
                            from: entry.version.clone(),
                            to: card.version.clone(),
                        },
                    );
                    change.updated.push(LedgerUpdated {
                        entry: key.clone(),
                        from: entry.version.clone(),
                        to: card.version.clone(),
                    });
                }
                if entry.snippet != snippet.digest {
                    entry.note(now, What::Listing);
                }
                if entry.version != card.version || entry.snippet != snippet.digest {
                    entry.changed_at = now;
                }
                entry.version.clone_from(&card.version);
                entry.snippet.clone_from(&snippet.digest);
                entry.offered = card.offered;
            }
            Some(entry) => {
                // It comes back: its number and the day it was first listed are still its own.
                *entry = LedgerEntry {
                    changed_at: now,
                    version: card.version.clone(),
                    snippet: snippet.digest.clone(),
                    listed: true,
                    offered: card.offered,
                    ..entry.clone()
                };
                entry.note(now, What::Returned);
                change.added.push(key.clone());
            }
            None => {
                new.entries.insert(
                    key.clone(),
                    first_entry(new.next_number, snippet, card, now),
                );
                new.next_number += 1;
                change.added.push(key.clone());
            }
        }
        if catalogue.host_of(snippet).adapter.numbers_releases() {
            number_releases(&mut new, &key, card);
        }
        if let Some(entry) = new
            .entries
            .get_mut(&key)
            .filter(|_| !card.problems.iter().any(|it| it.code == taken_name::NAME))
        {
            keep_names(entry, catalogue, snippet, card, now);
        }
        present.insert(key);
    }
    let withdrawn: BTreeSet<String> = catalogue
        .snippets
        .iter()
        .filter(|it| it.is_withdrawn())
        .map(ledger_key)
        .collect();
    for (key, entry) in new
        .entries
        .iter_mut()
        .filter(|(key, entry)| entry.listed && !present.contains(*key))
    {
        entry.listed = false;
        entry.names.clear();
        entry.changed_at = now;
        let is_withdrawn = withdrawn.contains(key);
        entry.note(
            now,
            if is_withdrawn {
                What::Withdrawn
            } else {
                What::Removed
            },
        );
        let reason = if is_withdrawn {
            "withdrawn"
        } else {
            "taken out of the catalogue"
        };
        change.removed.push(LedgerRemoved {
            entry: key.clone(),
            reason: reason.to_owned(),
        });
    }
    if !(change.added.is_empty() && change.updated.is_empty() && change.removed.is_empty()) {
        new.last_change = change;
    }
    new
}

/// Gives every release of an entry that has none a number, the oldest first; the first of all has
/// that of its entry.
fn number_releases(ledger: &mut Ledger, key: &str, card: &EntrySummary) {
    let Some(entry) = ledger.entries.get_mut(key) else {
        return;
    };
    for offer in card.offers.iter().rev() {
        if entry.releases.contains_key(&offer.version) {
            continue;
        }
        let number = if entry.releases.is_empty() {
            entry.number
        } else {
            ledger.next_number
        };
        if number == ledger.next_number {
            ledger.next_number += 1;
        }
        entry.releases.insert(offer.version.clone(), number);
    }
}

/// Notes the names that the releases of an entry take since now; those that they take no more are
/// free again. Where no package could be read, nothing is known to be free.
fn keep_names(
    entry: &mut LedgerEntry,
    catalogue: &Catalogue,
    snippet: &Snippet,
    card: &EntrySummary,
    now: Timestamp,
) {
    let holder = taken_name::holder(catalogue.host_of(snippet), snippet, &card.offers, None);
    let names: BTreeSet<String> = holder
        .iter()
        .flat_map(|holder| &holder.names)
        .map(ClaimedName::words)
        .collect();
    if names.is_empty() {
        return;
    }
    entry.names.retain(|name, _| names.contains(name));
    for name in names {
        entry.names.entry(name).or_insert(now);
    }
}

fn first_entry(number: u64, snippet: &Snippet, card: &EntrySummary, now: Timestamp) -> LedgerEntry {
    LedgerEntry {
        number,
        releases: BTreeMap::new(),
        names: BTreeMap::new(),
        listed_at: now,
        changed_at: now,
        history: Vec::new(),
        version: card.version.clone(),
        snippet: snippet.digest.clone(),
        listed: true,
        offered: card.offered,
    }
}
