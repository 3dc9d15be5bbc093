//! Bulk import from a list of projects: writes all snippets that need no manual decision, and
//! reports the rest one by one.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Instant;

use rayon::prelude::*;
use serde::Serialize;

use super::candidate::{self, Candidate};
use super::prepared::{self, Prepared};
use super::{Options, faults};
use crate::commands::examine::{self, Examined, Workspace};
use crate::commands::{registry_client, resolve};
use crate::files;
use crate::outcome::Outcome;
use crate::terminal;
use shopfront_diagnostics::error::{Context, Error};
use shopfront_diagnostics::{Diagnostic, Severity};
use shopfront_model::answers::{Answer, ProjectKey, State};
use shopfront_model::catalogue::ResolveTarget;
use shopfront_model::pasted;
use shopfront_model::registry_rules;
use shopfront_registry as registry;
use shopfront_text as text;
use shopfront_text::counted;
use shopfront_text::names::is_project;
use shopfront_text::workflow_commands::Syntax;

/// Maximum size of the list, in bytes.
const MAX_LIST: usize = 4 << 20;

/// Import status of one name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
enum ImportStatus {
    /// The snippet was written.
    Written,
    /// A snippet exists already.
    Listed,
    /// The package lacks a required field of the snippet, or its host is ambiguous.
    NeedsAPerson,
    /// The checks refuse the snippet.
    Refused,
    /// The registry has no such project, or no release of it with a file.
    Gone,
    /// The query of the registry failed.
    Failed,
}

/// Row of the report.
#[derive(Clone, Debug, Serialize)]
struct ImportRecord {
    name: String,
    fate: ImportStatus,
    host: Option<String>,
    path: Option<String>,
    version: Option<String>,
    /// `true` if the newest release has a wheel.
    wheel: Option<bool>,
    reasons: Vec<Reason>,
}

/// Reason why a name did not become a snippet, or a note for review.
#[derive(Clone, Debug, Serialize)]
struct Reason {
    /// Code of the diagnostic. `null` if no check reported this.
    code: Option<String>,
    message: String,
}

/// Name during the import.
enum Progress {
    Ready(Box<(Candidate, Prepared)>),
    Ended(ImportStatus, String),
}

