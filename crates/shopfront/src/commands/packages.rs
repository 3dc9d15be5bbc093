//! Packages of the entries that a branch adds or changes: read at their registry, and checked
//! against every rule.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::add::candidate;
use super::contents::PackageFetcher;
use super::examine::{Examined, Workspace};
use super::registry_client::RegistryClient;
use super::{contents, resolve};
use shopfront_check::checks::{self, ArchiveContext};
use shopfront_diagnostics::error::{Context, Error};
use shopfront_diagnostics::{Diagnostic, Location};
use shopfront_model::answers::{Answer, Release};
use shopfront_model::catalogue::{Pin, Policy, ResolveTarget, Snippet};
use shopfront_registry as registry;

/// Result of the inspection of packages.
#[derive(Default)]
pub struct LookedInto {
    /// Diagnostics, each at the source of its snippet: a pull request does not contain the package.
    pub found: Vec<Diagnostic>,
    /// One line per package that could not be fetched.
    pub told: String,
}

/// Looks into the newest release of every snippet whose file is in `changed`, as far as `policy` allows.
///
/// # Errors
/// Returns an error if the URL of a registry is invalid, or a saved answer cannot be read. Packages
/// that cannot be fetched are in the result.
pub fn of_changed(
    workspace: &Workspace,
    examined: &Examined,
    changed: &BTreeSet<String>,
    policy: &Policy,
    asking: &resolve::Options,
) -> Result<LookedInto, Error> {
    let is_new = |snippet: &&Snippet| changed.contains(&snippet.path) && !snippet.is_withdrawn();
    let snippets: Vec<&Snippet> = examined.catalogue.snippets.iter().filter(is_new).collect();
    let projects = examined.catalogue.projects();
    let mut looked = LookedInto::default();
    for registry in registry::ALL {
        let of_registry: Vec<&Snippet> = snippets
            .iter()
            .filter(|it| it.source.registry == registry.id())
            .copied()
            .collect();
        if of_registry.is_empty() {
            continue;
        }
        let way = RegistryClient::to(*registry, asking)?;
        let bench = PackageFetcher {
            workspace,
            way: &way,
            max_package: policy.max_package(),
        };
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(asking.jobs.max(1))
            .build()
            .with_context(|| "starting threads".to_owned())?;
        let look = |snippet: &&Snippet| -> Result<(Vec<Diagnostic>, String), Error> {
            let answer = workspace.answers_dir.answer(&snippet.source)?;
            let Some(project) = answer
                .as_ref()
                .and_then(Answer::found)
                .filter(|project| project.newest_release().is_some())
            else {
                // Already reported as `unknown-package` or `no-release`.
                return Ok((Vec::new(), String::new()));
            };
            let host = examined.catalogue.host_of(snippet);
            let subject = projects.get(&snippet.source).copied().unwrap_or_default();
            let found = match host.adapter.reader() {
                Some(_) => {
                    let of_version =
                        |release: &Release| of_bundle(&bench, snippet, &subject, release);
                    let releases = contents::wanted(project, registry.reads());
                    releases
                        .into_iter()
                        .map(of_version)
                        .collect::<Result<Vec<Faults>, Error>>()?
                        .into_iter()
                        .collect::<Result<Vec<_>, String>>()
                }
                None => match candidate::fetch(
                    *registry,
                    &way,
                    &snippet.source,
                    None,
                    bench.max_package,
                ) {
                    Ok(package) => Ok(vec![package.check(workspace, examined, Some(host))?]),
                    Err(why) => Err(why),
                },
            };
            match found {
                Ok(found) => Ok((
                    found
                        .into_iter()
                        .flatten()
                        .map(|fault| at_source(fault, snippet))
                        .collect(),
                    String::new(),
                )),
                Err(why) => Ok((
                    Vec::new(),
                    format!(
                        "warning: the package of {} was not looked into: {why}\n",
                        snippet.source
                    ),
                )),
            }
        };
        let all: Vec<(Vec<Diagnostic>, String)> = pool.install(|| {
            of_registry
                .par_iter()
                .with_max_len(1)
                .map(look)
                .collect::<Result<_, _>>()
        })?;
        for (found, told) in all {
            looked.found.extend(found);
            looked.told.push_str(&told);
        }
    }
    Ok(looked)
}

/// Diagnostics of one package, or the reason why it could not be fetched.
type Faults = Result<Vec<Diagnostic>, String>;

fn of_bundle(
    bench: &PackageFetcher<'_>,
    snippet: &Snippet,
    subject: &ResolveTarget<'_>,
    release: &Release,
) -> Result<Faults, Error> {
    let is_pinned = |pin: &&Pin| pin.version == release.version;
    let pin = snippet.locator.archive.iter().find(is_pinned);
    if pin.is_some_and(|pin| pin.url.is_none()) {
        // Packages in the store itself are inspected by every check.
        return Ok(Ok(Vec::new()));
    }
    let opened = contents::open(bench, &snippet.source, subject, release)?;
    Ok(opened.map(|opened| {
        let mut found: Vec<Diagnostic> = opened
            .bundle
            .iter()
            .flat_map(|bundle| checks::run_archive(&ArchiveContext::of_bundle(bundle)))
            .collect();
        found.extend(opened.reading.found);
        found
    }))
}

/// Returns the diagnostic at a location that a pull request shows: the source in the snippet.
fn at_source(fault: Diagnostic, snippet: &Snippet) -> Diagnostic {
    fault.told_at(Location::value(
        &snippet.path,
        format!("/source/{}", snippet.source.registry),
    ))
}
