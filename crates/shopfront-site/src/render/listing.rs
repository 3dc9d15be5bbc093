//! The front page, and the pages that list a host's entries.

use minijinja::Value;
use minijinja::value::Serde;
use rayon::prelude::*;
use serde::Serialize;

use super::common::Common;
use super::context::{CardContext, HostBrief};
use super::paging::{Paging, page_path};
use super::templates::Templates;
use super::topic_pages::TopicBrief;
use super::topics::Topic;
use crate::artifact::{Artifact, Sink};
use crate::language::Said;
use crate::merge::{Entry, Listed, Store, UpstreamEntry, UpstreamStore};
use shopfront_diagnostics::error::Error;
use shopfront_model::catalogue::Host;

/// Maximum number of entries on one page.
pub(super) const PAGE: usize = 200;
/// Maximum number of entries on the front page of each list.
const NEWEST: usize = 12;
/// Maximum number of categories and keywords on the front page; those with the most entries.
const TOPICS: usize = 24;

#[derive(Serialize)]
struct Counts {
    plugins: usize,
    hosts: usize,
    releases: usize,
}

/// The front page.
pub(super) fn front(
    store: &Store<'_>,
    templates: &Templates,
    common: &Common<'_>,
    sink: &dyn Sink,
) -> Result<(), Error> {
    let mut by_release: Vec<Entry<'_>> = store
        .listed()
        .filter(|entry| entry.card.version.is_some() && entry.card.released_at.is_some())
        .collect();
    by_release.sort_by_key(|entry| {
        (
            std::cmp::Reverse(entry.card.released_at),
            &entry.snippet.host,
            &entry.snippet.id,
        )
    });
    let listed = store.newest_entries_first().into_iter();
    let by_listing: Vec<Entry<'_>> = listed
        .filter_map(|it| {
            if let Listed::Local(entry) = it {
                Some(entry)
            } else {
                None
            }
        })
        .collect();
    let cards = |entries: &[Entry<'_>]| -> Value {
        let cards: Vec<CardContext<'_>> = entries
            .iter()
            .take(NEWEST)
            .map(|entry| CardContext::of(store, *entry))
            .collect();
        Value::from(Serde(cards))
    };
    let counts = Counts {
        plugins: store.shown(),
        hosts: store.catalogue.hosts.len(),
        releases: store.listed().map(|entry| entry.card.release_count).sum(),
    };
    let largest = |kind, topics: &[Topic<'_>]| {
        let mut sorted: Vec<&Topic<'_>> = topics.iter().collect();
        sorted.sort_by_key(|topic| (std::cmp::Reverse(topic.items.len()), &topic.slug));
        let briefs: Vec<TopicBrief<'_>> = sorted
            .into_iter()
            .take(TOPICS)
            .map(|topic| TopicBrief::of(kind, topic))
            .collect();
        Value::from(Serde(briefs))
    };
    let (categories, keywords) = (
        largest("categories", &common.topics.categories),
        largest("keywords", &common.topics.keywords),
    );
    let own = vec![
        ("categories", categories),
        ("keywords", keywords),
        ("counts", Value::from(Serde(counts))),
        ("newly_released", cards(&by_release)),
        ("newly_listed", cards(&by_listing)),
    ];
    let context = common.context("", &store.file.title, &store.file.description, own);
    sink.put(Artifact::new(
        "index.html",
        templates.page("index.html", context)?,
    ))
}

/// The listing of every host, in pages of [`PAGE`].
pub(super) fn hosts(
    store: &Store<'_>,
    templates: &Templates,
    common: &Common<'_>,
    sink: &dyn Sink,
) -> Result<(), Error> {
    store
        .catalogue
        .hosts
        .values()
        .try_for_each(|host| listing(store, host, templates, common, sink))
}

/// Returns the row of an entry in listings; `host_title` is that of its host.
pub(super) fn card<'s>(
    store: &'s Store<'_>,
    listed: Listed<'s>,
    host_title: &'s str,
) -> CardContext<'s> {
    match listed {
        Listed::Local(entry) => CardContext::of(store, entry),
        Listed::Upstream(upstream, entry) => foreign_card(upstream, entry, host_title),
    }
}

fn listing(
    store: &Store<'_>,
    host: &Host,
    templates: &Templates,
    common: &Common<'_>,
    sink: &dyn Sink,
) -> Result<(), Error> {
    let mut items = store.everything();
    items.retain(|listed| listed.key().0 == host.id.as_str());
    items.sort_by_cached_key(Listed::name);
    let brief = Value::from(Serde(HostBrief::of(store, host)));
    let count = items.len().div_ceil(PAGE).max(1);
    let base = format!("{}/", host.id);
    let render = |number: usize| -> Result<(), Error> {
        let shown = items.iter().skip((number - 1) * PAGE).take(PAGE);
        let cards: Vec<CardContext<'_>> = shown
            .map(|listed| card(store, *listed, &host.body.title))
            .collect();
        let paging = Paging::of(&base, number, count);
        let path = page_path(&base, number);
        let said = [
            ("host", Said::Text(&host.body.title)),
            (
                "number",
                Said::Number(u64::try_from(number).unwrap_or_default()),
            ),
        ];
        let title = common.title(
            if number == 1 {
                "plugins_for"
            } else {
                "plugins_for_page"
            },
            &said,
        );
        let own = vec![
            ("host", brief.clone()),
            (
                "categories",
                Value::from(Serde(category_links(common, Some(host)))),
            ),
            ("cards", Value::from(Serde(cards))),
            ("paging", Value::from(Serde(paging))),
        ];
        let context = common.context(&path, &title, &host.body.description, own);
        sink.put(Artifact::new(
            format!("{path}index.html"),
            templates.page("host.html", context)?,
        ))
    };
    (1..=count).into_par_iter().try_for_each(render)
}

/// The categories of `host`, or of all hosts, with how many entries of it each has.
pub(super) fn category_links<'c>(
    common: &'c Common<'_>,
    host: Option<&Host>,
) -> Vec<TopicBrief<'c>> {
    let of_host = |topic: &Topic<'_>| {
        topic
            .items
            .iter()
            .filter(|(_, of)| host.is_none_or(|host| host.id == of.id))
            .count()
    };
    let counted = common
        .topics
        .categories
        .iter()
        .map(|topic| TopicBrief::counted("categories", topic, of_host(topic)));
    counted.filter(|brief| brief.count > 0).collect()
}

/// An entry of another store in a listing.
fn foreign_card<'s>(
    upstream: &'s UpstreamStore,
    entry: &'s UpstreamEntry,
    host_title: &'s str,
) -> CardContext<'s> {
    let said = &entry.said;
    CardContext {
        host: &said.host,
        host_title,
        id: &said.id,
        display_name: &said.display_name,
        display_description: &said.display_description,
        author: &said.author,
        version: said.version.as_deref(),
        released_at: said.released_at.map(|it| it.to_string()),
        listed_at: None,
        marks: Listed::Upstream(upstream, entry).marks(),
        is_without_release: said.version.is_none() && said.released_at.is_none(),
        path: said.page.clone(),
        store_title: Some(&upstream.title),
        icon: None,
    }
}
