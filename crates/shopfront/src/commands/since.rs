//! What `check` and `diff` have in common: the catalogue as a revision has it, beside the one on disk.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::examine::{self, Workspace};
use crate::answers::{Answer, ProjectKey};
use crate::catalogue::{Catalogue, Snippet, StoreFile};
use crate::change::{EntryKey, Side};
use crate::error::Error;
use crate::files::{self, Found, FoundKind};
use crate::git;
use crate::json;
use crate::load::{self, Loaded, MAX_SETTINGS};
use crate::merge::{self, Card};
use crate::shelf;

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

    /// The catalogue at that revision, with the answers that it had committed; where it had none, with those of `workspace`.
    ///
    /// # Errors
    /// When git fails, or a saved answer can not be read.
    pub(super) fn before(&self, workspace: &Workspace) -> Result<Side<'_>, Error> {
        let committed = self.committed_answers(workspace)?;
        let answer_of = |key: &ProjectKey| match committed.get(key) {
            Some(answer) => Ok(Some(answer.clone())),
            None => workspace.shelf.answer(key),
        };
        Ok(Side {
            store: self.loaded.store.as_ref(),
            catalogue: &self.loaded.catalogue,
            entries: entries(&self.files),
            documents: self.documents.clone(),
            cards: cards(&self.loaded.catalogue, &self.changed, &answer_of)?,
        })
    }

    /// The answers of that revision for the projects of what differs. One that can not be read is none: what is wrong with
    /// the past is nobody's fault today.
    fn committed_answers(&self, workspace: &Workspace) -> Result<BTreeMap<ProjectKey, Answer>, Error> {
        let catalogue = &self.loaded.catalogue;
        let hosts = catalogue.hosts.values().filter_map(|host| host.adapter.host_project());
        let sources = changed_snippets(catalogue, &self.changed).map(|snippet| snippet.source.clone());
        let wanted: BTreeMap<String, ProjectKey> = hosts.chain(sources).map(|key| (shelf::path_of(&key), key)).collect();
        let most = u64::try_from(shelf::MAX_ANSWER).unwrap_or(u64::MAX);
        let is_wanted = |path: &str, length: u64| length <= most && wanted.contains_key(path);
        let tree = git::tree(&workspace.root, &self.commit, "answers", &is_wanted)?;
        let read = |(path, key)| Some((key, serde_json::from_slice(tree.bytes.get(&path)?).ok()?));
        Ok(wanted.into_iter().filter_map(read).collect())
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
        let cards = cards(catalogue, &self.changed, &|key| workspace.shelf.answer(key))?;
        Ok(Side { store, catalogue, entries: entries(&listed), documents, cards })
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

fn changed_snippets<'c>(catalogue: &'c Catalogue, changed: &BTreeSet<String>) -> impl Iterator<Item = &'c Snippet> {
    catalogue.snippets.iter().filter(|it| changed.contains(&it.path))
}

/// The cards of the entries whose files are among `changed`, by path, given a way to the answer for a project.
fn cards(
    catalogue: &Catalogue,
    changed: &BTreeSet<String>,
    answer_of: &dyn Fn(&ProjectKey) -> Result<Option<Answer>, Error>,
) -> Result<BTreeMap<String, Card>, Error> {
    let versions = examine::host_versions_by(catalogue, answer_of)?;
    let mut cards = BTreeMap::new();
    for snippet in changed_snippets(catalogue, changed) {
        let answer = answer_of(&snippet.source)?;
        let host = catalogue.host_of(snippet);
        cards.insert(snippet.path.clone(), merge::card(host, &versions[&host.id], snippet, answer.as_ref()));
    }
    Ok(cards)
}
