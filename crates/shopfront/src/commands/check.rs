//! `check`: reports every diagnostic of every snippet with its line and help. Opens no socket.

use std::collections::BTreeSet;

use super::autofix;
use super::examine::{self, Examined, Workspace};
use super::resolve;
use super::since::{Past, Since};
use crate::outcome::Outcome;
use crate::report::{self, Format, Links, RenderOptions};
use shopfront_check::checks;
use shopfront_diagnostics::Counts;
use shopfront_diagnostics::Diagnostic;
use shopfront_diagnostics::error::Error;
use shopfront_model::catalogue::Policy;
use shopfront_model::codes;
use shopfront_text::counted;
use shopfront_text::one_line;

/// Options of `check`.
pub struct Options {
    /// Files and directories whose diagnostics are reported. All if empty.
    pub paths: Vec<String>,
    /// Revision to compare with. Only snippets that differ from it are refused because of registry
    /// answers, and ids that it had remain taken.
    pub since: Option<String>,
    /// Options of the registry queries that come first. `None` uses saved answers only.
    pub asking: Option<resolve::Options>,
    /// Format of the report.
    pub format: Format,
    /// Options for rendering it.
    pub look: RenderOptions,
    /// Links of the report. The URL of the store is added.
    pub links: Links,
}

/// Checks the store of `workspace`.
///
/// # Errors
/// Returns an error if I/O fails.
pub fn run(workspace: &Workspace, options: &Options) -> Result<Outcome, Error> {
    examine::refuse_absent(workspace, &options.paths)?;
    let repository = options
        .since
        .as_ref()
        .map(|_| Past::open(workspace))
        .transpose()?;
    let examined = match &repository {
        Some(repository) => repository.examined(workspace)?,
        None => examine::files_only(workspace)?,
    };
    let since = match (&options.since, &repository) {
        (Some(revision), Some(repository)) => Some(Since::read(
            workspace,
            repository,
            repository.commit(revision)?,
        )?),
        _ => None,
    };
    let asked = match &options.asking {
        Some(asking) => ask(
            workspace,
            &examined,
            &since
                .as_ref()
                .map_or_else(|| examined.policy(), Since::policy),
            asking,
        )?,
        None => String::new(),
    };
    let of_past = since
        .as_ref()
        .map(|since| held_against(workspace, since, &examined))
        .transpose()?
        .unwrap_or_default();
    let changed = since.map(|since| since.changed).unwrap_or_default();
    let mut found = examined.found;
    found.extend(examine::with_answers(workspace, &examined.catalogue)?);
    found.extend(of_past);
    examine::soften(&mut found, &changed);
    found.retain(|diagnostic| is_wanted(diagnostic, &options.paths));
    let counts = Counts::of(&found);
    let told = repository.as_ref().map(Past::told).unwrap_or_default();
    let stderr = told
        + &asked
        + &summary(
            counts,
            examined.catalogue.snippets.len(),
            examined.catalogue.hosts.len(),
        );
    // The program ends here: freeing ten thousand snippets would take a tenth of the run time.
    std::mem::forget(examined.catalogue);
    let links = Links {
        store: examined.store.map(|store| store.url),
        ..options.links.clone()
    };
    let left_out = repository
        .as_ref()
        .map(|repository| repository.texts(&found))
        .unwrap_or_default();
    let texts = examine::texts(workspace, &found, left_out)?;
    let stdout = report::text(
        &report::locate(&found, &texts),
        &texts,
        options.format,
        options.look,
        &links,
    );
    Ok(Outcome {
        stdout,
        syntax: options.format.syntax(),
        stderr,
        exit: u8::from(counts.errors > 0),
    })
}

/// Applies the safe fixes, then checks the result.
///
/// # Errors
/// Returns an error if I/O fails.
pub fn mend(workspace: &Workspace, options: &Options) -> Result<Outcome, Error> {
    examine::refuse_absent(workspace, &options.paths)?;
    let mended = autofix::run(workspace, &options.paths, autofix::Wanted::All)?;
    let codes = |codes: BTreeSet<&str>| codes.into_iter().collect::<Vec<_>>().join(", ");
    let told = mended
        .into_iter()
        .map(|(path, of_file)| format!("mended {}: {}\n", one_line(&path, 400), codes(of_file)));
    let completed = autofix::libraries(workspace, &options.paths)?;
    let completed = completed.iter().map(|path| {
        format!(
            "mended {}: {}\n",
            one_line(path, 400),
            codes::undeclared_module::NAME
        )
    });
    let told: String = told.chain(completed).collect();
    let outcome = run(workspace, options)?;
    Ok(Outcome {
        stderr: told + &outcome.stderr,
        ..outcome
    })
}

/// The faults that show only beside what was there before.
fn held_against(
    workspace: &Workspace,
    since: &Since<'_>,
    examined: &Examined,
) -> Result<Vec<Diagnostic>, Error> {
    let before = since.before(workspace)?;
    let after = since.after(workspace, examined.store.as_ref(), &examined.catalogue)?;
    Ok(checks::run_past(&checks::HistoryContext {
        before: &before.snapshot,
        after: &after.snapshot,
    }))
}

/// Asks first, as `policy` says. A registry that fails refuses nothing: what was saved is used, and what failed is told.
pub(super) fn ask(
    workspace: &Workspace,
    examined: &Examined,
    policy: &Policy,
    asking: &resolve::Options,
) -> Result<String, Error> {
    let asked = resolve::refresh_all(workspace, &examined.catalogue.projects(), policy, asking)?;
    Ok(resolve::failures(&asked))
}

/// Returns `true` if any location of the diagnostic is in `paths`.
fn is_wanted(diagnostic: &Diagnostic, paths: &[String]) -> bool {
    let places = std::iter::once(&diagnostic.primary)
        .chain(&diagnostic.secondary)
        .map(|label| &label.place.path);
    paths.is_empty()
        || places
            .into_iter()
            .any(|path| paths.iter().any(|asked| examine::is_below(path, asked)))
}

/// Returns a line such as "3 errors, 1 warning in 81 snippets of 2 hosts".
pub(super) fn summary(counts: Counts, snippets: usize, hosts: usize) -> String {
    format!(
        "{}, {} in {} of {}\n",
        counted(counts.errors, "error"),
        counted(counts.warnings, "warning"),
        counted(snippets, "snippet"),
        counted(hosts, "host"),
    )
}
