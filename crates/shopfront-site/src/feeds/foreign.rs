//! The news of other stores: in their own words and at their own times, under names that only this
//! store gives.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use percent_encoding::utf8_percent_encode;

use super::news::{self, KEPT, News};
use crate::language::Language;
use crate::merge::{Store, UpstreamEntry, UpstreamStore};

/// Returns the news that `upstream` lists the entry.
pub(super) fn listing<'s>(
    store: &Store<'_>,
    words: &Language,
    upstream: &UpstreamStore,
    entry: &'s UpstreamEntry,
) -> Option<News<'s>> {
    let at = time(store, entry.said.listed_at)?;
    let title = news::listed(words, &entry.said.display_name, &upstream.title);
    Some(News {
        id: tag(store, upstream, entry, None)?,
        title,
        at,
        kind: "listing",
        ..blank(entry)
    })
}

/// Returns the news of the newest release of the entry.
pub(super) fn release<'s>(
    store: &Store<'_>,
    upstream: &UpstreamStore,
    entry: &'s UpstreamEntry,
) -> Option<News<'s>> {
    let version = entry.said.version.as_deref()?;
    let at = time(store, entry.said.released_at)?;
    let title = format!("{} {version}", entry.said.display_name);
    Some(News {
        id: tag(store, upstream, entry, Some(version))?,
        title,
        at,
        kind: "release",
        ..blank(entry)
    })
}

fn blank(entry: &UpstreamEntry) -> News<'_> {
    News {
        id: String::new(),
        title: String::new(),
        at: Timestamp::UNIX_EPOCH,
        page: entry.said.page.clone(),
        kind: "",
        summary: Some(&entry.said.display_description),
        author: Some(&entry.said.author),
    }
}

/// The name of a piece of news, which no own entry can have: a `+` is in no id. It keeps as long as
/// the other store says the same of when it listed the entry.
fn tag(
    store: &Store<'_>,
    upstream: &UpstreamStore,
    entry: &UpstreamEntry,
    version: Option<&str>,
) -> Option<String> {
    let date = time(store, entry.said.listed_at)?
        .to_zoned(TimeZone::UTC)
        .date();
    let authority = news::authority(&store.file.url);
    let tag = format!(
        "tag:{authority},{date}:{}+{}/{}/{}",
        store.file.id, upstream.id, entry.said.host, entry.said.id
    );
    Some(match version {
        Some(version) => format!("{tag}/{}", utf8_percent_encode(version, KEPT)),
        None => tag,
    })
}

/// A time that another store tells. One that has not come yet would stand above all other news
/// until it has.
fn time(store: &Store<'_>, told: Option<Timestamp>) -> Option<Timestamp> {
    told.filter(|at| (Timestamp::UNIX_EPOCH..=store.generated_at).contains(at))
}
