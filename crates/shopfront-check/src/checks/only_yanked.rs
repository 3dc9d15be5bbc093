//! A project whose every release was withdrawn by its author.

use super::{Check, ProjectContext, Rule};
use shopfront_diagnostics::{Code, Diagnostic, code};
use shopfront_model::answers::ReleaseStatus;

static CODE: Code = code!("only-yanked", Warning, Answers);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Project(run),
};

fn run(case: &ProjectContext<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let Some((release, ReleaseStatus::Yanked)) = case.newest() else {
        return;
    };
    let reason = release
        .yanked_reason
        .as_deref()
        .map(|reason| format!(": {}", super::one_line(reason)))
        .unwrap_or_default();
    let message = format!(
        "every release of `{}` is yanked, the newest ({}) too{reason}",
        case.name, release.version
    );
    diagnostics.push(CODE.at(case.place.clone(), "only yanked releases", message).help(case.told(
        "upload a release that works; until then the page says that the newest is yanked",
        "check the spelling; of a host without a release that is not yanked, no plugin is told to fit",
    )));
}
