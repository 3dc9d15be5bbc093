//! A plugin of Forecast in a Box that fits no version of it.

use super::AnswerContext;
use super::{Check, Rule};
use shopfront_diagnostics::{Code, Diagnostic, code};

static CODE: Code = code!("no-core-release", Error, Answers);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Answer(run),
};

fn run(case: &AnswerContext<'_>, diagnostics: &mut Vec<Diagnostic>) {
    if !is_without_core_release(case) {
        return;
    }
    let majors: Vec<String> = case
        .versions
        .majors
        .iter()
        .map(|it| it.name.clone())
        .collect();
    let message = format!(
        "no release of `{}` fits a version of the core ({})",
        case.snippet.source.name,
        majors.join(", ")
    );
    diagnostics.push(
        CODE.at(case.snippet.source_place(), "fits no core", message)
            .help("upload a final release with a wheel whose major version is that of the core"),
    );
}

/// Returns `true` if the plugin has releases, but none that is compatible with any major version of
/// the core.
pub(super) fn is_without_core_release(case: &AnswerContext<'_>) -> bool {
    let Some(project) = case
        .answer
        .found()
        .filter(|it| case.host.adapter.fits_by_major() && it.newest_release().is_some())
    else {
        return false;
    };
    !case.versions.majors.is_empty()
        && project.releases.iter().all(|release| {
            case.host
                .adapter
                .compatible_majors(case.versions, project, release)
                .is_empty()
        })
}
