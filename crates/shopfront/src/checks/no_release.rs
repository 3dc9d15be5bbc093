//! A project of which nothing can be installed.

use super::{Case, source_place};
use super::{Check, Rule};
use crate::diagnostic::{Code, Diagnostic, code};

static CODE: Code = code!("no-release", Error, Answers);
/// Its line of the table.
pub(super) static CHECK: Check = Check { code: &CODE, rule: Rule::Answer(run) };

fn run(case: &Case<'_>, found: &mut Vec<Diagnostic>) {
    let Some(project) = case.answer.found() else { return };
    // What is in quarantine has no files, and that is told already.
    if project.newest_release().is_some() || project.is("quarantined") {
        return;
    }
    let message = match project.releases.len() {
        0 => format!("the project `{}` has no release", project.name),
        _ => format!("no release of `{}` has a file", project.name),
    };
    found.push(CODE.at(source_place(case.snippet), "nothing to install", message).help("upload a release, then list the plugin"));
}
