//! A project of which nothing can be installed.

use super::{Check, ProjectContext, Rule};
use shopfront_diagnostics::{Code, Diagnostic, code};

static CODE: Code = code!("no-release", Error, Answers);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Project(run),
};

fn run(case: &ProjectContext<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let Some(project) = case.answer.found() else {
        return;
    };
    // What is in quarantine has no files, and that is told already.
    if project.newest_release().is_some() || project.is("quarantined") {
        return;
    }
    let message = match project.releases.len() {
        0 => format!("the project `{}` has no release", project.name),
        _ => format!("no release of `{}` has a file", project.name),
    };
    diagnostics.push(
        CODE.at(case.place.clone(), "nothing to install", message)
            .help(case.told(
                "upload a release, then list the plugin",
                "check the spelling; of a host without a release, no plugin is told to fit",
            )),
    );
}