/// Adds every project of the list in the file at `list`.
///
/// # Errors
/// Returns an error if the list cannot be read, the options do not allow queries, or nothing can be
/// written.
pub(super) fn run(workspace: &Workspace, list: &Path, options: &Options) -> Result<Outcome, Error> {
    let started = Instant::now();
    let names = read_list(list)?;
    let Some(asking) = &options.asking else {
        return Err(Error::new(
            "a list of projects can not be added with `--offline`",
        ));
    };
    let examined = examine::files_only(workspace)?;
    let keys: BTreeMap<&str, ProjectKey> = names
        .iter()
        .map(|name| (name.as_str(), ProjectKey::pypi(name)))
        .collect();
    let asked = resolve::refresh_all(
        workspace,
        &keys
            .values()
            .map(|key| (key.clone(), ResolveTarget::default()))
            .collect(),
        &examined.policy(),
        asking,
    )?;
    let failed: BTreeMap<&ProjectKey, &str> = asked
        .failed
        .iter()
        .map(|(key, why)| (key, why.as_str()))
        .collect();
    let registry =
        registry::find("pypi").ok_or_else(|| Error::new("there is no registry `pypi`"))?;
    let road = registry_client::RegistryClient::to(registry, asking)?;
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(asking.jobs.max(1))
        .build()
        .with_context(|| "starting threads".to_owned())?;
    let bar = terminal::bar(names.len(), "reading packages");
    let one = |name: &String| -> Result<(String, Option<Answer>, Progress), Error> {
        let key = &keys[name.as_str()];
        let answer = workspace.answers_dir.answer(key)?;
        let known = examined
            .catalogue
            .snippets
            .iter()
            .find(|it| it.source == *key && !it.is_withdrawn() && !options.update);
        if let Some(known) = known {
            bar.inc(1);
            return Ok((
                name.clone(),
                answer,
                Progress::Ended(
                    ImportStatus::Listed,
                    format!("listed as `{}/{}`", known.host, known.id),
                ),
            ));
        }
        let way = match (failed.get(key), &answer) {
            (Some(why), _) => Progress::Ended(ImportStatus::Failed, (*why).to_owned()),
            (None, Some(answer)) if has_files(answer) => {
                match candidate::fetch(registry, &road, key, None, examined.policy().max_package())
                {
                    Ok(package) => ready(
                        workspace,
                        &examined,
                        Candidate {
                            package,
                            key: Some(key.clone()),
                            file: None,
                            answer: Some(answer.clone()),
                            before: None,
                        },
                        options,
                    ),
                    Err(why) => Progress::Ended(ImportStatus::Failed, why),
                }
            }
            _ => Progress::Ended(
                ImportStatus::Gone,
                "the index has no such project, or no release of it with a file".to_owned(),
            ),
        };
        bar.inc(1);
        Ok((name.clone(), answer, way))
    };
    let ways: Vec<(String, Option<Answer>, Progress)> = pool.install(|| {
        names
            .par_iter()
            .with_max_len(1)
            .map(one)
            .collect::<Result<_, _>>()
    })?;
    bar.finish_and_clear();
    let told = settle(workspace, ways, options)?;
    let report = shopfront_text::workflow_commands::pretty_json(&told);
    let summary = summary(&told, started.elapsed().as_secs_f64());
    let stdout = match &options.report {
        Some(path) => {
            files::write_named(path, report.as_bytes())?;
            String::new()
        }
        None => report,
    };
    let is_all_well = told
        .iter()
        .all(|it| matches!(it.fate, ImportStatus::Written | ImportStatus::Listed));
    Ok(Outcome {
        stdout,
        syntax: Syntax::Json,
        stderr: summary,
        exit: u8::from(!is_all_well),
    })
}

/// Reads one name per line. Blank lines and comments after `#` are ignored.
fn read_list(list: &Path) -> Result<Vec<String>, Error> {
    let bytes = files::read_named(list, MAX_LIST)?;
    let text = String::from_utf8(bytes).with_context(|| format!("reading {}", list.display()))?;
    let mut names = Vec::new();
    let mut seen = BTreeSet::new();
    for (index, line) in text.lines().enumerate() {
        let name = line.split('#').next().unwrap_or_default().trim();
        if name.is_empty() {
            continue;
        }
        if !is_project(name) {
            return Err(Error::new(format!(
                "{}:{}: `{}` is no name of a project",
                list.display(),
                index + 1,
                text::one_line(name, 80)
            ))
            .help(
                pasted::help(&registry_rules::pypi::Pypi, name)
                    .unwrap_or_else(|| "one name a line, without a version".to_owned()),
            ));
        }
        if seen.insert(shopfront_text::names::normal_project(name)) {
            names.push(name.to_owned());
        }
    }
    Ok(names)
}

fn has_files(answer: &Answer) -> bool {
    answer.state == State::Found
        && answer
            .found()
            .is_some_and(|project| project.newest_release().is_some())
}

fn ready(
    workspace: &Workspace,
    examined: &Examined,
    offered: Candidate,
    options: &Options,
) -> Progress {
    // No prompt: bulk import writes only snippets that need no manual decision.
    match prepared::one(workspace, examined, &offered, options, None) {
        Ok(prepared) => Progress::Ready(Box::new((offered, prepared))),
        Err(fault) => Progress::Ended(ImportStatus::NeedsAPerson, fault.to_string()),
    }
}

