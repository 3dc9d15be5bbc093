//! `resolve`: queries the registries for new releases, and saves the answers.

use std::collections::BTreeMap;
use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use jiff::Timestamp;
use rayon::prelude::*;

use super::examine::{self, Workspace};
use super::registry_client::RegistryClient;
use super::{contents, published, upstreams};
use crate::answers_dir::Occasion;
use crate::clock;
use crate::outcome::Outcome;
use crate::terminal;
use shopfront_diagnostics::error::{Context, Error};
use shopfront_model::answers::{Answer, ProjectKey};
use shopfront_model::catalogue::{PLAIN, Policy, ResolveTarget};
use shopfront_registry as registry;
use shopfront_registry::http::RetryPolicy;
use shopfront_registry::resolve::{self, Resolution, Resolved};
use shopfront_text::counted;
use shopfront_text::one_line;

/// Number of consecutive failures after which a registry is not queried any more. The registry is
/// down, and waiting for each project in turn would take hours.
const FAILURE_THRESHOLD: usize = 10;

/// Projects to query, each with the properties that its snippet states.
pub type Projects<'c> = BTreeMap<ProjectKey, ResolveTarget<'c>>;

/// Options of registry queries.
#[derive(Clone, Debug)]
pub struct Options {
    /// Queries projects even if their saved answer is fresh.
    pub refresh: bool,
    /// Restores the previous publication first.
    pub from_published: bool,
    /// Reason for the queries, which decides where the answers are saved.
    pub occasion: Occasion,
    /// Maximum number of concurrent requests.
    pub jobs: usize,
    /// URLs of registries other than the public ones, by registry id. For `archive`, a mirror of
    /// the whole web.
    pub addresses: BTreeMap<&'static str, String>,
    /// Timeouts and retries of one request.
    pub patience: RetryPolicy,
}

/// Result of the queries.
#[derive(Debug, Default)]
pub struct RefreshSummary {
    /// Projects that failed, with the reason.
    pub failed: Vec<(ProjectKey, String)>,
    /// Number of projects that were queried.
    pub asked: usize,
    /// Number of projects that changed.
    pub new: usize,
    /// Number of projects that the registries do not have.
    pub gone: usize,
    /// Number of failed projects that have an earlier answer.
    pub kept: usize,
    /// Number of answers that were fresh and not queried.
    pub fresh: usize,
}

/// Queries every project of the catalogue of `workspace`.
///
/// # Errors
/// Returns an error if answers cannot be read or saved. If every query failed and no earlier answer
/// exists, the exit code is 2.
pub fn run(workspace: &Workspace, options: &Options) -> Result<Outcome, Error> {
    let started = Instant::now();
    let examined = examine::files_only(workspace)?;
    let taken = match &examined.store {
        Some(store) if options.from_published => {
            published::restore_published(workspace, store, options)?
        }
        // The lost ledger is in the published store. If that cannot be read, the queries continue.
        Some(store) if workspace.answers_dir.has_broken_ledger()? => {
            published::restore_published(workspace, store, options)
                .unwrap_or_else(|fault| format!("warning: {}\n", one_line(&fault.to_string(), 400)))
        }
        _ => String::new(),
    };
    let asked = refresh_all(
        workspace,
        &examined.catalogue.projects(),
        &examined.policy(),
        options,
    )?;
    if let Some(store) = &examined.store {
        upstreams::ask(workspace, store, options)?;
    }
    workspace.answers_dir.settle_ledger()?;
    // While a registry fails, no description is deleted.
    let pruned = if asked.failed.is_empty() {
        workspace.answers_dir.prune_descriptions()?
    } else {
        0
    };
    let pruned = if pruned > 0 {
        format!(
            "removed {} that no answer names\n",
            counted(pruned, "old description")
        )
    } else {
        String::new()
    };
    let stderr = format!(
        "{taken}{}{}\n{pruned}",
        failures(&asked),
        summary(&asked, started.elapsed().as_secs_f64())
    );
    let is_blind = asked.asked > 0 && asked.failed.len() == asked.asked && asked.kept == 0;
    let verdict = if is_blind {
        "error: no registry answered, and nothing was known before\n"
    } else {
        ""
    };
    Ok(Outcome {
        stderr: stderr + verdict,
        exit: if is_blind { 2 } else { 0 },
        ..Outcome::default()
    })
}

/// Queries `projects` whose saved answer is older than the maximum age in `policy`, and saves the
/// results. The policy also limits the size of packages.
///
/// # Errors
/// Returns an error if answers cannot be read or saved. Failures of registries are in the result.
pub fn refresh_all(
    workspace: &Workspace,
    projects: &Projects<'_>,
    policy: &Policy,
    options: &Options,
) -> Result<RefreshSummary, Error> {
    refresh_stale(
        workspace,
        projects,
        policy.max_age_seconds(),
        policy.max_package(),
        options,
    )
}

