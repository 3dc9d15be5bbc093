//! What is searched: every entry of this store and of the others, and what is known of each, whoever lists it.

use std::cmp::Reverse;

use jiff::Timestamp;
use serde::Serialize;

use crate::merge::{Entry, Store, UpstreamEntry, UpstreamStore, ledger_key};

/// An own entry, or one of another store.
#[derive(Clone, Copy)]
pub(crate) enum Document<'s> {
    /// Of this store.
    Own(Entry<'s>),
    /// Of another one.
    Foreign(&'s UpstreamStore, &'s UpstreamEntry),
}

/// What is known of an entry.
#[derive(Default, Serialize)]
pub(super) struct Seen<'s> {
    /// The other store that lists it.
    pub(super) store: Option<&'s str>,
    pub(super) host: &'s str,
    pub(super) id: &'s str,
    pub(super) name: &'s str,
    pub(super) description: &'s str,
    pub(super) author: &'s str,
    pub(super) project: &'s str,
    pub(super) module: &'s str,
    pub(super) formerly: Vec<&'s str>,
    pub(super) keywords: Vec<&'s str>,
    pub(super) categories: Vec<&'s str>,
    pub(super) version: Option<&'s str>,
    pub(super) released_at: Option<Timestamp>,
    pub(super) listed_at: Option<Timestamp>,
    pub(super) license: Option<&'s str>,
    pub(super) majors: Vec<String>,
    pub(super) state: Option<&'s str>,
    /// What a reader must know before a click: `gone`, `yanked`.
    pub(super) marks: Vec<&'static str>,
    /// Facets of the kind of its host, each with the value of this entry.
    pub(super) traits: &'s [(&'static str, &'static str)],
    pub(super) icon: Option<&'s str>,
    /// Its page, where that is in another store.
    pub(super) page: Option<&'s str>,
}

/// Every listed entry, sorted by host, then id.
pub(crate) fn all<'s>(store: &'s Store<'_>) -> Vec<Document<'s>> {
    let mut all: Vec<Document<'s>> = store.listed().map(Document::Own).collect();
    all.extend(store.foreign().map(|(upstream, entry)| Document::Foreign(upstream, entry)));
    all.sort_by(|a, b| a.key().cmp(&b.key()));
    all
}

/// Every listed entry, the newest release first; those without one last.
pub(crate) fn newest_first<'s>(store: &'s Store<'_>) -> Vec<Document<'s>> {
    let mut all = all(store);
    all.sort_by_cached_key(|document| Reverse(document.released_at()));
    all
}

impl<'s> Document<'s> {
    /// Its host and its id.
    pub(crate) fn key(&self) -> (&'s str, &'s str) {
        match self {
            Document::Own(entry) => (entry.snippet.host.as_str(), &entry.snippet.id),
            Document::Foreign(_, entry) => (&entry.host, &entry.id),
        }
    }

    /// What people call it, for sorting.
    pub(crate) fn name(&self) -> String {
        match self {
            Document::Own(entry) => entry.snippet.body.display_name.to_lowercase(),
            Document::Foreign(_, entry) => entry.published["display_name"].as_str().unwrap_or_default().to_lowercase(),
        }
    }

    fn released_at(&self) -> Option<Timestamp> {
        match self {
            Document::Own(entry) => entry.card.released_at.filter(|_| entry.card.last_version.is_some()),
            Document::Foreign(_, entry) => entry.published["released_at"].as_str().and_then(|it| it.parse().ok()),
        }
    }

    /// When it was listed here, or in its own store.
    pub(super) fn listed_at(&self, store: &Store<'_>) -> Option<Timestamp> {
        match self {
            Document::Own(entry) => store.ledger.entries.get(&ledger_key(entry.snippet)).map(|it| it.listed_at),
            Document::Foreign(_, entry) => entry.published["listed_at"].as_str().and_then(|it| it.parse().ok()),
        }
    }

    /// The ids of its categories.
    pub(crate) fn categories(&self) -> Vec<&'s str> {
        match self {
            Document::Own(entry) => entry.snippet.body.categories.iter().map(String::as_str).collect(),
            Document::Foreign(_, entry) => strings(&entry.published["categories"]),
        }
    }

    pub(super) fn seen(&self, store: &Store<'_>) -> Seen<'s> {
        let seen = match *self {
            Document::Own(entry) => own(entry),
            Document::Foreign(upstream, entry) => foreign(upstream, entry),
        };
        Seen { released_at: self.released_at(), listed_at: self.listed_at(store), categories: self.categories(), ..seen }
    }
}

fn own<'s>(entry: Entry<'s>) -> Seen<'s> {
    let Entry { snippet, card, .. } = entry;
    let body = &snippet.body;
    let marks =
        [("gone", card.gone), ("quarantined", card.quarantined), ("yanked", card.is_yanked()), ("prerelease", card.is_prerelease())];
    Seen {
        host: snippet.host.as_str(),
        id: &snippet.id,
        name: &body.display_name,
        description: &body.display_description,
        author: &body.author,
        project: &snippet.source.name,
        module: body.module_name.as_deref().unwrap_or_default(),
        formerly: body.formerly.iter().map(String::as_str).collect(),
        keywords: body.keywords.iter().map(String::as_str).collect(),
        version: card.last_version.as_deref(),
        license: card.license.as_deref(),
        majors: card.compatible.iter().map(|(major, _)| major.to_string()).collect(),
        state: body.lifecycle.as_ref().map(|it| it.state.as_str()),
        marks: marks.iter().filter(|(_, holds)| *holds).map(|(mark, _)| *mark).collect(),
        traits: &card.traits,
        icon: body.icon.as_deref(),
        ..Seen::default()
    }
}

fn foreign<'s>(upstream: &'s UpstreamStore, entry: &'s UpstreamEntry) -> Seen<'s> {
    let published = &entry.published;
    let text = |key: &str| published[key].as_str();
    Seen {
        store: Some(&upstream.id),
        host: &entry.host,
        id: &entry.id,
        name: text("display_name").unwrap_or_default(),
        description: text("display_description").unwrap_or_default(),
        author: text("author").unwrap_or_default(),
        project: published["source"]["name"].as_str().unwrap_or_default(),
        module: text("module_name").unwrap_or_default(),
        keywords: strings(&published["keywords"]),
        version: text("version"),
        license: text("license"),
        majors: published["compatible"].as_object().into_iter().flatten().map(|(major, _)| major.clone()).collect(),
        state: published["lifecycle"]["state"].as_str(),
        page: text("page"),
        ..Seen::default()
    }
}

fn strings(list: &serde_json::Value) -> Vec<&str> {
    list.as_array().into_iter().flatten().filter_map(serde_json::Value::as_str).collect()
}
