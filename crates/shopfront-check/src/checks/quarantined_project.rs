//! A project that its registry holds back because it may be harmful.

use super::{Check, ProjectContext, Rule};
use shopfront_diagnostics::{Code, Diagnostic, code};

static CODE: Code = code!("quarantined-project", Error, Answers);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Project(run),
};

fn run(case: &ProjectContext<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let Some(project) = case
        .answer
        .found()
        .filter(|project| project.is("quarantined"))
    else {
        return;
    };
    let message = format!(
        "the registry holds `{}` in quarantine{}",
        project.name,
        super::status_reason(project)
    );
    diagnostics.push(CODE.at(case.place.clone(), "in quarantine", message).help(case.told(
        "the registry's support tells its owner why; list the plugin when it is released",
        "the registry's support tells its owner why; until it is released, no plugin is told to fit",
    )));
}