fn refresh_stale(
    workspace: &Workspace,
    projects: &Projects<'_>,
    max_age: i64,
    max_package: u64,
    options: &Options,
) -> Result<RefreshSummary, Error> {
    let now = clock::now();
    let mut asked = RefreshSummary::default();
    let mut due = Vec::new();
    let mut addresses = BTreeMap::new();
    for registry in registry::ALL {
        addresses.insert(
            registry.id(),
            RegistryClient::registry_url(*registry, options)?,
        );
    }
    for (key, subject) in projects {
        let mut saved = workspace.answers_dir.answer(key)?;
        let is_whole = saved.as_ref().is_none_or(|it| has_its_text(workspace, it));
        // The answer of another registry for a project with this name is not an answer to this
        // query.
        let is_of_it = saved
            .as_ref()
            .is_some_and(|it| Some(&it.registry_url) == addresses.get(key.registry));
        let is_fresh = is_whole
            && is_of_it
            && saved
                .as_ref()
                .is_some_and(|it| is_fresh(it, subject, now, max_age));
        if let (Some(saved), false) = (&mut saved, is_whole) {
            // The response "not modified" would bring no text: the query must be unconditional.
            saved.validators = None;
        }
        if is_fresh && !options.refresh {
            asked.fresh += 1;
            if options.occasion == Occasion::Asked {
                workspace.answers_dir.settle(key)?;
            }
        } else {
            due.push(Due {
                key,
                subject: *subject,
                last: saved,
            });
        }
    }
    for registry in registry::ALL {
        let of_registry: Vec<Due<'_>> = due
            .extract_if(.., |it| it.key.registry == registry.id())
            .collect();
        if !of_registry.is_empty() {
            ask_one_registry(
                workspace,
                *registry,
                of_registry,
                now,
                (options, max_package),
                &mut asked,
            )?;
        }
    }
    Ok(asked)
}

/// Reads the packages in the store itself, and the manifests in snippets. Queries no server.
///
/// # Errors
/// Returns an error if answers cannot be read or saved.
pub fn read_own(
    workspace: &Workspace,
    projects: &Projects<'_>,
    policy: &Policy,
) -> Result<RefreshSummary, Error> {
    let is_own = |key: &ProjectKey, subject: &ResolveTarget<'_>| {
        let is_local = registry::find(key.registry).is_some_and(|registry| registry.is_local());
        is_local
            && subject
                .locator
                .is_some_and(|locator| locator.archive.iter().all(|pin| pin.url.is_none()))
    };
    let own: Projects<'_> = projects
        .iter()
        .filter(|(key, subject)| is_own(key, subject))
        .map(|(key, it)| (key.clone(), *it))
        .collect();
    let options = Options {
        refresh: false,
        from_published: false,
        occasion: Occasion::Passing,
        jobs: 1,
        addresses: BTreeMap::new(),
        patience: RetryPolicy::default(),
    };
    refresh_stale(workspace, &own, i64::MAX, policy.max_package(), &options)
}

/// Project to query.
struct Due<'d> {
    key: &'d ProjectKey,
    subject: ResolveTarget<'d>,
    last: Option<Answer>,
}

/// Returns `true` if the long description that `answer` names is saved. Committed answers come
/// without it.
fn has_its_text(workspace: &Workspace, answer: &Answer) -> bool {
    let named = answer
        .project
        .as_ref()
        .and_then(|project| project.newest.description.as_ref());
    named.is_none_or(|description| workspace.answers_dir.has_description(&description.sha256))
}

fn is_fresh(answer: &Answer, subject: &ResolveTarget<'_>, now: Timestamp, max_age: i64) -> bool {
    if !contents::is_inspected(answer, subject) {
        return false;
    }
    let age = now.as_second() - answer.checked_at.as_second();
    answer.trouble.is_none() && (0..max_age).contains(&age)
}

