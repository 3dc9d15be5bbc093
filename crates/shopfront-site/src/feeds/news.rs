//! What there is to tell: that a plugin is listed, that a release is out.

use std::cmp::Reverse;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::language::Language;
use crate::language::Said;
use crate::merge::{Entry, Store, ledger_key};
use shopfront_model::answers::Release;

/// One thing that happened.
pub(super) struct News<'s> {
    /// A `tag:` address (RFC 4151), the same for ever and in every feed.
    pub(super) id: String,
    pub(super) title: String,
    pub(super) at: Timestamp,
    /// The page that tells more.
    pub(super) page: String,
    /// `listing` or `release`.
    pub(super) kind: &'static str,
    pub(super) summary: Option<&'s str>,
    pub(super) author: Option<&'s str>,
}

/// Returns the news that the entry was listed; `None` if it never was.
pub(super) fn listing<'s>(
    store: &'s Store<'_>,
    words: &Language,
    entry: Entry<'s>,
) -> Option<News<'s>> {
    let listed_at = store
        .ledger
        .entries
        .get(&ledger_key(entry.snippet))?
        .listed_at;
    let title = listed(words, &entry.snippet.body.display_name, &store.file.title);
    Some(News {
        id: tag(store, entry, None)?,
        title,
        at: listed_at,
        kind: "listing",
        ..blank(store, entry)
    })
}

/// Returns the news of `release`; `None` if its date is unknown.
pub(super) fn release<'s>(
    store: &'s Store<'_>,
    words: &Language,
    entry: Entry<'s>,
    release: &Release,
) -> Option<News<'s>> {
    // A release whose files were all deleted can not be had.
    if release.files.is_empty() {
        return None;
    }
    let news = of_version(store, entry, &release.version, release.released_at?)?;
    if !release.yanked {
        return Some(news);
    }
    let named = [
        ("name", Said::Text(&entry.snippet.body.display_name)),
        ("version", Said::Text(&release.version)),
    ];
    Some(News {
        title: words.say("feed_yanked", &named),
        ..news
    })
}

/// Returns the news of the newest release of the entry.
pub(super) fn newest_release<'s>(store: &'s Store<'_>, entry: Entry<'s>) -> Option<News<'s>> {
    of_version(
        store,
        entry,
        entry.card.version.as_deref()?,
        entry.card.released_at?,
    )
}

/// The words for a listing of the plugin `name` in the store that is called `store`.
pub(super) fn listed(words: &Language, name: &str, store: &str) -> String {
    words.say(
        "feed_listed",
        &[("name", Said::Text(name)), ("store", Said::Text(store))],
    )
}

/// The newest first; what happened at one moment is told in the order of its ids.
pub(super) fn sort(news: &mut [News<'_>]) {
    news.sort_by(|a, b| (Reverse(a.at), &a.id).cmp(&(Reverse(b.at), &b.id)));
}

fn of_version<'s>(
    store: &'s Store<'_>,
    entry: Entry<'s>,
    version: &str,
    at: Timestamp,
) -> Option<News<'s>> {
    // RFC 3339 knows no year before 0, and no registry is so old that it could mean it.
    if at < Timestamp::UNIX_EPOCH {
        return None;
    }
    let title = format!("{} {version}", entry.snippet.body.display_name);
    Some(News {
        id: tag(store, entry, Some(version))?,
        title,
        at,
        kind: "release",
        ..blank(store, entry)
    })
}

fn blank<'s>(store: &Store<'_>, entry: Entry<'s>) -> News<'s> {
    let body = &entry.snippet.body;
    News {
        id: String::new(),
        title: String::new(),
        at: store.generated_at,
        page: format!(
            "{}{}/{}/",
            store.file.url, entry.snippet.host, entry.snippet.id
        ),
        kind: "",
        summary: Some(&body.display_description),
        author: Some(&body.author),
    }
}

/// What RFC 4151 lets stand in the specific part as it is.
pub(super) const KEPT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The name of a piece of news. Its date is that of the listing, when the address of the store was
/// its own.
fn tag(store: &Store<'_>, entry: Entry<'_>, version: Option<&str>) -> Option<String> {
    let snippet = entry.snippet;
    let date = store
        .ledger
        .entries
        .get(&ledger_key(snippet))?
        .listed_at
        .to_zoned(TimeZone::UTC)
        .date();
    let authority = authority(&store.file.url);
    let tag = format!(
        "tag:{authority},{date}:{}/{}/{}",
        store.file.id, snippet.host, snippet.id
    );
    Some(match version {
        Some(version) => format!("{tag}/{}", utf8_percent_encode(version, KEPT)),
        None => tag,
    })
}

/// The name of the store's machine; of an address in brackets, the letters that a tag may hold.
pub(super) fn authority(url: &str) -> String {
    let url = url::Url::parse(url).ok();
    let host = url
        .as_ref()
        .and_then(|it| it.host_str())
        .unwrap_or("localhost");
    host.trim_matches(['[', ']']).replace(':', "-")
}
