//! Stages that `check` and `build` share: read the catalogue, and check it against the rules and
//! the saved answers.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::answers_dir::AnswersDir;
use crate::files;
use crate::report::{self, Format, Links, RenderOptions, Texts};
use shopfront_check::checks::taken_name::{self, Holder};
use shopfront_check::checks::{self, AnswerContext};
use shopfront_check::load;
use shopfront_check::load::{EntryKind, WalkEntry};
use shopfront_check::schema::Schemas;
use shopfront_diagnostics::error::Error;
use shopfront_diagnostics::{Diagnostic, Needs, Severity};
use shopfront_model::adapter::HostVersions;
use shopfront_model::adapter::InspectedRelease;
use shopfront_model::answers::{Answer, Ledger, LedgerEntry, Project, ProjectKey};
use shopfront_model::catalogue::{Catalogue, EntryKey, Host, Policy, Snippet, StoreFile};
use shopfront_text::names::HostId;

/// Root directory of a store, with the data that every command needs.
pub struct Workspace {
    /// Absolute path of the root.
    pub root: PathBuf,
    /// Compiled-in schemas. Those of the repository override them.
    pub schemas: Schemas,
    /// Saved answers.
    pub answers_dir: AnswersDir,
}

impl Workspace {
    /// Opens the store at `root`.
    ///
    /// # Errors
    /// Returns an error if the directory does not exist or its schemas are invalid.
    pub fn open(root: &Path) -> Result<Workspace, Error> {
        let root = files::root(root)?;
        refuse_inside(&root)?;
        Workspace::at(root)
    }

    /// Opens the store like [`Workspace::open`], for a command that writes below `folders`. Removes
    /// partially written files that killed runs left there.
    ///
    /// # Errors
    /// Returns the errors of [`Workspace::open`].
    pub fn open_to_write(root: &Path, folders: &[&str]) -> Result<Workspace, Error> {
        let workspace = Workspace::open(root)?;
        folders
            .iter()
            .for_each(|folder| files::clear_leftovers(&workspace.root, folder));
        Ok(workspace)
    }

    /// Opens the store at `root` or in the nearest parent directory. Without one, opens an empty
    /// store at `root`: packages can be inspected anywhere.
    ///
    /// # Errors
    /// Returns the errors of [`Workspace::open`].
    pub fn open_around(root: &Path) -> Result<Workspace, Error> {
        let root = files::root(root)?;
        let around = root
            .ancestors()
            .find(|folder| is_store(folder))
            .map(Path::to_path_buf);
        Workspace::at(around.unwrap_or(root))
    }

    fn at(root: PathBuf) -> Result<Workspace, Error> {
        let schemas = schemas(files::texts(&root, "schema")?)?;
        Ok(Workspace {
            answers_dir: AnswersDir::new(&root),
            root,
            schemas,
        })
    }
}

/// The compiled-in schemas with `own` laid over them.
///
/// # Errors
/// When they are no schemas.
pub fn schemas(own: BTreeMap<String, String>) -> Result<Schemas, Error> {
    Schemas::new(&shopfront_text::embedded::overlaid(
        &shopfront_check::schema::embedded::schemas(),
        own,
    ))
}

fn is_store(folder: &Path) -> bool {
    files::is_file(&folder.join("catalogue/store.json"))
}

/// Refuses to run in a directory inside a store, where no files would be found. The error names the
/// root of the store.
fn refuse_inside(root: &Path) -> Result<(), Error> {
    let around = root.ancestors().skip(1).find(|folder| is_store(folder));
    match around {
        Some(store) if !files::exists(&root.join("catalogue")) => {
            let message = format!("there is no `catalogue/` in {}", root.display());
            Err(Error::new(message).help(format!(
                "the store is in {}: go there, or name it with `--root`",
                store.display()
            )))
        }
        _ => Ok(()),
    }
}

