//! What `check` and `diff` have in common: the catalogue as a revision has it, beside the one on disk.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::examine::{self, Workspace};
use crate::catalogue::{Catalogue, StoreFile};
use crate::change::{EntryKey, Side};
use crate::error::Error;
use crate::files::{self, Found, FoundKind};
use crate::git;
use crate::json;
use crate::load::{self, Loaded, MAX_SETTINGS};
use crate::merge::{self, Card};

/// The catalogue at a revision, and which files are others now.
pub(super) struct Since {
    /// The full name of the commit.
    pub(super) commit: String,
    /// The paths below `catalogue/` that differ from it.
    pub(super) changed: BTreeSet<String>,
    /// What it held.
    loaded: Loaded,
    files: Vec<Found>,
    documents: BTreeMap<String, Value>,
}

impl Since {
    /// Reads the catalogue at `revision`.
    ///
    /// # Errors
    /// When git fails, or knows no such revision.
    pub(super) fn read(workspace: &Workspace, revision: &str) -> Result<Since, Error> {
        let commit = git::commit(&workspace.root, revision)?;
        let changed = git::changed_since(&workspace.root, &commit, "catalogue")?;
        let most = u64::try_from(MAX_SETTINGS).unwrap_or(u64::MAX);
        let tree = git::tree(&workspace.root, &commit, "catalogue", &|path, length| path.ends_with(".json") && length <= most)?;
        // Images and files that are too large have no bytes: what is wrong with the past is nobody's fault today.
        let read = |path: &str, _: usize| Ok(tree.bytes.get(path).cloned().unwrap_or_default());
        let loaded = load::run(&tree.files, load::MAX_FILES, &read, &workspace.schemas)?;
        let parsed = |path: &String| Some((path.clone(), document(tree.bytes.get(path)?)?));
        let documents = changed.iter().filter_map(parsed).collect();
        Ok(Since { commit, changed, loaded, files: tree.files, documents })
    }

    /// The catalogue at that revision, with what `workspace` has answers for.
    ///
    /// # Errors
    /// When a saved answer can not be read.
    pub(super) fn before(&self, workspace: &Workspace) -> Result<Side<'_>, Error> {
        Ok(Side {
            store: self.loaded.store.as_ref(),
            catalogue: &self.loaded.catalogue,
            entries: entries(&self.files),
            documents: self.documents.clone(),
            cards: cards(workspace, &self.loaded.catalogue, &self.changed)?,
        })
    }

    /// The catalogue on disk, which was read as `store` and `catalogue`.
    ///
    /// # Errors
    /// When the world fails.
    pub(super) fn after<'c>(
        &self,
        workspace: &Workspace,
        store: Option<&'c StoreFile>,
        catalogue: &'c Catalogue,
    ) -> Result<Side<'c>, Error> {
        let listed = files::walk(&workspace.root, "catalogue", load::MAX_FILES)?;
        let mut documents = BTreeMap::new();
        for path in self.changed.iter().filter(|path| path.ends_with(".json")) {
            let bytes = files::read_plain(&workspace.root, path, MAX_SETTINGS)?;
            if let Some(document) = bytes.as_deref().and_then(document) {
                documents.insert(path.clone(), document);
            }
        }
        Ok(Side { store, catalogue, entries: entries(&listed), documents, cards: cards(workspace, catalogue, &self.changed)? })
    }
}

fn document(bytes: &[u8]) -> Option<Value> {
    if bytes.len() > MAX_SETTINGS {
        return None;
    }
    Some(json::parse(std::str::from_utf8(bytes).ok()?).ok()?.into_value())
}

/// The file of every entry; of two with one id the last one, which `duplicate-id` refuses anyway.
fn entries(files: &[Found]) -> BTreeMap<EntryKey, String> {
    let plain = files.iter().filter(|found| found.kind == FoundKind::File);
    plain.filter_map(|found| load::entry_of(&found.path).map(|(host, id)| (EntryKey::new(host, id), found.path.clone()))).collect()
}

/// The cards of the entries whose files are among `changed`, by path.
fn cards(workspace: &Workspace, catalogue: &Catalogue, changed: &BTreeSet<String>) -> Result<BTreeMap<String, Card>, Error> {
    let versions = examine::host_versions(workspace, catalogue)?;
    let mut cards = BTreeMap::new();
    for snippet in catalogue.snippets.iter().filter(|it| changed.contains(&it.path)) {
        let answer = workspace.shelf.answer(&snippet.source)?;
        let host = catalogue.host_of(snippet);
        cards.insert(snippet.path.clone(), merge::card(host, &versions[&host.id], snippet, answer.as_ref()));
    }
    Ok(cards)
}
