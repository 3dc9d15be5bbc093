//! Comparison that `check` and `diff` share: the catalogue of a revision and the one on disk.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::examine::{self, Examined, Workspace};
use crate::answers_dir;
use crate::change::Side;
use crate::files;
use crate::git::{Repository, Scope, Tree};
use crate::report::{self, Texts};
use shopfront_check::load::{self, Loaded, MAX_SETTINGS};
use shopfront_check::load::{EntryKind, WalkEntry};
use shopfront_check::schema::Schemas;
use shopfront_diagnostics::Diagnostic;
use shopfront_diagnostics::error::Error;
use shopfront_json as json;
use shopfront_model::answers::{Answer, ProjectKey};
use shopfront_model::catalogue::EntryKey;
use shopfront_model::catalogue::{self, Catalogue, CatalogueSnapshot, Policy, Snippet, StoreFile};
use shopfront_site::merge::{self, EntrySummary};
use shopfront_text::counted;

/// Repository of a store, with the catalogue files that a sparse checkout omits.
pub(super) struct Past {
    repository: Repository,
    left_out: Tree,
}

impl Past {
    /// Opens the repository of `workspace`.
    ///
    /// # Errors
    /// Returns an error if git is missing or fails, or if the store is not in a repository.
    pub(super) fn open(workspace: &Workspace) -> Result<Past, Error> {
        let repository = Repository::open(&workspace.root)?;
        if repository.tracks(files::CACHE)? {
            // Whoever committed it would speak for registries.
            return Err(Error::new(format!(
                "`{}` is committed, and holds what registries are taken to have said",
                files::CACHE
            ))
            .help(format!(
                "take it out: `git rm -r --cached {}`",
                files::CACHE
            )));
        }
        let left_out = repository.left_out("catalogue")?;
        Ok(Past {
            repository,
            left_out,
        })
    }

    /// Reads the current catalogue like [`examine::files_only`], including the files that are not
    /// checked out.
    ///
    /// # Errors
    /// Returns the errors of [`examine::files_only`], and an error if this clone lacks the settings
    /// of the store or of a host.
    pub(super) fn examined(&self, workspace: &Workspace) -> Result<Examined, Error> {
        refuse_missing(
            self.left_out
                .missing
                .iter()
                .filter(|path| is_settings(path)),
        )?;
        let bytes = self.left_out.bytes.iter();
        examine::files_with(
            workspace,
            &bytes
                .map(|(path, bytes)| (path.clone(), Some(bytes.clone())))
                .collect(),
        )
    }

    /// The branch that is published, as the files of today say.
    ///
    /// # Errors
    /// When the settings of the store are there and can not be read.
    pub(super) fn branch(&self, workspace: &Workspace) -> Result<String, Error> {
        let on_disk = files::read_plain(&workspace.root, STORE, MAX_SETTINGS)?;
        let settings = on_disk
            .as_ref()
            .or_else(|| self.left_out.bytes.get(STORE))
            .and_then(|bytes| document(bytes));
        Ok(settings
            .as_ref()
            .and_then(|it| it["branch"].as_str())
            .unwrap_or("main")
            .to_owned())
    }

    /// The schemas that `commit` lays over those of the program, where they are others than those of today: a change is not judged
    /// by schemas that come with it.
    ///
    /// # Errors
    /// When git fails, this clone lacks them, or they are no schemas.
    pub(super) fn schemas(
        &self,
        workspace: &Workspace,
        commit: &str,
    ) -> Result<Option<Schemas>, Error> {
        const MOST: u64 = 1 << 20;
        let tree = self.repository.tree(commit, "schema", &|path, length| {
            path.ends_with(".json") && length <= MOST
        })?;
        refuse_missing(tree.missing.iter())?;
        let text = |(path, bytes): (String, Vec<u8>)| {
            Some((
                path.strip_prefix("schema/")?.to_owned(),
                String::from_utf8(bytes).ok()?,
            ))
        };
        let then: BTreeMap<String, String> = tree.bytes.into_iter().filter_map(text).collect();
        let mut now = files::texts(&workspace.root, "schema")?;
        now.retain(|path, _| path.ends_with(".json"));
        Ok(if then == now {
            None
        } else {
            Some(examine::schemas(then)?)
        })
    }

    /// The commit that `revision` names.
    ///
    /// # Errors
    /// Returns an error if the revision does not exist.
    pub(super) fn commit(&self, revision: &str) -> Result<String, Error> {
        self.repository.commit(revision)
    }

