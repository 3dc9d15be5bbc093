//! A project that has no final release yet.

use super::{Check, ProjectContext, Rule};
use shopfront_diagnostics::{Code, Diagnostic, code};
use shopfront_model::answers::ReleaseStatus;

static CODE: Code = code!("only-prereleases", Warning, Answers);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Project(run),
};

fn run(case: &ProjectContext<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let Some((release, ReleaseStatus::Prerelease)) = case.newest() else {
        return;
    };
    let message = format!(
        "`{}` has only pre-releases, the newest is {}",
        case.name, release.version
    );
    diagnostics.push(CODE.at(case.place.clone(), "only pre-releases", message).help(case.told(
        "upload a final release when it is ready: from then on installers leave pre-releases out",
        "wait for its first final release: plugins are told to fit final releases alone",
    )));
}
