//! Catalogue at one revision, with the files of invalid entries.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

use super::{Catalogue, Snippet, StoreFile, entry_of};
use shopfront_text::names::HostId;

/// Key of an entry: its host and its id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EntryKey {
    /// Host of the entry.
    pub host: HostId,
    /// Id of the entry.
    pub id: String,
}

impl EntryKey {
    /// Returns the key of the entry `id` of `host`.
    pub fn new(host: &str, id: &str) -> EntryKey {
        EntryKey {
            host: HostId::new(host),
            id: id.to_owned(),
        }
    }

    /// Returns the key of `snippet`.
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

/// The file of every entry of `catalogue`, of those at `paths`, in their order: of several files for one id the one that
/// [`CatalogueSnapshot::snippet`] gives, else the first. `duplicate-id` refuses the others.
pub fn files_of_entries<'p>(
    catalogue: &Catalogue,
    paths: impl Iterator<Item = &'p str>,
) -> BTreeMap<EntryKey, String> {
    let mut files = BTreeMap::new();
    for path in paths {
        let Some((host, id)) = entry_of(path) else {
            continue;
        };
        files
            .entry(EntryKey::new(host, id))
            .or_insert_with(|| path.to_owned());
    }
    // Sorted by id, then path: of one id the first comes last here.
    files.extend(
        catalogue
            .snippets
            .iter()
            .rev()
            .map(|snippet| (EntryKey::of(snippet), snippet.path.clone())),
    );
    files
}

/// The catalogue at one revision.
pub struct CatalogueSnapshot<'c> {
    /// Settings of the store, if valid.
    pub store: Option<&'c StoreFile>,
    /// Valid entries.
    pub catalogue: &'c Catalogue,
    /// The file of every entry, sound or not; of one that has several, see [`files_of_entries`].
    pub entries: BTreeMap<EntryKey, String>,
    /// Files that differ from the other revision and are JSON, by path.
    pub documents: BTreeMap<String, Value>,
}

impl<'c> CatalogueSnapshot<'c> {
    /// Returns the valid entry with the key `key`.
    pub fn snippet(&self, key: &EntryKey) -> Option<&'c Snippet> {
        let of_host = self.catalogue.of_host(&key.host);
        let at = of_host.partition_point(|it| it.id < key.id);
        of_host.get(at).filter(|it| it.id == key.id)
    }

    /// Returns `true` if the readable part of the entry's file declares a tombstone.
    pub fn is_withdrawn(&self, key: &EntryKey) -> bool {
        match (self.snippet(key), self.document(key)) {
            (Some(snippet), _) => snippet.is_withdrawn(),
            (None, Some(document)) => {
                document.pointer("/lifecycle/state").and_then(Value::as_str) == Some("withdrawn")
            }
            (None, None) => false,
        }
    }

    /// Returns the document of the entry with the key `key` if it differs from the other revision
    /// and is JSON.
    pub fn document(&self, key: &EntryKey) -> Option<&Value> {
        self.documents.get(self.entries.get(key)?)
    }

    /// Returns the entries that declare `key` as a former id. Invalid entries are included if
    /// their files are JSON.
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
