//! `diff`: what this branch does to the store, and whether that is good, refused, or for a person
//! to look at.

use super::examine::{self, Examined, Workspace};
use super::packages::{self, LookedInto};
use super::since::{Past, Since};
use super::{check, resolve};
use crate::change::{self, Side};
use crate::outcome::Outcome;
use crate::report::{self, Format, Links, RenderOptions, Review};
use shopfront_check::checks;
use shopfront_diagnostics::Counts;
use shopfront_diagnostics::error::Error;
use shopfront_diagnostics::{Diagnostic, Severity};

/// What to compare with, and how to tell it.
pub struct Options {
    /// The revision; where this branch left the one that is published, when `None`.
    pub since: Option<String>,
    /// The GitHub login of whoever made the branch, as the workflow knows it.
    pub author: Option<String>,
    /// How to ask registries first; `None` to use saved answers alone.
    pub asking: Option<resolve::Options>,
    /// The form of the report.
    pub format: Format,
    /// How it looks.
    pub look: RenderOptions,
    /// Where it sends its readers; the address of the store is added.
    pub links: Links,
}

/// Compares the store of `workspace` with what it was.
///
/// # Errors
/// When the world fails.
pub fn run(workspace: &Workspace, options: &Options) -> Result<Outcome, Error> {
    let repository = Past::open(workspace)?;
    let examined = repository.examined(workspace)?;
    let commit = commit(&repository, options, &examined)?;
    let since = Since::read(workspace, &repository, commit)?;
    let outside = repository.outside(&since.commit)?;
    let (asked, looked) = match &options.asking {
        Some(asking) => (
            check::ask(workspace, &examined, asking)?,
            packages::of_changed(workspace, &examined, &since.changed, asking)?,
        ),
        None => (String::new(), LookedInto::default()),
    };
    let before = since.before(workspace)?;
    let after = since.after(workspace, examined.store.as_ref(), &examined.catalogue)?;
    let mut found = examined.found;
    found.extend(examine::with_answers(workspace, &examined.catalogue)?);
    found.extend(checks::run_past(&checks::HistoryContext {
        before: &before.snapshot,
        after: &after.snapshot,
    }));
    examine::soften(&mut found, &since.changed);
    // A warning of what this branch does not touch was there before: it is none of its author's
    // business.
    let is_of_branch = |it: &Diagnostic| {
        it.severity == Severity::Error || since.changed.iter().any(|path| it.points_at(path))
    };
    found.retain(is_of_branch);
    // What the registry says of a package is not told again of the package itself.
    let is_new = |it: &Diagnostic| {
        !found
            .iter()
            .any(|known| known.code.name == it.code.name && known.primary.place == it.primary.place)
    };
    let new: Vec<Diagnostic> = looked.found.into_iter().filter(is_new).collect();
    found.extend(new);
    let change = change::between(&before, &after, &since.changed, &outside);
    let verdict = change::verdict(&change, &found, options.author.as_deref());
    let texts = examine::texts(workspace, &found, repository.texts(&found))?;
    let store = before.snapshot.store.or(after.snapshot.store);
    let review = Review {
        store,
        since: &since.commit,
        author: options.author.as_deref(),
        change: &change,
        verdict: &verdict,
        found: &report::locate(&found, &texts),
        texts: &texts,
        links: &Links {
            store: store.map(|it| it.url.clone()),
            ..options.links.clone()
        },
    };
    workspace
        .schemas
        .get("api-diff.schema.json")?
        .assert("the report of `diff`", &report::review_document(&review))?;
    let stderr = format!(
        "{}{asked}{}{}: {}\n",
        repository.told(),
        looked.told,
        verdict.decision.label(),
        told(&found, &after)
    );
    let stdout = report::review(&review, options.format, options.look);
    Ok(Outcome {
        stdout,
        syntax: options.format.syntax(),
        stderr,
        exit: verdict.decision.exit(),
    })
}

/// The commit to compare with: what was asked for, else where this branch left the published one.
fn commit(repository: &Past, options: &Options, examined: &Examined) -> Result<String, Error> {
    if let Some(revision) = &options.since {
        return repository.commit(revision);
    }
    repository.merge_base(
        examined
            .store
            .as_ref()
            .map_or("main", |store| store.branch.as_str()),
    )
}

fn told(found: &[shopfront_diagnostics::Diagnostic], after: &Side<'_>) -> String {
    check::summary(
        Counts::of(found),
        after.snapshot.catalogue.snippets.len(),
        after.snapshot.catalogue.hosts.len(),
    )
    .trim_end()
    .to_owned()
}
