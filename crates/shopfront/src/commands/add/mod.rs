//! `add`: makes a checked snippet from a package on disk or at an index.

mod listed;
pub(super) mod candidate;
mod prepared;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::examine::{self, Examined, Workspace};
use super::resolve;
use crate::draft::Overrides;
use crate::files;
use crate::issue_form::{self, IssueForm};
use crate::outcome::Outcome;
use crate::prompt;
use crate::report::{Format, RenderOptions};
use candidate::Candidate;
use prepared::Prepared;
use shopfront_diagnostics::error::{Context, Error};
use shopfront_diagnostics::{Diagnostic, Severity};
use shopfront_text::counted;
use shopfront_text::workflow_commands::Syntax;

/// Options of `add`.
#[derive(Clone)]
pub struct Options {
    /// Package files and project names.
    pub what: Vec<String>,
    /// File with one project name per line.
    pub from_list: Option<PathBuf>,
    /// File with the body of an issue that was opened with the form "List my plugin".
    pub from_issue: Option<PathBuf>,
    /// Output file of the report about that list.
    pub report: Option<PathBuf>,
    /// Host, or directory in it, relative to `catalogue/`. `-` writes to stdout.
    pub to_catalogue: Option<String>,
    /// Id of the entry. The default is the normalized name of its project.
    pub id: Option<String>,
    /// Values from the command line.
    pub said: Overrides,
    /// URL of an archive without a registry. If omitted, the archive is copied into the store.
    pub url: Option<String>,
    /// Writes snippets even if the checks refuse them.
    pub draft: bool,
    /// Updates an existing snippet from its package.
    pub update: bool,
    /// Options of the index queries. `None` allows local files only.
    pub asking: Option<resolve::Options>,
    /// Options for rendering a report of diagnostics.
    pub look: RenderOptions,
}

/// Returns the named host or directory in it, relative to `catalogue/`. Accepts a host id, a path
/// in the store, or a path from the current directory, as shells complete it. `-` is unchanged.
pub fn folder_named(workspace: &Workspace, named: &str) -> String {
    let from_here = files::absolute(Path::new(named));
    let below = from_here
        .as_deref()
        .and_then(|path| path.strip_prefix(workspace.root.join("catalogue")).ok())
        .and_then(Path::to_str);
    let plain = named.trim_start_matches("./");
    let below = below
        .filter(|below| !below.is_empty())
        .unwrap_or_else(|| plain.strip_prefix("catalogue/").unwrap_or(plain));
    below.replace('\\', "/").trim_end_matches('/').to_owned()
}

/// Prompts for a value. The arguments are the question and the default.
pub type Ask<'a> = dyn Fn(&str, &str) -> Result<String, Error> + 'a;

/// Adds the packages that `options` name. Prompts for missing fields on an interactive terminal.
///
/// # Errors
/// Returns an error if a package cannot be read, or the place of its snippet is ambiguous.
pub fn run(workspace: &Workspace, options: &Options) -> Result<Outcome, Error> {
    let ask: Option<&Ask<'_>> = prompt::can_ask().then_some(&prompt::ask);
    run_with(workspace, options, ask)
}

/// Adds packages like [`run`]. `ask` prompts for missing fields, if possible.
///
/// # Errors
/// Returns the errors of [`run`].
pub fn run_with(
    workspace: &Workspace,
    options: &Options,
    ask: Option<&Ask<'_>>,
) -> Result<Outcome, Error> {
    if let Some(list) = &options.from_list {
        return listed::run(workspace, list, options);
    }
    if let Some(file) = &options.from_issue {
        return from_issue(workspace, file, options);
    }
    let mut outcome = Outcome::default();
    let mut done: BTreeSet<String> = BTreeSet::new();
    for what in &options.what {
        // Each snippet is checked together with those that were written before it.
        let examined = examine::files_only(workspace)?;
        let offered = candidate::one(workspace, &examined, what, options)?;
        // A second archive of one plugin is another release of it.
        let is_more = offered.key.is_none() && done.contains(&offered.project());
        let wanted = if is_more {
            Options {
                update: true,
                ..options.clone()
            }
        } else {
            options.clone()
        };
        if !done.insert(offered.project()) && !is_more {
            outcome.stderr.push_str(&format!(
                "{what}: another file of `{}`, which was added already\n",
                offered.project()
            ));
            continue;
        }
        let told = add_one(workspace, &examined, &offered, &wanted, ask)?;
        outcome.stdout.push_str(&told.stdout);
        outcome.syntax = told.syntax;
        outcome.stderr.push_str(&told.stderr);
        outcome.exit = outcome.exit.max(told.exit);
    }
    Ok(outcome)
}

/// Adds the plugin of an issue by an untrusted third party. Accepts only projects of an index,
/// never local files, and does not prompt.
fn from_issue(workspace: &Workspace, file: &Path, options: &Options) -> Result<Outcome, Error> {
    let bytes = files::read_named(file, issue_form::MAX_BYTES)?;
    let body = String::from_utf8(bytes).with_context(|| format!("reading {}", file.display()))?;
    let form = match issue_form::read(&body) {
        Ok(form) => form,
        Err(faults) => {
            return Ok(Outcome {
                stderr: faults
                    .iter()
                    .map(|fault| format!("error: {fault}\n"))
                    .collect(),
                exit: 1,
                ..Outcome::default()
            });
        }
    };
    let wanted = Options {
        to_catalogue: Some(form.host.clone()),
        id: form.id.clone(),
        said: said_in(&form),
        ..options.clone()
    };
    let examined = examine::files_only(workspace)?;
    let offered = candidate::project(workspace, &examined, &form.project, &wanted)?;
    add_one(workspace, &examined, &offered, &wanted, None)
}

