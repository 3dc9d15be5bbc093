//! The catalogue at one revision, with the files of entries that are invalid.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

use super::{Catalogue, Snippet, StoreFile, entry_of};
use shopfront_text::names::HostId;

/// What names an entry: its host and its id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EntryKey {
    /// The host.
    pub host: HostId,
    /// The id.
    pub id: String,
}

impl EntryKey {
    /// The entry `id` of `host`.
    pub fn new(host: &str, id: &str) -> EntryKey {
        EntryKey {
            host: HostId::new(host),
            id: id.to_owned(),
        }
    }

    /// The key of `snippet`.
    pub fn of(snippet: &Snippet) -> EntryKey {
        EntryKey {
            host: snippet.host.clone(),
            id: snippet.id.clone(),
        }
    }
}

impl fmt::Display for EntryKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}", self.host, self.id)
    }
}

/// The catalogue at one revision.
pub struct CatalogueSnapshot<'c> {
    /// The settings of the store, when they are sound.
    pub store: Option<&'c StoreFile>,
    /// The entries that are valid.
    pub catalogue: &'c Catalogue,
    /// The file of every entry, sound or not.
    pub entries: BTreeMap<EntryKey, String>,
    /// The files that differ from the other revision, by path, as far as they are JSON.
    pub documents: BTreeMap<String, Value>,
}

impl<'c> CatalogueSnapshot<'c> {
    /// The sound entry called `key`.
    pub fn snippet(&self, key: &EntryKey) -> Option<&'c Snippet> {
        let of_host = self.catalogue.of_host(&key.host);
        let at = of_host.partition_point(|it| it.id < key.id);
        of_host.get(at).filter(|it| it.id == key.id)
    }

    /// Whether the entry called `key` is a tombstone, as far as its file can be read.
    pub fn is_withdrawn(&self, key: &EntryKey) -> bool {
        match (self.snippet(key), self.document(key)) {
            (Some(snippet), _) => snippet.is_withdrawn(),
            (None, Some(document)) => {
                document.pointer("/lifecycle/state").and_then(Value::as_str) == Some("withdrawn")
            }
            (None, None) => false,
        }
    }

    /// The document of the entry called `key`, when it differs from the other revision and is JSON.
    pub fn document(&self, key: &EntryKey) -> Option<&Value> {
        self.documents.get(self.entries.get(key)?)
    }

    /// The entries that say that they were called `key` before, those included whose files are JSON
    /// and not sound.
    pub fn renamed_to(&self, key: &EntryKey) -> Vec<EntryKey> {
        let names_it = |snippet: &&Snippet| snippet.body.formerly.contains(&key.id);
        let mut renamed_to: Vec<EntryKey> = self
            .catalogue
            .of_host(&key.host)
            .iter()
            .filter(names_it)
            .map(EntryKey::of)
            .collect();
        for (path, document) in &self.documents {
            let Some((host, id)) = entry_of(path).filter(|(host, _)| *host == key.host.as_str())
            else {
                continue;
            };
            let other = EntryKey::new(host, id);
            let formerly = document.get("formerly").and_then(Value::as_array);
            if self.snippet(&other).is_none()
                && formerly.is_some_and(|ids| ids.iter().any(|id| id.as_str() == Some(&key.id)))
            {
                renamed_to.push(other);
            }
        }
        renamed_to
    }
}
