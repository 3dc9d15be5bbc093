//! A project that the registry does not know, or no longer.

use super::{Check, ProjectContext, Rule};
use shopfront_diagnostics::{Code, Diagnostic, code};
use shopfront_model::answers::State;

static CODE: Code = code!("unknown-package", Error, Answers);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Project(run),
};

fn run(case: &ProjectContext<'_>, diagnostics: &mut Vec<Diagnostic>) {
    if case.answer.state == State::Found {
        return;
    }
    let name = case.name;
    let (message, help) = match &case.answer.project {
        // 404 means: never was, deleted, without a release, or quarantined.
        Some(_) => (
            format!("the project `{name}` is gone from its registry"),
            case.told(
                "when its author gave it up, set `lifecycle.state` to `withdrawn` or name a successor",
                "name the project that the application is released as today",
            ),
        ),
        None => (
            format!("the registry knows no project `{name}`"),
            case.told(
                "check the spelling; a new project is known some minutes after its first upload",
                "check the spelling: it is the name by which installers know the application itself",
            ),
        ),
    };
    diagnostics.push(CODE.at(case.place.clone(), "not there", message).help(help));
}
