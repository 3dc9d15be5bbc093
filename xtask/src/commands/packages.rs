//! The packages of what a branch adds or changes: read where they lie, and held against every rule.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::add::offered;
use super::examine::{Examined, Workspace};
use super::way::Way;
use super::{inspect, resolve};
use crate::answers::{Answer, ProjectKey};
use crate::catalogue::Snippet;
use crate::diagnostic::{Diagnostic, Place, Spot};
use crate::error::{Doing, Error};
use crate::registry;

/// What was found in the packages.
#[derive(Default)]
pub struct LookedInto {
    /// The faults, each at the source of its snippet: nobody else sees the package.
    pub found: Vec<Diagnostic>,
    /// A line for each package that could not be had.
    pub told: String,
}

/// Looks into the newest release of every snippet whose file is in `changed`.
///
/// # Errors
/// When the address of a registry is none, or a saved answer can not be read. That a package can not be had is in the result.
pub fn of_changed(
    workspace: &Workspace,
    examined: &Examined,
    changed: &BTreeSet<String>,
    asking: &resolve::Options,
) -> Result<LookedInto, Error> {
    let is_new = |snippet: &&Snippet| changed.contains(&snippet.path) && !snippet.is_withdrawn();
    let snippets: Vec<&Snippet> = examined.catalogue.snippets.iter().filter(is_new).collect();
    let mut looked = LookedInto::default();
    for registry in registry::ALL {
        let of_registry: Vec<&Snippet> = snippets.iter().filter(|it| it.source.registry == registry.id()).copied().collect();
        if of_registry.is_empty() {
            continue;
        }
        let way = Way::to(*registry, asking)?;
        let pool = rayon::ThreadPoolBuilder::new().num_threads(asking.jobs.max(1)).build().doing(|| "starting threads".to_owned())?;
        let look = |snippet: &&Snippet| -> Result<(Vec<Diagnostic>, String), Error> {
            if !has_release(workspace, &snippet.source)? {
                // That is told already: `unknown-package`, `no-release`.
                return Ok((Vec::new(), String::new()));
            }
            match offered::fetch(*registry, &way, &snippet.source, offered::max_bytes(examined)) {
                Ok(package) => {
                    let host = examined.catalogue.host(&snippet.host);
                    let found = inspect::check(workspace, examined, &package, host)?;
                    Ok((found.into_iter().map(|fault| at_source(fault, snippet)).collect(), String::new()))
                }
                Err(why) => Ok((Vec::new(), format!("warning: the package of {} was not looked into: {why}\n", snippet.source))),
            }
        };
        let all: Vec<(Vec<Diagnostic>, String)> =
            pool.install(|| of_registry.par_iter().with_max_len(1).map(look).collect::<Result<_, _>>())?;
        for (found, told) in all {
            looked.found.extend(found);
            looked.told.push_str(&told);
        }
    }
    Ok(looked)
}

fn has_release(workspace: &Workspace, key: &ProjectKey) -> Result<bool, Error> {
    let answer = workspace.shelf.answer(key)?;
    Ok(answer.as_ref().and_then(Answer::found).is_some_and(|project| project.newest_release().is_some()))
}

/// The same fault at the place that a pull request shows: the name of the project in the snippet.
fn at_source(mut fault: Diagnostic, snippet: &Snippet) -> Diagnostic {
    let within = match &fault.primary.place.spot {
        Spot::Whole => String::new(),
        _ => format!(" (in `{}`)", fault.primary.place.path),
    };
    fault.message.push_str(&within);
    fault.primary.place = Place::value(&snippet.path, format!("/source/{}", snippet.source.registry));
    fault.others.retain(|label| label.place.path.ends_with(".json"));
    fault
}