fn ask_one_registry(
    workspace: &Workspace,
    registry: &dyn registry::Registry,
    due: Vec<Due<'_>>,
    now: Timestamp,
    (options, max_package): (&Options, u64),
    asked: &mut RefreshSummary,
) -> Result<(), Error> {
    let way = RegistryClient::to(registry, options)?;
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(options.jobs.max(1))
        .build()
        .with_context(|| "starting threads".to_owned())?;
    let bar = terminal::bar(due.len(), &format!("asking {}", registry.id()));
    let run = registry::CircuitBreaker::default();
    let asking = resolve::RegistryHandle {
        registry,
        base: way.base(),
        web: way.web(),
        run: &run,
    };
    let bench = contents::PackageFetcher {
        workspace,
        way: &way,
        max_package,
    };
    let in_a_row = AtomicUsize::new(0);
    let ask =
        |Due { key, subject, last }: Due<'_>| -> Result<(ProjectKey, Resolution, bool), Error> {
            let is_down = in_a_row.load(Ordering::Relaxed) >= FAILURE_THRESHOLD;
            let before = last.clone();
            let down = || {
                format!(
                    "the registry seems to be down: {FAILURE_THRESHOLD} questions in a row had failed"
                )
            };
            let one = || -> Result<Resolved, Error> {
                let mut resolved = match way.web().refusal().or_else(|| is_down.then(down)) {
                    Some(why) => {
                        resolve::apply_reply(key, last, Err(registry::RegistryError(why)), now)
                    }
                    None => {
                        resolve::one(&asking, key, subject.locator.unwrap_or(&PLAIN), last, now)
                    }
                };
                contents::complete(&bench, key, &subject, before.as_ref(), &mut resolved)?;
                Ok(resolve::kept(resolved, key, before.clone(), now))
            };
            // Whatever a stranger's package does to the program, the others are asked all the same.
            let resolved = panic::catch_unwind(AssertUnwindSafe(one)).unwrap_or_else(|_| {
                let why = "this program failed on what it sent, which is a fault of the program"
                    .to_owned();
                Ok(resolve::apply_reply(
                    key,
                    before.clone(),
                    Err(registry::RegistryError(why)),
                    now,
                ))
            })?;
            match resolved.what {
                Resolution::Failed(_) => in_a_row.fetch_add(1, Ordering::Relaxed),
                _ => in_a_row.swap(0, Ordering::Relaxed),
            };
            save(workspace, options.occasion, key, &resolved)?;
            bar.inc(1);
            Ok((key.clone(), resolved.what, resolved.answer.is_some()))
        };
    // One job at a time per thread: a slow response must not delay the projects after it.
    let results: Vec<(ProjectKey, Resolution, bool)> = pool.install(|| {
        due.into_par_iter()
            .with_max_len(1)
            .map(ask)
            .collect::<Result<_, _>>()
    })?;
    bar.finish_and_clear();
    for (key, what, is_known) in results {
        asked.asked += 1;
        match what {
            Resolution::New => asked.new += 1,
            Resolution::Same => {}
            Resolution::Gone => asked.gone += 1,
            Resolution::Failed(why) => {
                asked.kept += usize::from(is_known);
                asked.failed.push((key, why));
            }
        }
    }
    Ok(())
}

/// Saves the long description first: an answer never names a missing description.
fn save(
    workspace: &Workspace,
    occasion: Occasion,
    key: &ProjectKey,
    resolved: &Resolved,
) -> Result<(), Error> {
    let Some(answer) = &resolved.answer else {
        return Ok(());
    };
    let named = answer
        .project
        .as_ref()
        .and_then(|project| project.newest.description.as_ref());
    if let (Some(text), Some(description)) = (&resolved.description, named) {
        workspace
            .answers_dir
            .save_description(occasion, &description.sha256, text)?;
    }
    workspace.answers_dir.save_on(occasion, key, answer)?;
    Ok(())
}

/// Returns one line per failure. If there are many, failures with the same message share a line.
pub fn failures(asked: &RefreshSummary) -> String {
    const MOST: usize = 5;
    let mut alike: BTreeMap<&str, Vec<&ProjectKey>> = BTreeMap::new();
    for (key, why) in &asked.failed {
        alike.entry(why).or_default().push(key);
    }
    let mut text = String::new();
    for (why, keys) in alike {
        if keys.len() > MOST {
            text.push_str(&format!(
                "warning: {} and {} more: {why}; what was known before is kept\n",
                keys[0],
                keys.len() - 1
            ));
            continue;
        }
        for key in keys {
            text.push_str(&format!(
                "warning: {key}: {why}; what was known before is kept\n"
            ));
        }
    }
    text
}

/// Returns a line such as "asked for 81 projects: 3 new, 77 as before, 1 gone, 0 failed; 12 young
/// enough; 1.3 s".
pub fn summary(asked: &RefreshSummary, seconds: f64) -> String {
    let same = asked.asked - asked.new - asked.gone - asked.failed.len();
    format!(
        "asked for {}: {} new, {same} as before, {} gone, {} failed; {} young enough not to ask; {seconds:.1} s",
        counted(asked.asked, "project"),
        asked.new,
        asked.gone,
        asked.failed.len(),
        asked.fresh,
    )
}
