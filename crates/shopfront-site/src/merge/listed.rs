//! What is listed: the entries of this store and of the others, and what both say alike.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{Entry, Store, UpstreamEntry, UpstreamStore, ledger_key};
use shopfront_model::answers::Ledger;

/// An entry of this store, or of another one.
#[derive(Clone, Copy)]
pub enum Listed<'s> {
    /// Of this store.
    Local(Entry<'s>),
    /// Of another one.
    Upstream(&'s UpstreamStore, &'s UpstreamEntry),
}

impl Store<'_> {
    /// Every listed entry of this store and of the others, sorted by host, then id.
    pub fn everything(&self) -> Vec<Listed<'_>> {
        let mut all: Vec<Listed<'_>> = self.listed().map(Listed::Local).collect();
        all.extend(
            self.foreign()
                .map(|(upstream, entry)| Listed::Upstream(upstream, entry)),
        );
        all.sort_by(|a, b| a.key().cmp(&b.key()));
        all
    }

    /// The same, the newest release first; those without one last.
    pub(crate) fn newest_first(&self) -> Vec<Listed<'_>> {
        let mut all = self.everything();
        all.sort_by_cached_key(|listed| Reverse(listed.released_at()));
        all
    }

    /// The same, the newest entry first. Many come with one build: of these, one of each host in
    /// turn.
    pub(crate) fn newest_entries_first(&self) -> Vec<Listed<'_>> {
        let mut turns: BTreeMap<(Option<Timestamp>, &str), usize> = BTreeMap::new();
        let mut placed = Vec::new();
        for listed in self.everything() {
            let listed_at = listed.listed_at(&self.ledger);
            let turn = turns.entry((listed_at, listed.key().0)).or_default();
            *turn += 1;
            placed.push(((Reverse(listed_at), *turn), listed));
        }
        placed.sort_by_key(|(place, _)| *place);
        placed.into_iter().map(|(_, listed)| listed).collect()
    }
}

impl<'s> Listed<'s> {
    /// Host and id.
    pub fn key(&self) -> (&'s str, &'s str) {
        match self {
            Listed::Local(entry) => (entry.snippet.host.as_str(), &entry.snippet.id),
            Listed::Upstream(_, entry) => (&entry.said.host, &entry.said.id),
        }
    }

    /// What lists by name are sorted by: its name, then its id.
    pub fn name(&self) -> (String, &'s str) {
        match self {
            Listed::Local(entry) => (
                entry.snippet.body.display_name.to_lowercase(),
                &entry.snippet.id,
            ),
            Listed::Upstream(_, entry) => (entry.said.display_name.to_lowercase(), &entry.said.id),
        }
    }

    /// Author.
    pub fn author(&self) -> &'s str {
        match self {
            Listed::Local(entry) => &entry.snippet.body.author,
            Listed::Upstream(_, entry) => &entry.said.author,
        }
    }

    /// The ids of its categories.
    pub fn categories(&self) -> Vec<&'s str> {
        match self {
            Listed::Local(entry) => entry
                .snippet
                .body
                .categories
                .iter()
                .map(String::as_str)
                .collect(),
            Listed::Upstream(_, entry) => {
                entry.said.categories.iter().map(String::as_str).collect()
            }
        }
    }

    /// Words that people search for.
    pub fn keywords(&self) -> Vec<&'s str> {
        match self {
            Listed::Local(entry) => entry
                .snippet
                .body
                .keywords
                .iter()
                .map(String::as_str)
                .collect(),
            Listed::Upstream(_, entry) => entry.said.keywords.iter().map(String::as_str).collect(),
        }
    }

    /// What a reader must know before a click, the gravest first: `gone`, the state of its
    /// lifecycle, `prerelease`.
    pub fn marks(&self) -> Vec<&'s str> {
        let Entry { snippet, card, .. } = match self {
            Listed::Local(entry) => entry,
            Listed::Upstream(_, entry) => return entry.said.state().into_iter().collect(),
        };
        let state = snippet.body.lifecycle.as_ref().map(|it| it.state.as_str());
        let marks = [
            card.gone.then_some("gone"),
            card.quarantined.then_some("quarantined"),
            state,
            card.is_yanked().then_some("yanked"),
            card.is_prerelease().then_some("prerelease"),
        ];
        marks.into_iter().flatten().collect()
    }

    /// When it was listed here, or in its own store.
    pub fn listed_at(&self, ledger: &Ledger) -> Option<Timestamp> {
        match self {
            Listed::Local(entry) => ledger
                .entries
                .get(&ledger_key(entry.snippet))
                .map(|it| it.listed_at),
            Listed::Upstream(_, entry) => entry.said.listed_at,
        }
    }

    /// When its newest release was uploaded.
    pub fn released_at(&self) -> Option<Timestamp> {
        match self {
            Listed::Local(entry) => entry
                .card
                .released_at
                .filter(|_| entry.card.last_version.is_some()),
            Listed::Upstream(_, entry) => entry.said.released_at,
        }
    }
}
