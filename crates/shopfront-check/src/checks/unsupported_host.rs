//! A plugin whose newest release fits no version of its host that the store shows.

use super::{AnswerContext, Check, Rule, one_line};
use shopfront_diagnostics::{Code, Diagnostic, code};

static CODE: Code = code!("unsupported-host", Warning, Answers);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Answer(run),
};

fn run(case: &AnswerContext<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let (Some(project), Some((release, _)), Some(_)) = (
        case.answer.found(),
        case.newest(),
        case.host.adapter.reader(),
    ) else {
        return;
    };
    let is_known = release.contents_of(case.host.kind.name).is_some()
        && !release.requires.is_empty()
        && !release.yanked;
    if !is_known
        || case.versions.majors.is_empty()
        || !case
            .host
            .adapter
            .compatible_majors(case.versions, project, release)
            .is_empty()
    {
        return;
    }
    let shown: Vec<&str> = case
        .versions
        .majors
        .iter()
        .map(|major| major.name.as_str())
        .collect();
    let wanted: Vec<String> = release
        .requires
        .iter()
        .map(|(name, range)| format!("{name} {range}"))
        .collect();
    let message = format!(
        "release {} wants {}, which no version of {} that the store shows is ({})",
        release.version,
        one_line(&wanted.join(", ")),
        case.host.body.title,
        shown.join(", ")
    );
    diagnostics.push(
        CODE.at(
            case.snippet.source_place(),
            "fits no version that is shown",
            message,
        )
        .help("release it with a wider range, after a test"),
    );
}
