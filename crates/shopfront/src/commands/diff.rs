//! `diff`: the effects of this branch on the store, with a verdict: ready, refused, or review
//! required.

use super::examine::{self, Workspace};
use super::packages::{self, LookedInto};
use super::since::{Past, Since};
use super::{check, resolve};
use crate::answers_dir::AnswersDir;
use crate::change::{self, Side};
use crate::outcome::Outcome;
use crate::report::{self, Format, Links, RenderOptions, Review};

use shopfront_check::checks;
use shopfront_diagnostics::Counts;
use shopfront_diagnostics::error::Error;
use shopfront_diagnostics::{Diagnostic, Severity};

/// Options of `diff`.
pub struct Options {
    /// Revision to compare with. `None` selects the merge base with the published branch.
    pub since: Option<String>,
    /// GitHub login of the author of the branch, as provided by the workflow.
    pub author: Option<String>,
    /// Options of the registry queries that come first. `None` uses saved answers only.
    pub asking: Option<resolve::Options>,
    /// Format of the report.
    pub format: Format,
    /// Options for rendering it.
    pub look: RenderOptions,
    /// Links of the report. The URL of the store is added.
    pub links: Links,
}

/// Compares the store of `workspace` with a revision of it.
///
/// # Errors
/// Returns an error if I/O fails.
pub fn run(workspace: &Workspace, options: &Options) -> Result<Outcome, Error> {
    let repository = Past::open(workspace)?;
    let commit = commit(workspace, &repository, options)?;
    let Some(schemas) = repository.schemas(workspace, &commit)? else {
        return compared(workspace, &repository, commit, options);
    };
    let of_commit = Workspace {
        root: workspace.root.clone(),
        schemas,
        answers_dir: AnswersDir::new(&workspace.root),
    };
    let outcome = compared(&of_commit, &repository, commit, options)?;
    Ok(Outcome {
        stderr: of_commit.answers_dir.told() + &outcome.stderr,
        ..outcome
    })
}

fn compared(
    workspace: &Workspace,
    repository: &Past,
    commit: String,
    options: &Options,
) -> Result<Outcome, Error> {
    let examined = repository.examined(workspace)?;
    let since = Since::read(workspace, repository, commit)?;
    let outside = repository.outside(&since.commit)?;
    let (asked, looked) = match &options.asking {
        Some(asking) => (
            check::ask(workspace, &examined, &since.policy(), asking)?,
            packages::of_changed(
                workspace,
                &examined,
                &since.changed,
                &since.policy(),
                asking,
            )?,
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
    // A warning about files that this branch does not touch existed before. It does not concern the
    // author of the branch.
    let is_of_branch = |it: &Diagnostic| {
        it.severity == Severity::Error || since.changed.iter().any(|path| it.points_at(path))
    };
    found.retain(is_of_branch);
    // A diagnostic from the registry answer is not repeated for the package itself.
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
fn commit(workspace: &Workspace, repository: &Past, options: &Options) -> Result<String, Error> {
    match &options.since {
        Some(revision) => repository.commit(revision),
        None => repository.merge_base(&repository.branch(workspace)?),
    }
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
