//! The documents of the whole store: `plugins.json` and `api/v1/`.

use jiff::Timestamp;
use serde::Serialize;

use super::formats::{Head, IndexEntry, PluginEntry, page_address};
use super::{listed, whole};
use crate::artifact::Sink;
use crate::merge::{Entry, ForeignEntry, Listed, Problem, Store};
use shopfront_check::schema::Schemas;
use shopfront_diagnostics::error::Error;
use shopfront_json::SpannedJson;
use shopfront_model::answers::Change;
use shopfront_model::registry_rules;

pub(super) fn plugins(store: &Store<'_>, schemas: &Schemas, sink: &dyn Sink) -> Result<(), Error> {
    let make = |listed: &Listed<'_>| match listed {
        Listed::Local(entry) => SpannedJson::compact(&PluginEntry::of(store, *entry)),
        Listed::Upstream(_, entry) => SpannedJson::compact(&entry.published()),
    };
    listed(
        "plugins.json",
        ("api-plugins.schema.json", "plugins"),
        &Head::of(store),
        &store.everything(),
        &make,
        schemas,
        sink,
    )
}

pub(super) fn index(store: &Store<'_>, schemas: &Schemas, sink: &dyn Sink) -> Result<(), Error> {
    let make = |listed: &Listed<'_>| match listed {
        Listed::Local(entry) => SpannedJson::compact(&index_entry(store, *entry)),
        Listed::Upstream(_, entry) => SpannedJson::compact(&foreign_index_entry(&entry.said)),
    };
    listed(
        "api/v1/index.json",
        ("api-index.schema.json", "plugins"),
        &Head::of(store),
        &store.everything(),
        &make,
        schemas,
        sink,
    )
}

fn index_entry<'s>(store: &'s Store<'_>, entry: Entry<'s>) -> IndexEntry<'s> {
    let Entry { snippet, card, .. } = entry;
    IndexEntry {
        host: snippet.host.as_str(),
        id: &snippet.id,
        display_name: &snippet.body.display_name,
        display_description: &snippet.body.display_description,
        author: &snippet.body.author,
        version: card.version.as_deref(),
        released_at: card.released_at.filter(|_| card.version.is_some()),
        lifecycle: snippet.body.lifecycle.as_ref().map(|it| it.state.as_str()),
        page: page_address(store, entry),
    }
}

/// The same of what another store published.
fn foreign_index_entry(entry: &ForeignEntry) -> IndexEntry<'_> {
    IndexEntry {
        host: &entry.host,
        id: &entry.id,
        display_name: &entry.display_name,
        display_description: &entry.display_description,
        author: &entry.author,
        version: entry.version.as_deref(),
        released_at: entry.released_at,
        lifecycle: entry.state(),
        page: entry.page.clone(),
    }
}

#[derive(Serialize)]
struct Health<'s> {
    #[serde(flatten)]
    head: Head<'s>,
    status: &'static str,
    counts: Counts,
    sources: Vec<Source>,
}

#[derive(Serialize)]
struct Counts {
    hosts: usize,
    plugins: usize,
    releases: usize,
    problems: usize,
}

/// Freshness of the answers of one registry.
#[derive(Serialize)]
pub struct Source {
    registry: &'static str,
    asked: usize,
    answered: usize,
    from_cache: usize,
    oldest_answer_at: Option<Timestamp>,
}

pub(super) fn health(store: &Store<'_>, schemas: &Schemas, sink: &dyn Sink) -> Result<(), Error> {
    let Freshness { status, sources } = freshness(store);
    let counts = Counts {
        hosts: store.catalogue.hosts.len(),
        plugins: store.listed().count() + store.foreign().count(),
        releases: store.listed().map(|entry| entry.card.release_count).sum(),
        problems: all_problems(store).count(),
    };
    whole(
        "api/v1/health.json",
        "api-health.schema.json",
        &Health {
            head: Head::of(store),
            status,
            counts,
            sources,
        },
        schemas,
        sink,
    )
}

/// Freshness of all answers, in total and per registry.
pub struct Freshness {
    /// `ok`, `stale` or `degraded`.
    pub status: &'static str,
    /// The registries that entries come from.
    pub sources: Vec<Source>,
}

