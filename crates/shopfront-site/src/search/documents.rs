//! What is searched: every entry of this store and of the others, and what is known of each,
//! whoever lists it.

use jiff::Timestamp;
use serde::Serialize;

use crate::merge::{Entry, Listed, Store, UpstreamEntry, UpstreamStore};

/// Facts about an entry.
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
    /// What a reader must know before a click.
    pub(super) marks: Vec<&'s str>,
    /// Facets of the kind of its host, each with the value of this entry.
    pub(super) traits: &'s [(&'static str, &'static str)],
    pub(super) icon: Option<&'s str>,
    /// Page, where that is in another store.
    pub(super) page: Option<&'s str>,
}

/// Returns the facts about `listed`.
pub(super) fn seen<'s>(store: &Store<'_>, listed: Listed<'s>) -> Seen<'s> {
    let seen = match listed {
        Listed::Local(entry) => own(entry),
        Listed::Upstream(upstream, entry) => foreign(upstream, entry),
    };
    Seen {
        released_at: listed.released_at(),
        listed_at: listed.listed_at(&store.ledger),
        marks: listed.marks(),
        categories: listed.categories(),
        keywords: listed.keywords(),
        ..seen
    }
}

fn own<'s>(entry: Entry<'s>) -> Seen<'s> {
    let Entry { snippet, card, .. } = entry;
    let body = &snippet.body;
    Seen {
        host: snippet.host.as_str(),
        id: &snippet.id,
        name: &body.display_name,
        description: &body.display_description,
        author: &body.author,
        project: &snippet.source.name,
        module: body.module_name.as_deref().unwrap_or_default(),
        formerly: body.formerly.iter().map(String::as_str).collect(),
        version: card.last_version.as_deref(),
        license: card.license.as_deref(),
        majors: card
            .compatible
            .iter()
            .map(|(major, _)| major.clone())
            .collect(),
        state: body.lifecycle.as_ref().map(|it| it.state.as_str()),
        traits: &card.traits,
        icon: body.icon.as_deref(),
        ..Seen::default()
    }
}

fn foreign<'s>(upstream: &'s UpstreamStore, entry: &'s UpstreamEntry) -> Seen<'s> {
    let said = &entry.said;
    Seen {
        store: Some(&upstream.id),
        host: &said.host,
        id: &said.id,
        name: &said.display_name,
        description: &said.display_description,
        author: &said.author,
        project: &said.source.name,
        module: said.module_name.as_deref().unwrap_or_default(),
        version: said.version.as_deref(),
        license: said.license.as_deref(),
        majors: said.compatible.keys().cloned().collect(),
        state: said.state(),
        page: Some(&said.page),
        ..Seen::default()
    }
}