    /// Returns the merge base of this branch and `branch`.
    ///
    /// # Errors
    /// Returns an error if the branch does not exist, or the two have no common commit.
    pub(super) fn merge_base(&self, branch: &str) -> Result<String, Error> {
        self.repository.merge_base(branch)
    }

    /// Returns the files outside of the catalogue that differ from `commit`. Of saved answers, only
    /// committed ones count: this program wrote those on disk.
    ///
    /// # Errors
    /// Returns an error if git fails.
    pub(super) fn outside(&self, commit: &str) -> Result<BTreeSet<String>, Error> {
        self.repository
            .changed_since(commit, Scope::Outside("catalogue", "answers"))
    }

    /// Returns the texts of `found` that are not on disk.
    pub(super) fn texts(&self, found: &[Diagnostic]) -> Texts {
        let of = |path: &str| {
            Some((
                path.to_owned(),
                String::from_utf8(self.left_out.bytes.get(path)?.clone()).ok()?,
            ))
        };
        report::paths(found).into_iter().filter_map(of).collect()
    }

    /// Returns the warning about files whose contents this clone lacks.
    pub(super) fn told(&self) -> String {
        match self.left_out.missing.len() {
            0 => String::new(),
            many => format!(
                "warning: of {} that this clone lacks, only the names were looked at\n",
                counted(many, "file")
            ),
        }
    }
}

/// Refuses to compare if a partial clone lacks the files at `paths`.
fn refuse_missing<'p>(mut paths: impl Iterator<Item = &'p String>) -> Result<(), Error> {
    let Some(first) = paths.next() else {
        return Ok(());
    };
    let others = paths.count();
    let more = if others > 0 {
        format!(" and {} more", counted(others, "file"))
    } else {
        String::new()
    };
    Err(Error::new(format!(
        "this clone lacks `{first}`{more}: it is a partial one, and nothing is fetched here"
    ))
    .help("fetch what is missing: `git fetch --refetch --no-filter`"))
}

/// The settings of the store.
const STORE: &str = "catalogue/store.json";

fn is_settings(path: &str) -> bool {
    path == STORE || path.ends_with("/host.json")
}

/// Catalogue at a revision, and the files that changed since.
pub(super) struct Since<'p> {
    past: &'p Past,
    /// Full hash of the commit.
    pub(super) commit: String,
    /// Paths below `catalogue/` that differ from it.
    pub(super) changed: BTreeSet<String>,
    /// Catalogue of the revision.
    loaded: Loaded,
    files: Vec<WalkEntry>,
    documents: BTreeMap<String, Value>,
}