/// Refuses a path that does not exist: a report that is empty for lack of files would appear
/// successful.
///
/// # Errors
/// Returns an error that names the first of `paths` that is neither a file nor a directory of the
/// store.
pub fn refuse_absent(workspace: &Workspace, paths: &[String]) -> Result<(), Error> {
    match paths
        .iter()
        .find(|path| !files::exists(&workspace.root.join(path)))
    {
        Some(absent) => Err(Error::new(format!("there is no `{absent}`"))
            .help("paths are named from the root of the store: `catalogue/<host>/<id>.json`")),
        None => Ok(()),
    }
}

/// Catalogue with the diagnostics of all rules that need only files.
pub struct Examined {
    /// Settings of the store, if valid.
    pub store: Option<StoreFile>,
    /// Valid files.
    pub catalogue: Catalogue,
    /// Diagnostics of the other files, and warnings.
    pub found: Vec<Diagnostic>,
}

impl Examined {
    /// Returns the policy of the store, or the default policy if its settings are invalid.
    pub fn policy(&self) -> Policy {
        self.store
            .as_ref()
            .map(|store| store.policy.clone())
            .unwrap_or_default()
    }
}

/// Reads the catalogue and applies the rules that need only files.
///
/// # Errors
/// Returns an error if I/O fails. Diagnostics of the files are in the result.
pub fn files_only(workspace: &Workspace) -> Result<Examined, Error> {
    files_with(workspace, &BTreeMap::new())
}

/// Reads the catalogue like [`files_only`], with the contents of `edited` in place of the files on
/// disk. `None` marks a removed file.
///
/// # Errors
/// Returns the errors of [`files_only`].
pub fn files_with(
    workspace: &Workspace,
    edited: &BTreeMap<String, Option<Vec<u8>>>,
) -> Result<Examined, Error> {
    let mut listed = files::walk(&workspace.root, "catalogue", load::MAX_FILES)?;
    listed.retain(|found| !edited.contains_key(&found.path));
    let kept = edited.iter().filter(|(_, bytes)| bytes.is_some());
    listed.extend(kept.map(|(path, _)| WalkEntry {
        path: path.clone(),
        kind: EntryKind::File,
    }));
    listed.sort();
    let read = |path: &str, most: usize| match edited.get(path) {
        Some(Some(bytes)) => Ok(bytes.clone()),
        _ => files::read(&workspace.root, path, most),
    };
    let loaded = load::run(&listed, load::MAX_FILES, &read, &workspace.schemas)?;
    let mut found = loaded.found;
    found.extend(checks::run(&loaded.catalogue));
    Ok(Examined {
        store: loaded.store,
        catalogue: loaded.catalogue,
        found,
    })
}

/// Returns the versions of every host, from the saved answers for the hosts' own projects.
///
/// # Errors
/// Returns an error if a saved answer cannot be read.
pub fn host_versions(
    workspace: &Workspace,
    catalogue: &Catalogue,
) -> Result<BTreeMap<HostId, HostVersions>, Error> {
    host_versions_by(catalogue, &|key| workspace.answers_dir.answer(key))
}

/// Returns the versions of every host. `answer_of` returns the answer for a project.
///
/// # Errors
/// Returns an error if an answer cannot be read.
pub fn host_versions_by(
    catalogue: &Catalogue,
    answer_of: &dyn Fn(&ProjectKey) -> Result<Option<Answer>, Error>,
) -> Result<BTreeMap<HostId, HostVersions>, Error> {
    catalogue
        .hosts
        .iter()
        .map(|(id, host)| Ok((id.clone(), versions_by(host, answer_of)?)))
        .collect()
}

/// Returns the versions of one host, from the saved answer for its own project.
///
/// # Errors
/// Returns an error if the answer cannot be read.
pub fn versions_of(workspace: &Workspace, host: &Host) -> Result<HostVersions, Error> {
    versions_by(host, &|key| workspace.answers_dir.answer(key))
}

fn versions_by(
    host: &Host,
    answer_of: &dyn Fn(&ProjectKey) -> Result<Option<Answer>, Error>,
) -> Result<HostVersions, Error> {
    let answer = match host.adapter.host_project() {
        Some(key) => answer_of(&key)?,
        None => None,
    };
    Ok(HostVersions::of(host, answer.as_ref()))
}

