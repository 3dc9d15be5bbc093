//! Atom feeds (RFC 4287): new plugins and new releases, of the store, of a host, of a category and
//! of one plugin.

mod atom;
mod foreign;
mod news;

use std::collections::BTreeMap;

use atom::Feed;
use news::News;

use crate::artifact::{Artifact, Sink};
use crate::language::Language;
use crate::merge::{Entry, Store};
use shopfront_diagnostics::error::Error;
use shopfront_model::answers::Answer;
use shopfront_text::names::HostId;

/// Maximum number of news in one feed: who looks once a week misses none of a large store.
const MOST: usize = 50;
/// Maximum number of upstream news of each kind.
const MOST_FOREIGN: usize = 12;

/// Writes the feeds of the store, of its hosts and of its categories.
///
/// # Errors
/// When one can not be kept.
pub fn run(store: &Store<'_>, words: &Language, sink: &dyn Sink) -> Result<(), Error> {
    let all: Vec<Entry<'_>> = store.listed().collect();
    let title = store.file.title.clone();
    let place = Place {
        path: String::new(),
        title,
        subtitle: &store.file.description,
    };
    sink.put(shared(
        store,
        &place,
        own_news(store, words, &all),
        foreign_news(store, words, None),
    ))?;
    for (id, host) in &store.catalogue.hosts {
        let entries: Vec<Entry<'_>> = store.listed_of(id).collect();
        let title = format!("{} · {}", host.body.title, store.file.title);
        let place = Place {
            path: format!("{id}/"),
            title,
            subtitle: &host.body.description,
        };
        sink.put(shared(
            store,
            &place,
            own_news(store, words, &entries),
            foreign_news(store, words, Some(id)),
        ))?;
    }
    for (id, (category, entries)) in by_category(&all) {
        let title = format!("{category} · {}", store.file.title);
        let place = Place {
            path: format!("categories/{id}/"),
            title,
            subtitle: &store.file.description,
        };
        sink.put(shared(
            store,
            &place,
            own_news(store, words, &entries),
            FeedItems::default(),
        ))?;
    }
    Ok(())
}

/// The feed of one plugin: when it was listed, and its newest releases.
pub fn of_entry(
    store: &Store<'_>,
    words: &Language,
    entry: Entry<'_>,
    answer: Option<&Answer>,
) -> Artifact {
    let body = &entry.snippet.body;
    let place = Place {
        path: format!("{}/{}/", entry.snippet.host, entry.snippet.id),
        title: format!(
            "{} · {}",
            words.plugin_title(&body.display_name, &entry.host.body.title),
            store.file.title
        ),
        subtitle: &body.display_description,
    };
    let releases = answer
        .and_then(|it| it.project.as_ref())
        .map(|it| it.releases.as_slice())
        .unwrap_or_default();
    // The newest come last; more than these are in no feed.
    let newest = releases
        .iter()
        .rev()
        .filter_map(|release| news::release(store, words, entry, release))
        .take(MOST);
    let mut told: Vec<News<'_>> = newest
        .chain(news::listing(store, words, entry))
        .map(|it| News {
            summary: None,
            author: None,
            ..it
        })
        .collect();
    news::sort(&mut told);
    told.truncate(MOST);
    written(store, &place, &body.author, &told)
}

/// The entries of every category that has some, with its title. Two hosts may use one name: it is
/// one topic then.
fn by_category<'s>(all: &[Entry<'s>]) -> BTreeMap<&'s str, (&'s str, Vec<Entry<'s>>)> {
    let mut categories: BTreeMap<&str, (&str, Vec<Entry<'_>>)> = BTreeMap::new();
    for entry in all {
        for id in &entry.snippet.body.categories {
            let declared = entry.host.body.categories.iter().find(|it| it.id == *id);
            let title = declared.map_or(id.as_str(), |it| it.title.as_str());
            categories
                .entry(id)
                .or_insert_with(|| (title, Vec::new()))
                .1
                .push(*entry);
        }
    }
    categories
}

/// Subject of a feed: the page at `path` below the store.
struct Place<'s> {
    path: String,
    title: String,
    subtitle: &'s str,
}

/// What there is to tell of many plugins: of each when it was listed, and its newest release.
#[derive(Default)]
struct FeedItems<'s> {
    listings: Vec<News<'s>>,
    releases: Vec<News<'s>>,
}

fn own_news<'s>(store: &'s Store<'_>, words: &Language, entries: &[Entry<'s>]) -> FeedItems<'s> {
    FeedItems {
        listings: entries
            .iter()
            .filter_map(|entry| news::listing(store, words, *entry))
            .collect(),
        releases: entries
            .iter()
            .filter_map(|entry| news::newest_release(store, *entry))
            .collect(),
    }
}

/// The news of other stores, of `host` or of every host that this store has: who reads here wants
/// to hear of what is listed here, wherever it came from. But a feed is this store's own, so the
/// others get a part of it.
fn foreign_news<'s>(
    store: &'s Store<'_>,
    words: &Language,
    host: Option<&HostId>,
) -> FeedItems<'s> {
    let is_wanted = |id: &str| {
        store
            .catalogue
            .hosts
            .keys()
            .any(|known| known.as_str() == id && host.is_none_or(|host| host == known))
    };
    let all: Vec<_> = store
        .foreign()
        .filter(|(_, entry)| is_wanted(&entry.said.host))
        .collect();
    let newest = |mut told: Vec<News<'s>>| {
        news::sort(&mut told);
        told.truncate(MOST_FOREIGN);
        told
    };
    FeedItems {
        listings: newest(
            all.iter()
                .filter_map(|(upstream, entry)| foreign::listing(store, words, upstream, entry))
                .collect(),
        ),
        releases: newest(
            all.iter()
                .filter_map(|(upstream, entry)| foreign::release(store, upstream, entry))
                .collect(),
        ),
    }
}

/// A feed of many plugins.
fn shared<'s>(
    store: &Store<'_>,
    place: &Place<'_>,
    own: FeedItems<'s>,
    foreign: FeedItems<'s>,
) -> Artifact {
    let mut listings: Vec<News<'s>> = own.listings.into_iter().chain(foreign.listings).collect();
    let mut releases: Vec<News<'s>> = own.releases.into_iter().chain(foreign.releases).collect();
    news::sort(&mut listings);
    news::sort(&mut releases);
    // A store lists a hundred plugins in its first hour: neither kind of news may drown the other.
    releases.truncate(MOST - listings.len().min(MOST / 2));
    listings.truncate(MOST - releases.len());
    listings.append(&mut releases);
    news::sort(&mut listings);
    written(store, place, &store.file.title, &listings)
}

fn written(store: &Store<'_>, place: &Place<'_>, author: &str, news: &[News<'_>]) -> Artifact {
    let path = format!("{}feed.xml", place.path);
    let feed = Feed {
        address: &format!("{}{path}", store.file.url),
        page: &format!("{}{}", store.file.url, place.path),
        language: &store.file.language,
        title: &place.title,
        subtitle: place.subtitle,
        author,
        // Without news it is as old as what it would have told.
        updated: news.first().map_or(store.generated_at, |it| it.at),
    };
    Artifact::new(path, atom::document(&feed, news))
}
