//! A project that its owner archived, and a snippet that does not say so.

use super::AnswerContext;
use super::{Check, Rule};
use shopfront_diagnostics::{Code, Diagnostic, code};

static CODE: Code = code!("archived-project", Warning, Answers);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Answer(run),
};

fn run(case: &AnswerContext<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let Some(project) = case.answer.found().filter(|project| project.is("archived")) else {
        return;
    };
    if case.snippet.body.lifecycle.is_some() {
        return;
    }
    let message = format!(
        "the registry says that `{}` is archived{}",
        project.name,
        super::status_reason(project)
    );
    diagnostics.push(
        CODE.at(case.snippet.source_place(), "no more releases will come", message)
            .help("say so in the snippet: `\"lifecycle\": { \"state\": \"abandoned\", \"reason\": \"…\" }`"),
    );
}