/// Returns the freshness of `store`.
pub(crate) fn freshness(store: &Store<'_>) -> Freshness {
    let sources: Vec<Source> = registry_rules::ALL
        .iter()
        .filter_map(|registry| source(store, registry.id()))
        .collect();
    let status = if sources.iter().any(|it| it.answered < it.asked) {
        "degraded"
    } else if sources.iter().any(|it| it.from_cache > 0) || !store.problems.is_empty() {
        "stale"
    } else {
        "ok"
    };
    Freshness { status, sources }
}

fn source(store: &Store<'_>, registry: &'static str) -> Option<Source> {
    let of_registry: Vec<Entry<'_>> = store
        .listed()
        .filter(|entry| entry.snippet.source.registry == registry)
        .collect();
    let answered = of_registry
        .iter()
        .filter(|entry| entry.card.checked_at.is_some());
    (!of_registry.is_empty()).then(|| Source {
        registry,
        asked: of_registry.len(),
        answered: answered.clone().count(),
        from_cache: of_registry
            .iter()
            .filter(|entry| entry.card.stale.is_some())
            .count(),
        oldest_answer_at: answered.filter_map(|entry| entry.card.checked_at).min(),
    })
}

#[derive(Serialize)]
struct Problems<'s> {
    #[serde(flatten)]
    head: Head<'s>,
    problems: Vec<ProblemRow<'s>>,
}

#[derive(Serialize)]
struct ProblemRow<'s> {
    host: Option<&'s str>,
    id: Option<&'s str>,
    code: &'static str,
    severity: String,
    message: &'s str,
    since: Option<Timestamp>,
}

/// Returns the problems of all entries and of the store.
pub fn all_problems<'s>(store: &'s Store<'_>) -> impl Iterator<Item = &'s Problem> {
    store
        .problems
        .iter()
        .chain(store.listed().flat_map(|entry| &entry.card.problems))
}

fn row(problem: &Problem) -> ProblemRow<'_> {
    ProblemRow {
        host: problem.host.as_deref(),
        id: problem.id.as_deref(),
        code: problem.code,
        severity: problem.severity.to_string(),
        message: &problem.message,
        since: problem.since,
    }
}

pub(super) fn problems(store: &Store<'_>, schemas: &Schemas, sink: &dyn Sink) -> Result<(), Error> {
    let problems = all_problems(store).map(row).collect();
    whole(
        "api/v1/problems.json",
        "api-problems.schema.json",
        &Problems {
            head: Head::of(store),
            problems,
        },
        schemas,
        sink,
    )
}

#[derive(Serialize)]
struct Changes<'s> {
    #[serde(flatten)]
    head: Head<'s>,
    since: Option<Timestamp>,
    added: Vec<Added<'s>>,
    updated: Vec<Updated<'s>>,
    removed: Vec<Removed<'s>>,
}

#[derive(Serialize)]
struct Added<'s> {
    host: &'s str,
    id: &'s str,
}

#[derive(Serialize)]
struct Updated<'s> {
    host: &'s str,
    id: &'s str,
    from: Option<&'s str>,
    to: Option<&'s str>,
}

#[derive(Serialize)]
struct Removed<'s> {
    host: &'s str,
    id: &'s str,
    reason: &'s str,
}

pub(super) fn changes(store: &Store<'_>, schemas: &Schemas, sink: &dyn Sink) -> Result<(), Error> {
    let Change {
        since,
        added,
        updated,
        removed,
        ..
    } = &store.ledger.last_change;
    let changes = Changes {
        head: Head::of(store),
        since: *since,
        added: added
            .iter()
            .map(|entry| parts(entry))
            .map(|(host, id)| Added { host, id })
            .collect(),
        updated: updated
            .iter()
            .map(|it| (parts(&it.entry), it))
            .map(|((host, id), it)| Updated {
                host,
                id,
                from: it.from.as_deref(),
                to: it.to.as_deref(),
            })
            .collect(),
        removed: removed
            .iter()
            .map(|it| (parts(&it.entry), it))
            .map(|((host, id), it)| Removed {
                host,
                id,
                reason: &it.reason,
            })
            .collect(),
    };
    whole(
        "api/v1/changes.json",
        "api-changes.schema.json",
        &changes,
        schemas,
        sink,
    )
}

/// The host and the id in a key of the ledger.
fn parts(entry: &str) -> (&str, &str) {
    entry.split_once('/').unwrap_or((entry, ""))
}
