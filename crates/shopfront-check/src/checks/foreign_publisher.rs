//! A release that was built by another repository than the one that the snippet states.

use super::{AnswerContext, Check, Rule};
use shopfront_diagnostics::{Code, Diagnostic, Location, code};

static CODE: Code = code!("foreign-publisher", Error, Answers);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Answer(run),
};

fn run(case: &AnswerContext<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let (Some(project), Some((release, _))) = (case.answer.found(), case.newest()) else {
        return;
    };
    let publisher = project
        .attestation_of(release)
        .and_then(|it| it.publisher.as_ref());
    let (Some(publisher), Some(stated)) = (publisher, &case.snippet.body.repository) else {
        return;
    };
    // The same code may lie at two services; only of one and the same can be told that they differ.
    let (Some(false), Some(built_by)) = (publisher.is_at(stated), publisher.address()) else {
        return;
    };
    let message = format!(
        "the registry says that `{}` {} was published from {}, not from the repository stated here",
        project.name,
        release.version,
        super::one_line(&built_by)
    );
    diagnostics.push(
        CODE.at(
            Location::value(&case.snippet.path, "/repository"),
            "not where it was published from",
            message,
        )
        .help(format!(
            "if that is the plugin's repository: `\"repository\": {}`",
            serde_json::Value::from(super::one_line(&built_by))
        )),
    );
}
