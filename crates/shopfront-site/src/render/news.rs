//! What is new: the last change of the store, and the releases of the last months.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use minijinja::Value;
use minijinja::value::Serde;
use serde::Serialize;

use super::common::Common;
use super::context::{CardContext, entry_path};
use super::templates::Templates;
use crate::artifact::{Artifact, Sink};
use crate::merge::{Entry, Store};
use shopfront_diagnostics::error::Error;
use shopfront_text::names::HostId;

/// Maximum number of rows of each part of a change on the page; all are in `api/v1/changes.json`.
const MOST: usize = 60;
/// Maximum number of releases on the page.
const RELEASES: usize = 200;

/// The last build that changed something.
#[derive(Serialize)]
struct ChangeContext<'s> {
    since: Option<String>,
    at: Option<String>,
    added: Vec<Row<'s>>,
    updated: Vec<Row<'s>>,
    removed: Vec<Row<'s>>,
    more: usize,
}

#[derive(Serialize)]
struct Row<'s> {
    id: &'s str,
    name: &'s str,
    host_title: Option<&'s str>,
    /// Of its page, when there is one.
    path: Option<String>,
    icon: Option<String>,
    from: Option<&'s str>,
    to: Option<&'s str>,
    withdrawn: bool,
}

/// The releases of one month, the newest first.
#[derive(Serialize)]
struct Month<'s> {
    /// Any time of it.
    at: String,
    cards: Vec<CardContext<'s>>,
}

/// The page `new/`.
pub(super) fn page(
    store: &Store<'_>,
    templates: &Templates,
    common: &Common<'_>,
    sink: &dyn Sink,
) -> Result<(), Error> {
    let title = common.title("new_title", &[]);
    let lead = common.language.say("new_lead", &[]);
    let own = vec![
        ("change", Value::from(Serde(change(store)))),
        ("months", Value::from(Serde(months(store)))),
    ];
    sink.put(Artifact::new(
        "new/index.html",
        templates.page("new.html", common.context("new/", &title, &lead, own))?,
    ))
}

fn change<'s>(store: &'s Store<'_>) -> ChangeContext<'s> {
    let last = &store.ledger.last_change;
    let added = last
        .added
        .iter()
        .take(MOST)
        .map(|key| row(store, key))
        .collect();
    let updated = last.updated.iter().take(MOST);
    let updated = updated
        .map(|it| Row {
            from: it.from.as_deref(),
            to: it.to.as_deref(),
            ..row(store, &it.entry)
        })
        .collect();
    let removed = last
        .removed
        .iter()
        .take(MOST)
        .map(|it| Row {
            withdrawn: it.reason == "withdrawn",
            ..row(store, &it.entry)
        })
        .collect();
    let more = [last.added.len(), last.updated.len(), last.removed.len()]
        .iter()
        .map(|it| it.saturating_sub(MOST))
        .sum();
    let text = |at: Option<Timestamp>| at.map(|at| at.to_string());
    ChangeContext {
        since: text(last.since),
        at: text(last.at),
        added,
        updated,
        removed,
        more,
    }
}

/// The entry that the ledger calls `key`; one that is gone has its id alone.
fn row<'s>(store: &'s Store<'_>, key: &'s str) -> Row<'s> {
    let (host, id) = key.split_once('/').unwrap_or(("", key));
    let host = HostId::new(host);
    let host_title = store
        .catalogue
        .host(&host)
        .map(|host| host.body.title.as_str());
    let found = store
        .position(&host, id)
        .map(|index| (&store.catalogue.snippets[index], &store.cards[index]));
    let Some((snippet, card)) = found else {
        return Row {
            id,
            name: id,
            host_title,
            path: None,
            icon: None,
            from: None,
            to: None,
            withdrawn: false,
        };
    };
    let entry = Entry {
        host: store.catalogue.host_of(snippet),
        snippet,
        card,
    };
    let CardContext {
        display_name, icon, ..
    } = CardContext::of(store, entry);
    Row {
        id,
        name: display_name,
        host_title,
        path: Some(entry_path(entry)),
        icon,
        from: None,
        to: None,
        withdrawn: false,
    }
}

fn months<'s>(store: &'s Store<'_>) -> Vec<Month<'s>> {
    let mut entries: Vec<Entry<'s>> = store
        .listed()
        .filter(|it| it.card.version.is_some() && it.card.released_at.is_some())
        .collect();
    entries.sort_by_key(|entry| {
        (
            std::cmp::Reverse(entry.card.released_at),
            &entry.snippet.host,
            &entry.snippet.id,
        )
    });
    let month = |at: Timestamp| at.to_zoned(TimeZone::UTC).date().first_of_month();
    let mut months: Vec<(jiff::civil::Date, Month<'s>)> = Vec::new();
    for entry in entries.into_iter().take(RELEASES) {
        let Some(at) = entry.card.released_at else {
            continue;
        };
        if months.last().is_none_or(|(last, _)| *last != month(at)) {
            months.push((
                month(at),
                Month {
                    at: at.to_string(),
                    cards: Vec::new(),
                },
            ));
        }
        months
            .iter_mut()
            .last()
            .into_iter()
            .for_each(|(_, it)| it.cards.push(CardContext::of(store, entry)));
    }
    months.into_iter().map(|(_, month)| month).collect()
}