/// Checks every snippet against the saved answer for its project and returns the diagnostics.
///
/// # Errors
/// Returns an error if a saved answer cannot be read.
pub fn with_answers(
    workspace: &Workspace,
    catalogue: &Catalogue,
) -> Result<Vec<Diagnostic>, Error> {
    if workspace.answers_dir.is_empty() {
        return Ok(Vec::new());
    }
    let versions = host_versions(workspace, catalogue)?;
    let of_hosts = answers_of_hosts(workspace, catalogue)?;
    let of_hosts = of_hosts
        .iter()
        .flat_map(|(host, answer)| checks::run_host(host, answer));
    let ledger = workspace.answers_dir.ledger()?;
    let judged = catalogue.snippets.par_iter().map(|snippet| {
        judge(
            workspace,
            catalogue.host_of(snippet),
            &versions,
            &ledger,
            snippet,
        )
    });
    let judged: Vec<Judged<'_>> = judged.collect::<Result<_, _>>()?;
    let (found, holders): (Vec<Vec<Diagnostic>>, Vec<Option<Holder<'_>>>) =
        judged.into_iter().unzip();
    let holders: Vec<Holder<'_>> = holders.into_iter().flatten().collect();
    let taken = taken_name::diagnostic(&holders)
        .into_iter()
        .map(|(_, fault)| fault);
    let mut found: Vec<Diagnostic> = of_hosts
        .chain(found.into_iter().flatten())
        .chain(taken)
        .collect();
    for host in catalogue
        .hosts
        .values()
        .filter(|host| !host.library.is_empty())
    {
        found.extend(
            host.adapter
                .check_library(host, &read_of(workspace, catalogue, host)?),
        );
    }
    Ok(found)
}

/// Returns every host that has a project of its own, with the saved answer for it.
///
/// # Errors
/// Returns an error if a saved answer cannot be read.
pub fn answers_of_hosts<'c>(
    workspace: &Workspace,
    catalogue: &'c Catalogue,
) -> Result<Vec<(&'c Host, Answer)>, Error> {
    let mut all = Vec::new();
    for host in catalogue.hosts.values() {
        let answer = host
            .adapter
            .host_project()
            .map(|key| workspace.answers_dir.answer(&key))
            .transpose()?
            .flatten();
        all.extend(answer.map(|answer| (host, answer)));
    }
    Ok(all)
}

/// Returns the plugins of `host` with inspected packages: the name of the project, and the release
/// that the host is given.
///
/// # Errors
/// Returns an error if a saved answer cannot be read.
pub fn read_of(
    workspace: &Workspace,
    catalogue: &Catalogue,
    host: &Host,
) -> Result<BTreeMap<String, InspectedRelease>, Error> {
    let mut read = BTreeMap::new();
    for snippet in catalogue
        .of_host(&host.id)
        .iter()
        .filter(|snippet| !snippet.is_withdrawn())
    {
        let answer = workspace.answers_dir.answer(&snippet.source)?;
        let offers = answer
            .as_ref()
            .and_then(Answer::found)
            .map(|project| InspectedRelease::all_of(host, snippet, project))
            .unwrap_or_default();
        if let Some(offer) = host.adapter.shown(&offers).first() {
            read.insert(snippet.source.name.clone(), (*offer).clone());
        }
    }
    Ok(read)
}

/// Diagnostics of a snippet, and the names that it claims.
type Judged<'c> = (Vec<Diagnostic>, Option<Holder<'c>>);

fn judge<'c>(
    workspace: &Workspace,
    host: &Host,
    versions: &BTreeMap<HostId, HostVersions>,
    ledger: &'c Ledger,
    snippet: &'c Snippet,
) -> Result<Judged<'c>, Error> {
    let Some(answer) = workspace.answers_dir.answer(&snippet.source)? else {
        return Ok((Vec::new(), None));
    };
    let found = checks::run_answer(&AnswerContext {
        host,
        versions: &versions[&host.id],
        snippet,
        answer: &answer,
    });
    let past = ledger.entries.get(&EntryKey::of(snippet).to_string());
    Ok((found, holder(host, snippet, answer.found(), past)))
}

