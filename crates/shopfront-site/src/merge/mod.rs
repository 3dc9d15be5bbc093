//! From what people wrote and what registries said to a [`Store`]: one card an entry, complete, and
//! nothing filled in later.

mod card;
mod regressions;
mod lagging;
mod left_out;
mod listed;
mod history;
mod name_conflicts;
mod upstream;

pub use card::{EntrySummary, Problem, Stale, card, problems_of_host, shown_plain, with_problems};
pub use history::advance;
pub use lagging::{Lagging, lagging};
pub use left_out::left_out;
pub use listed::Listed;
pub use name_conflicts::mark_name_conflicts;
pub use regressions::{Regression, regressions};
pub use upstream::{
    ForeignEntry, Offered, UpstreamBudget, UpstreamEntry, UpstreamSchemas, UpstreamStore,
    read as read_upstream,
};

use std::collections::BTreeMap;

use jiff::Timestamp;

use shopfront_model::adapter::HostVersions;
use shopfront_model::answers::Ledger;
use shopfront_model::catalogue::{Catalogue, Host, Snippet, StoreFile};
use shopfront_text::names::HostId;

/// All that is published, but for what only one page needs: releases and long texts are read for
/// one entry at a time.
pub struct Store<'c> {
    /// The settings of the store.
    pub file: &'c StoreFile,
    /// Hosts and snippets.
    pub catalogue: &'c Catalogue,
    /// The versions of every host.
    pub versions: BTreeMap<HostId, HostVersions>,
    /// One for each snippet, in the order of the catalogue.
    pub cards: Vec<EntrySummary>,
    /// The other stores, in the order of `store.json`.
    pub upstreams: Vec<UpstreamStore>,
    /// Problems that are of no entry.
    pub problems: Vec<Problem>,
    /// The past, this build included.
    pub ledger: Ledger,
    /// The time of the newest answer.
    pub generated_at: Timestamp,
}

/// A snippet with its host and its card.
#[derive(Clone, Copy)]
pub struct Entry<'s> {
    /// Host.
    pub host: &'s Host,
    /// The snippet.
    pub snippet: &'s Snippet,
    /// Card.
    pub card: &'s EntrySummary,
}

impl Store<'_> {
    /// Every entry, tombstones too, sorted by host, then id.
    pub fn all(&self) -> impl Iterator<Item = Entry<'_>> {
        self.catalogue
            .snippets
            .iter()
            .zip(&self.cards)
            .map(|(snippet, card)| Entry {
                host: self.catalogue.host_of(snippet),
                snippet,
                card,
            })
    }

    /// The entry at `position` of [`Catalogue::snippets`].
    pub fn at(&self, position: usize) -> Entry<'_> {
        let snippet = &self.catalogue.snippets[position];
        Entry {
            host: self.catalogue.host_of(snippet),
            snippet,
            card: &self.cards[position],
        }
    }

    /// Every entry that is listed.
    pub fn listed(&self) -> impl Iterator<Item = Entry<'_>> {
        self.all().filter(|entry| !entry.snippet.is_withdrawn())
    }

    /// The listed entries of one host.
    pub(crate) fn listed_of(&self, host: &HostId) -> impl Iterator<Item = Entry<'_>> {
        self.listed()
            .filter(move |entry| entry.snippet.host == *host)
    }

    /// The entries of other stores that this one does not have itself.
    pub fn foreign(&self) -> impl Iterator<Item = (&UpstreamStore, &UpstreamEntry)> {
        self.upstreams
            .iter()
            .flat_map(|store| store.entries.iter().map(move |entry| (store, entry)))
    }

    /// Number of entries on the pages: a host that this store does not have has no page, and no
    /// listing.
    pub fn shown(&self) -> usize {
        let has_page = |entry: &UpstreamEntry| {
            self.catalogue
                .hosts
                .keys()
                .any(|host| host.as_str() == entry.said.host)
        };
        self.listed().count() + self.foreign().filter(|(_, entry)| has_page(entry)).count()
    }

    /// The index of the entry `id` of `host` in [`Catalogue::snippets`].
    pub fn position(&self, host: &HostId, id: &str) -> Option<usize> {
        let key = |snippet: &Snippet| (snippet.host.clone(), snippet.id.clone());
        self.catalogue
            .snippets
            .binary_search_by_key(&(host.clone(), id.to_owned()), key)
            .ok()
    }
}

/// The key of an entry in the ledger: `host/id`.
pub(crate) fn ledger_key(snippet: &Snippet) -> String {
    format!("{}/{}", snippet.host, snippet.id)
}