/// Checks all candidates against the catalogue and against each other, writes the valid ones, and
/// reports the others. If two conflict only with each other, the first one in the list is accepted.
fn settle(
    workspace: &Workspace,
    ways: Vec<(String, Option<Answer>, Progress)>,
    options: &Options,
) -> Result<Vec<ImportRecord>, Error> {
    let mut accepted: BTreeMap<String, Option<Vec<u8>>> = BTreeMap::new();
    for (_, _, way) in &ways {
        if let Progress::Ready(ready) = way {
            accepted
                .entry(ready.1.path.clone())
                .or_insert_with(|| Some(ready.1.text.clone().into_bytes()));
        }
    }
    let together = examine::files_with(workspace, &accepted)?;
    let mut judged = Vec::new();
    for (name, answer, way) in ways {
        let found = match &way {
            Progress::Ready(ready) => faults(workspace, &together, &ready.1, &ready.0)?,
            Progress::Ended(..) => Vec::new(),
        };
        if let (Progress::Ready(ready), true) = (&way, has_error(&found)) {
            accepted.remove(&ready.1.path);
        }
        judged.push((name, answer, way, found));
    }
    let mut told = Vec::new();
    for (name, answer, way, mut found) in judged {
        if let (Progress::Ready(ready), true) = (&way, has_error(&found)) {
            accepted.insert(
                ready.1.path.clone(),
                Some(ready.1.text.clone().into_bytes()),
            );
            found = faults(
                workspace,
                &examine::files_with(workspace, &accepted)?,
                &ready.1,
                &ready.0,
            )?;
            if has_error(&found) {
                accepted.remove(&ready.1.path);
            }
        }
        told.push(one_told(
            workspace,
            name,
            answer.as_ref(),
            way,
            &found,
            options,
        )?);
    }
    Ok(told)
}

fn has_error(found: &[Diagnostic]) -> bool {
    found.iter().any(|it| it.severity == Severity::Error)
}

/// Writes the snippet if it is valid, and returns the record of the name.
fn one_told(
    workspace: &Workspace,
    name: String,
    answer: Option<&Answer>,
    way: Progress,
    found: &[Diagnostic],
    options: &Options,
) -> Result<ImportRecord, Error> {
    let newest = answer
        .and_then(Answer::found)
        .and_then(|project| project.newest_release())
        .map(|(release, _)| release);
    let mut told = ImportRecord {
        name,
        fate: ImportStatus::Failed,
        host: None,
        path: None,
        version: newest.map(|release| release.version.clone()),
        wheel: newest.map(shopfront_model::answers::Release::has_wheel),
        reasons: found.iter().map(reason).collect(),
    };
    let prepared = match way {
        Progress::Ready(ready) => ready.1,
        Progress::Ended(fate, why) => {
            told.fate = fate;
            told.reasons.push(Reason {
                code: None,
                message: text::one_line(&why, 300),
            });
            return Ok(told);
        }
    };
    told.host = Some(prepared.host.to_string());
    told.reasons
        .extend(prepared.notes().lines().map(|note| Reason {
            code: None,
            message: note.to_owned(),
        }));
    told.fate = match (has_error(found), prepared.missing.is_empty()) {
        (_, false) => ImportStatus::NeedsAPerson,
        (true, true) => ImportStatus::Refused,
        (false, true) => ImportStatus::Written,
    };
    if told.fate == ImportStatus::Written || options.draft {
        files::replace(&workspace.root, &prepared.path, prepared.text.as_bytes())?;
        told.path = Some(prepared.path);
    }
    Ok(told)
}

fn reason(fault: &Diagnostic) -> Reason {
    Reason {
        code: Some(fault.code.name.to_owned()),
        message: text::one_line(&fault.message, 300),
    }
}

/// Returns a line such as "931 names: 850 written, 40 listed already, … ; 93.2 s".
fn summary(told: &[ImportRecord], seconds: f64) -> String {
    let of = |fate: ImportStatus| told.iter().filter(|it| it.fate == fate).count();
    format!(
        "{}: {} written, {} listed already, {} need a person, {} refused, {} gone, {} failed; {seconds:.1} s\n",
        counted(told.len(), "name"),
        of(ImportStatus::Written),
        of(ImportStatus::Listed),
        of(ImportStatus::NeedsAPerson),
        of(ImportStatus::Refused),
        of(ImportStatus::Gone),
        of(ImportStatus::Failed),
    )
}