/// The names that the releases of `project` take, where the kind of `host` knows such.
fn holder<'c>(
    host: &Host,
    snippet: &'c Snippet,
    project: Option<&Project>,
    past: Option<&'c LedgerEntry>,
) -> Option<Holder<'c>> {
    let project = project.filter(|_| !snippet.is_withdrawn())?;
    taken_name::holder(
        host,
        snippet,
        &InspectedRelease::all_of(host, snippet, project),
        past,
    )
}

/// Checks the snippet at `path` against `answer` and returns the diagnostics.
///
/// # Errors
/// Returns an error if the saved answer for its host cannot be read.
pub fn of_answer(
    workspace: &Workspace,
    catalogue: &Catalogue,
    path: &str,
    answer: &Answer,
) -> Result<Vec<Diagnostic>, Error> {
    let Some(snippet) = catalogue.snippets.iter().find(|it| it.path == path) else {
        return Ok(Vec::new());
    };
    let host = catalogue.host_of(snippet);
    Ok(checks::run_answer(&AnswerContext {
        host,
        versions: &versions_of(workspace, host)?,
        snippet,
        answer,
    }))
}

/// Lowers diagnostics that depend on a registry to warnings, except in the files that a branch adds
/// or changes.
pub fn soften(found: &mut [Diagnostic], changed: &BTreeSet<String>) {
    for diagnostic in found {
        if diagnostic.needs == Needs::Answers && !changed.contains(&diagnostic.primary.place.path) {
            diagnostic.severity = Severity::Warning;
        }
    }
}

/// Returns `true` if `path` is the requested path or below it. Accepts `./catalogue/fiab/` as well
/// as `catalogue/fiab`.
pub fn is_below(path: &str, asked: &str) -> bool {
    let asked = asked.trim_start_matches("./").trim_end_matches('/');
    matches!(asked, "" | ".")
        || path == asked
        || path
            .strip_prefix(asked)
            .is_some_and(|rest| rest.starts_with('/'))
}

/// Renders the report of `found`, with the texts to which it points.
///
/// # Errors
/// Returns an error if one of these files can no longer be read.
pub fn report(
    workspace: &Workspace,
    found: &[Diagnostic],
    format: Format,
    look: RenderOptions,
) -> Result<String, Error> {
    report_with(workspace, found, Texts::new(), format, look)
}

/// Renders the report like [`report`], with the texts of package `members`, which are not files on
/// disk.
///
/// # Errors
/// Returns an error if one of the files can no longer be read.
pub fn report_with(
    workspace: &Workspace,
    found: &[Diagnostic],
    members: Texts,
    format: Format,
    look: RenderOptions,
) -> Result<String, Error> {
    let texts = texts(workspace, found, members)?;
    Ok(report::text(
        &report::locate(found, &texts),
        &texts,
        format,
        look,
        &Links::default(),
    ))
}

/// Returns the texts to which `found` points, by path: those in `known`, and the files.
///
/// # Errors
/// Returns an error if one of these files cannot be read.
pub fn texts(workspace: &Workspace, found: &[Diagnostic], known: Texts) -> Result<Texts, Error> {
    let mut texts = known;
    let unknown: Vec<&str> = report::paths(found)
        .into_iter()
        .filter(|path| !texts.contains_key(*path))
        .collect();
    for path in unknown {
        let bytes = files::read_plain(&workspace.root, path, load::MAX_TEXT)?;
        // What is no text, or larger than any text may be, shows no lines: faults of such files stand at 1:1.
        if let Some(text) = bytes
            .filter(|bytes| bytes.len() <= load::MAX_TEXT)
            .and_then(|bytes| String::from_utf8(bytes).ok())
        {
            texts.insert(path.to_owned(), text);
        }
    }
    Ok(texts)
}
