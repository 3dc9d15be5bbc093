//! What templates are given: the words of a page, nothing of the program.

use serde::Serialize;

use crate::emit::image_path;
use crate::merge::{Entry, Listed, Store, ledger_key};
use shopfront_model::catalogue::{Host, Link, StoreFile};
use shopfront_text::names::HostId;

/// The store, on every page.
#[derive(Serialize)]
pub(super) struct StoreContext<'s> {
    id: &'s str,
    title: &'s str,
    description: &'s str,
    url: &'s str,
    language: &'s str,
    repository: Option<&'s str>,
    accent: Option<&'s str>,
    logo: Option<String>,
    links: &'s [Link],
    footer: Option<&'s str>,
    contact: Option<&'s str>,
    image_cards: bool,
}

impl<'s> StoreContext<'s> {
    pub(super) fn of(file: &'s StoreFile) -> StoreContext<'s> {
        StoreContext {
            id: &file.id,
            title: &file.title,
            description: &file.description,
            url: &file.url,
            language: &file.language,
            repository: file.repository.as_deref(),
            accent: file.accent.as_deref(),
            logo: file.logo.as_deref().map(logo_path),
            links: &file.links,
            footer: file.footer.as_deref(),
            contact: file.contact.as_deref(),
            image_cards: file.image_cards,
        }
    }
}

/// A host, on every page.
#[derive(Serialize)]
pub(super) struct HostBrief<'s> {
    id: &'s str,
    kind: &'s str,
    title: &'s str,
    description: &'s str,
    homepage: Option<&'s str>,
    icon: Option<String>,
    path: String,
    count: usize,
    /// The turn of the hue of its mark, which no other host has as long as there are enough.
    hue: usize,
    categories: &'s [shopfront_model::catalogue::Category],
    file: Option<String>,
    /// The page that says how to point such a host at the store.
    guide: Option<String>,
}

impl<'s> HostBrief<'s> {
    pub(super) fn of(store: &Store<'_>, host: &'s Host) -> HostBrief<'s> {
        let own_file = host
            .adapter
            .store_path()
            .map(|path| format!("{}{}/{path}", store.file.url, host.id));
        HostBrief {
            id: host.id.as_str(),
            kind: host.kind.name,
            title: &host.body.title,
            description: &host.body.description,
            homepage: host.body.homepage.as_deref(),
            icon: host
                .body
                .icon
                .as_deref()
                .map(|icon| image_path(&host.id, &format!("host/{icon}"))),
            path: format!("{}/", host.id),
            count: store.listed_of(&host.id).count()
                + store
                    .foreign()
                    .filter(|(_, entry)| entry.said.host == host.id.as_str())
                    .count(),
            hue: super::identicon::hue_among(
                host.id.as_str(),
                store.catalogue.hosts.keys().map(HostId::as_str),
            ),
            categories: &host.body.categories,
            file: own_file,
            guide: super::guides::of_kind(host.kind.name),
        }
    }
}

/// An entry in a listing.
#[derive(Serialize)]
pub(super) struct CardContext<'s> {
    pub(super) host: &'s str,
    pub(super) host_title: &'s str,
    pub(super) id: &'s str,
    pub(super) display_name: &'s str,
    pub(super) display_description: &'s str,
    pub(super) author: &'s str,
    pub(super) version: Option<&'s str>,
    pub(super) released_at: Option<String>,
    pub(super) listed_at: Option<String>,
    pub(super) marks: Vec<&'s str>,
    /// `true` if there is neither a release nor the date of one.
    pub(super) is_without_release: bool,
    pub(super) path: String,
    pub(super) store_title: Option<&'s str>,
    pub(super) icon: Option<String>,
}

/// Every mark that an entry can have.
const MARKS: &[&str] = &[
    "gone",
    "quarantined",
    "deprecated",
    "abandoned",
    "adoptable",
    "withdrawn",
    "yanked",
    "prerelease",
];

impl<'s> CardContext<'s> {
    pub(super) fn of(store: &'s Store<'_>, entry: Entry<'s>) -> CardContext<'s> {
        let Entry {
            host,
            snippet,
            card,
        } = entry;
        let listed_at = store
            .ledger
            .entries
            .get(&ledger_key(snippet))
            .map(|it| it.listed_at);
        CardContext {
            host: snippet.host.as_str(),
            host_title: &host.body.title,
            id: &snippet.id,
            display_name: &snippet.body.display_name,
            display_description: &snippet.body.display_description,
            author: &snippet.body.author,
            version: card.last_version.as_deref(),
            released_at: card.released_at.map(|at| at.to_string()),
            listed_at: listed_at.map(|at| at.to_string()),
            marks: Listed::Local(entry).marks(),
            is_without_release: card.last_version.is_none() && card.released_at.is_none(),
            path: entry_path(entry),
            store_title: None,
            icon: snippet
                .body
                .icon
                .as_deref()
                .map(|icon| image_path(&host.id, &format!("{}/{icon}", snippet.id))),
        }
    }
}

impl CardContext<'static> {
    /// One with everything that a card can have and no words of an entry: what a script copies,
    /// fills and takes from.
    pub(super) fn model() -> CardContext<'static> {
        CardContext {
            host: "",
            host_title: "",
            id: "",
            display_name: "",
            display_description: "",
            author: "",
            version: Some(""),
            released_at: Some(jiff::Timestamp::UNIX_EPOCH.to_string()),
            listed_at: None,
            marks: MARKS.to_vec(),
            is_without_release: true,
            path: "plugins/".to_owned(),
            store_title: Some(""),
            icon: None,
        }
    }
}

/// The path of an entry's page below the published folder.
pub(super) fn entry_path(entry: Entry<'_>) -> String {
    format!("{}/{}/", entry.snippet.host, entry.snippet.id)
}

/// Returns the published path of the logo.
pub(super) fn logo_path(logo: &str) -> String {
    format!(
        "assets/logo.{}",
        logo.rsplit('.').next().unwrap_or_default()
    )
}