fn said_in(form: &IssueForm) -> Overrides {
    let texts = [
        ("display_name", &form.display_name),
        ("display_description", &form.display_description),
        ("author", &form.author),
        ("module_name", &form.module_name),
        ("license", &form.license),
        ("homepage", &form.homepage),
        ("documentation", &form.documentation),
        ("repository", &form.repository),
        ("issues", &form.issues),
    ];
    let lists = [
        ("categories", &form.categories),
        ("keywords", &form.keywords),
        ("maintainers", &form.maintainers),
    ];
    Overrides {
        texts: texts
            .into_iter()
            .filter_map(|(field, text)| Some((field, text.clone()?)))
            .collect(),
        lists: lists
            .into_iter()
            .filter(|(_, list)| !list.is_empty())
            .map(|(field, list)| (field, list.clone()))
            .collect(),
    }
}

fn add_one(
    workspace: &Workspace,
    examined: &Examined,
    offered: &Candidate,
    options: &Options,
    ask: Option<&Ask<'_>>,
) -> Result<Outcome, Error> {
    let prepared = prepared::one(workspace, examined, offered, options, ask)?;
    let taken = taken_in((workspace, examined), offered, &prepared, options)?;
    let mut edited = BTreeMap::from([(
        prepared.path.clone(),
        Some(prepared.text.clone().into_bytes()),
    )]);
    edited.extend(taken.clone().map(|(path, bytes)| (path, Some(bytes))));
    let with_it = examine::files_with(workspace, &edited)?;
    let found = faults(workspace, &with_it, &prepared, offered)?;
    let errors = found
        .iter()
        .filter(|it| it.severity == Severity::Error)
        .count()
        + prepared.missing.len();
    let mut texts = offered.package.texts();
    texts.insert(prepared.path.clone(), prepared.text.clone());
    let report = examine::report_with(workspace, &found, texts, Format::Human, options.look)?;
    let mut outcome = Outcome {
        stderr: report,
        ..Outcome::default()
    };
    outcome.stderr.push_str(&prepared.notes());
    if errors > 0 && !options.draft {
        outcome.stderr.push_str(&format!(
            "nothing was written: {} first, or `--draft` to write it all the same\n",
            counted(errors, "error")
        ));
        outcome.exit = 1;
        return Ok(outcome);
    }
    if options.to_catalogue.as_deref() == Some("-") {
        outcome.stderr.push_str(&prepared.card());
        (outcome.stdout, outcome.syntax) = (prepared.text, Syntax::Json);
        return Ok(outcome);
    }
    outcome.stdout = prepared.card();
    if let Some((path, bytes)) = taken
        && files::replace(&workspace.root, &path, &bytes)?
    {
        outcome.stderr.push_str(&format!("took {path} in\n"));
    }
    let changed = files::replace(&workspace.root, &prepared.path, prepared.text.as_bytes())?;
    let told = if changed {
        format!("wrote {}\n", prepared.path)
    } else {
        format!("{} is as it was\n", prepared.path)
    };
    outcome.stderr.push_str(&told);
    if changed {
        outcome.stderr.push_str(&format!(
            "next: look it through, commit it, and open a pull request; `{} serve` shows its page\n",
            shopfront_diagnostics::program::name()
        ));
    }
    Ok(outcome)
}

/// The archive that the store takes in: where it will lie, and its bytes.
///
/// # Errors
/// When it can not be read, or another archive lies there that is not one of the entry that is
/// brought up to date.
fn taken_in(
    (workspace, examined): (&Workspace, &Examined),
    offered: &Candidate,
    prepared: &Prepared,
    options: &Options,
) -> Result<Option<(String, Vec<u8>)>, Error> {
    let (None, None, Some(file)) = (&offered.key, &options.url, &offered.file) else {
        return Ok(None);
    };
    let most = usize::try_from(examined.policy().max_package()).unwrap_or(usize::MAX);
    let bytes = files::read_named(file, most)?;
    let name = offered.file_name();
    let path = format!("catalogue/{}/packages/{name}", prepared.host);
    let is_other =
        files::read_optional(&workspace.root, &path, most)?.is_some_and(|there| there != bytes);
    let mut entries = examined.catalogue.of_host(&prepared.host).iter();
    let is_of_another = entries.any(|it| {
        it.path != prepared.path
            && it
                .locator
                .archive
                .iter()
                .any(|pin| pin.file.as_deref() == Some(name))
    });
    if is_other && (is_of_another || !options.update) {
        return Err(
            Error::new(format!("another file is there already, as {path}"))
                .help("give the archive another name"),
        );
    }
    Ok(Some((path, bytes)))
}

/// Returns all diagnostics of the snippet in the catalogue that contains it, of its package, and of
/// the registry's answer.
fn faults(
    workspace: &Workspace,
    with_it: &Examined,
    prepared: &Prepared,
    offered: &Candidate,
) -> Result<Vec<Diagnostic>, Error> {
    let is_of_it = |it: &&Diagnostic| {
        it.points_at(&prepared.path)
            && !(it.code.name == "missing-field" && prepared.tells_missing(it))
    };
    let mut found: Vec<Diagnostic> = with_it.found.iter().filter(is_of_it).cloned().collect();
    found.extend(offered.package.check(
        workspace,
        with_it,
        with_it.catalogue.host(&prepared.host),
    )?);
    if let Some(answer) = &offered.answer {
        let of_answer = examine::of_answer(workspace, &with_it.catalogue, &prepared.path, answer)?;
        // A diagnostic of the package is not repeated for the registry's answer.
        let is_new = |it: &Diagnostic| found.iter().all(|known| known.code.name != it.code.name);
        let new: Vec<Diagnostic> = of_answer.into_iter().filter(is_new).collect();
        found.extend(new);
    }
    Ok(found)
}
