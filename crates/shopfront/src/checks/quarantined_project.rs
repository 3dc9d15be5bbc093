//! A project that its registry holds back because it may be harmful.

use super::{Case, source_place};
use super::{Check, Rule};
use crate::diagnostic::{Code, Diagnostic, code};

static CODE: Code = code!("quarantined-project", Error, Answers);
/// Its line of the table.
pub(super) static CHECK: Check = Check { code: &CODE, rule: Rule::Answer(run) };

fn run(case: &Case<'_>, found: &mut Vec<Diagnostic>) {
    let Some(project) = case.answer.found().filter(|project| project.is("quarantined")) else { return };
    let message = format!("the registry holds `{}` in quarantine{}", project.name, super::status_reason(project));
    found.push(
        CODE.at(source_place(case.snippet), "in quarantine", message)
            .help("the registry's support tells its owner why; list the plugin when it is released"),
    );
}
