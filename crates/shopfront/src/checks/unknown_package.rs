//! A project that the registry does not know, or no longer.

use super::{Case, source_place};
use super::{Check, Rule};
use crate::answers::State;
use crate::diagnostic::{Code, Diagnostic, code};

static CODE: Code = code!("unknown-package", Error, Answers);
/// Its line of the table.
pub(super) static CHECK: Check = Check { code: &CODE, rule: Rule::Answer(run) };

fn run(case: &Case<'_>, found: &mut Vec<Diagnostic>) {
    if case.answer.state == State::Found {
        return;
    }
    let name = &case.snippet.source.name;
    let (message, help) = match &case.answer.project {
        // 404 means: never was, deleted, without a release, or quarantined.
        Some(_) => (
            format!("the project `{name}` is gone from its registry"),
            "when its author gave it up, set `lifecycle.state` to `withdrawn` or name a successor",
        ),
        None => (
            format!("the registry knows no project `{name}`"),
            "check the spelling; a new project is known some minutes after its first upload",
        ),
    };
    found.push(CODE.at(source_place(case.snippet), "not there", message).help(help));
}