impl<'p> Since<'p> {
    /// Reads the catalogue at `commit`.
    ///
    /// # Errors
    /// Returns an error if git fails, or this clone lacks files that differ.
    pub(super) fn read(
        workspace: &Workspace,
        past: &'p Past,
        commit: String,
    ) -> Result<Since<'p>, Error> {
        let changed = past
            .repository
            .changed_since(&commit, Scope::Below("catalogue"))?;
        let most = u64::try_from(MAX_SETTINGS).unwrap_or(u64::MAX);
        let tree = past
            .repository
            .tree(&commit, "catalogue", &|path, length| {
                path.ends_with(".json") && length <= most
            })?;
        refuse_missing(
            tree.missing
                .iter()
                .chain(&past.left_out.missing)
                .filter(|path| is_settings(path) || changed.contains(*path)),
        )?;
        // Images and oversized files are read as empty: diagnostics of the past are not reported.
        let read = |path: &str, _: usize| Ok(tree.bytes.get(path).cloned().unwrap_or_default());
        let loaded = load::run(&tree.files, load::MAX_FILES, &read, &workspace.schemas)?;
        let parsed = |path: &String| Some((path.clone(), document(tree.bytes.get(path)?)?));
        let documents = changed.iter().filter_map(parsed).collect();
        Ok(Since {
            past,
            commit,
            changed,
            loaded,
            files: tree.files,
            documents,
        })
    }

    /// The rules of the store as they were: what differs does not choose its own.
    pub(super) fn policy(&self) -> Policy {
        self.loaded
            .store
            .as_ref()
            .map(|store| store.policy.clone())
            .unwrap_or_default()
    }

    /// The catalogue at that revision, with the answers that it had committed; where it had none, with those of `workspace`.
    ///
    /// # Errors
    /// Returns an error if git fails, or a saved answer cannot be read.
    pub(super) fn before(&self, workspace: &Workspace) -> Result<Side<'_>, Error> {
        let committed = self.committed_answers()?;
        let answer_of = |key: &ProjectKey| match committed.get(key) {
            Some(answer) => Ok(Some(answer.clone())),
            None => workspace.answers_dir.answer(key),
        };
        let snapshot = CatalogueSnapshot {
            store: self.loaded.store.as_ref(),
            catalogue: &self.loaded.catalogue,
            entries: entries(&self.loaded.catalogue, &self.files),
            documents: self.documents.clone(),
        };
        Ok(Side {
            snapshot,
            cards: cards(&self.loaded.catalogue, &self.changed, &answer_of)?,
        })
    }

    /// Returns the answers of that revision for the projects of changed snippets and of the hosts.
    /// An unreadable answer is ignored: diagnostics of the past are not reported.
    fn committed_answers(&self) -> Result<BTreeMap<ProjectKey, Answer>, Error> {
        let catalogue = &self.loaded.catalogue;
        let hosts = catalogue
            .hosts
            .values()
            .filter_map(|host| host.adapter.host_project());
        let sources =
            changed_snippets(catalogue, &self.changed).map(|snippet| snippet.source.clone());
        let wanted: BTreeMap<String, ProjectKey> = hosts
            .chain(sources)
            .map(|key| (answers_dir::path_of(&key), key))
            .collect();
        let most = u64::try_from(shopfront_model::answers::MAX_ANSWER).unwrap_or(u64::MAX);
        let is_wanted = |path: &str, length: u64| length <= most && wanted.contains_key(path);
        let tree = self
            .past
            .repository
            .tree(&self.commit, "answers", &is_wanted)?;
        let read = |(path, key)| Some((key, serde_json::from_slice(tree.bytes.get(&path)?).ok()?));
        Ok(wanted.into_iter().filter_map(read).collect())
    }

    /// Returns the current catalogue, which was read as `store` and `catalogue`.
    ///
    /// # Errors
    /// Returns an error if I/O fails.
    pub(super) fn after<'c>(
        &self,
        workspace: &Workspace,
        store: Option<&'c StoreFile>,
        catalogue: &'c Catalogue,
    ) -> Result<Side<'c>, Error> {
        let mut listed = files::walk(&workspace.root, "catalogue", load::MAX_FILES)?;
        listed.extend(self.past.left_out.files.iter().cloned());
        let mut documents = BTreeMap::new();
        for path in self.changed.iter().filter(|path| path.ends_with(".json")) {
            let on_disk = files::read_plain(&workspace.root, path, MAX_SETTINGS)?;
            let bytes = on_disk
                .as_ref()
                .or_else(|| self.past.left_out.bytes.get(path));
            if let Some(document) = bytes.and_then(|bytes| document(bytes)) {
                documents.insert(path.clone(), document);
            }
        }
        let cards = cards(catalogue, &self.changed, &|key| {
            workspace.answers_dir.answer(key)
        })?;
        listed.sort();
        let snapshot = CatalogueSnapshot {
            store,
            catalogue,
            entries: entries(catalogue, &listed),
            documents,
        };
        Ok(Side { snapshot, cards })
    }
}

fn document(bytes: &[u8]) -> Option<Value> {
    if bytes.len() > MAX_SETTINGS {
        return None;
    }
    Some(
        json::parse(std::str::from_utf8(bytes).ok()?)
            .ok()?
            .into_value(),
    )
}

fn entries(catalogue: &Catalogue, files: &[WalkEntry]) -> BTreeMap<EntryKey, String> {
    let plain = files.iter().filter(|found| found.kind == EntryKind::File);
    catalogue::files_of_entries(catalogue, plain.map(|found| found.path.as_str()))
}

fn changed_snippets<'c>(
    catalogue: &'c Catalogue,
    changed: &BTreeSet<String>,
) -> impl Iterator<Item = &'c Snippet> {
    catalogue
        .snippets
        .iter()
        .filter(|it| changed.contains(&it.path))
}

/// Returns the cards of the entries whose files are in `changed`, by path. `answer_of` returns the
/// answer for a project.
fn cards(
    catalogue: &Catalogue,
    changed: &BTreeSet<String>,
    answer_of: &dyn Fn(&ProjectKey) -> Result<Option<Answer>, Error>,
) -> Result<BTreeMap<String, EntrySummary>, Error> {
    let versions = examine::host_versions_by(catalogue, answer_of)?;
    let mut cards = BTreeMap::new();
    for snippet in changed_snippets(catalogue, changed) {
        let answer = answer_of(&snippet.source)?;
        let host = catalogue.host_of(snippet);
        cards.insert(
            snippet.path.clone(),
            merge::card(host, &versions[&host.id], snippet, answer.as_ref()),
        );
    }
    Ok(cards)
}
