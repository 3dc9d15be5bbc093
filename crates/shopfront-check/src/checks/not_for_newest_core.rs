//! A plugin of Forecast in a Box that its newest version does not take.

use super::{AnswerContext, no_core_release};
use super::{Check, Rule};
use shopfront_diagnostics::{Code, Diagnostic, code};

static CODE: Code = code!("not-for-newest-core", Warning, Answers);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Answer(run),
};

fn run(case: &AnswerContext<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let (Some(project), Some(newest)) = (case.answer.found(), case.versions.newest_major()) else {
        return;
    };
    let fits_newest = |release| {
        case.host
            .adapter
            .compatible_majors(case.versions, project, release)
            .contains(&(case.versions.majors.len() - 1))
    };
    let is_told_already =
        project.newest_release().is_none() || no_core_release::is_without_core_release(case);
    if !case.host.adapter.fits_by_major()
        || is_told_already
        || project.releases.iter().any(fits_newest)
    {
        return;
    }
    let message = format!(
        "`{}` has no release for the newest core, {}",
        case.snippet.source.name, newest.name
    );
    diagnostics.push(
        CODE.at(
            case.snippet.source_place(),
            "not for the newest core",
            message,
        )
        .help(format!(
            "upload a final release {}.0.0 with a wheel",
            newest.name
        )),
    );
}
