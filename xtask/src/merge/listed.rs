//! What is listed: the entries of this store and of the others, and what both say alike.

use std::cmp::Reverse;

use jiff::Timestamp;

use super::{Entry, Store, UpstreamEntry, UpstreamStore};

/// An entry of this store, or of another one.
#[derive(Clone, Copy)]
pub enum Listed<'s> {
    /// Of this store.
    Own(Entry<'s>),
    /// Of another one.
    Foreign(&'s UpstreamStore, &'s UpstreamEntry),
}

impl Store<'_> {
    /// Every listed entry of this store and of the others, sorted by host, then id.
    pub fn everything(&self) -> Vec<Listed<'_>> {
        let mut all: Vec<Listed<'_>> = self.listed().map(Listed::Own).collect();
        all.extend(self.foreign().map(|(upstream, entry)| Listed::Foreign(upstream, entry)));
        all.sort_by(|a, b| a.key().cmp(&b.key()));
        all
    }

    /// The same, the newest release first; those without one last.
    pub fn newest_first(&self) -> Vec<Listed<'_>> {
        let mut all = self.everything();
        all.sort_by_cached_key(|listed| Reverse(listed.released_at()));
        all
    }
}

impl<'s> Listed<'s> {
    /// Its host and its id.
    pub fn key(&self) -> (&'s str, &'s str) {
        match self {
            Listed::Own(entry) => (entry.snippet.host.as_str(), &entry.snippet.id),
            Listed::Foreign(_, entry) => (&entry.said.host, &entry.said.id),
        }
    }

    /// What lists by name are sorted by: its name, then its id.
    pub fn name(&self) -> (String, &'s str) {
        match self {
            Listed::Own(entry) => (entry.snippet.body.display_name.to_lowercase(), &entry.snippet.id),
            Listed::Foreign(_, entry) => (entry.said.display_name.to_lowercase(), &entry.said.id),
        }
    }

    /// Who makes it.
    pub fn author(&self) -> &'s str {
        match self {
            Listed::Own(entry) => &entry.snippet.body.author,
            Listed::Foreign(_, entry) => &entry.said.author,
        }
    }

    /// The ids of its categories.
    pub fn categories(&self) -> Vec<&'s str> {
        match self {
            Listed::Own(entry) => entry.snippet.body.categories.iter().map(String::as_str).collect(),
            Listed::Foreign(_, entry) => entry.said.categories.iter().map(String::as_str).collect(),
        }
    }

    /// Words that people search for.
    pub fn keywords(&self) -> Vec<&'s str> {
        match self {
            Listed::Own(entry) => entry.snippet.body.keywords.iter().map(String::as_str).collect(),
            Listed::Foreign(_, entry) => entry.said.keywords.iter().map(String::as_str).collect(),
        }
    }

    /// When its newest release was uploaded.
    pub fn released_at(&self) -> Option<Timestamp> {
        match self {
            Listed::Own(entry) => entry.card.released_at.filter(|_| entry.card.last_version.is_some()),
            Listed::Foreign(_, entry) => entry.said.released_at,
        }
    }
}
