//! A newest release that lacks an attestation which earlier ones had, or has one of another
//! repository.

use super::AnswerContext;
use super::{Check, Rule};
use shopfront_diagnostics::{Code, Diagnostic, code};
use shopfront_model::answers::{Project, Publisher, Release, ReleaseStatus};

static CODE: Code = code!("lost-attestation", Warning, Answers);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Answer(run),
};

fn run(case: &AnswerContext<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let (Some(project), Some((newest, ReleaseStatus::Final))) =
        (case.answer.found(), case.newest())
    else {
        return;
    };
    let (label, message, help) = if let Some(earlier) = last_attested(project, newest) {
        let message = format!(
            "not every file of `{}` {} is attested, and those of {} were",
            project.name, newest.version, earlier.version
        );
        (
            "was attested before",
            message,
            "publish by the workflow that published before, not by hand",
        )
    } else if let Some((version, before, now)) = changed_publisher(project, newest) {
        let message = format!(
            "`{}` {} was published from {}, and {} from {}",
            project.name,
            newest.version,
            super::one_line(&now),
            super::one_line(version),
            super::one_line(&before)
        );
        (
            "published from another repository before",
            message,
            "look whether the project was handed over on purpose",
        )
    } else {
        return;
    };
    diagnostics.push(
        CODE.at(case.snippet.source_place(), label, message)
            .help(help),
    );
}

/// The last final release before `newest` that was attested, when that one is known not to be.
fn last_attested<'p>(project: &'p Project, newest: &Release) -> Option<&'p Release> {
    if newest.attested != Some(false) {
        return None;
    }
    let is_one = |release: &&Release| {
        release.attested == Some(true) && !release.yanked && !release.is_prerelease()
    };
    earlier(project, newest).iter().rev().find(is_one)
}

/// The attested release before `newest`, when another repository published it: its version, that
/// repository, and the one of today.
fn changed_publisher<'p>(
    project: &'p Project,
    newest: &Release,
) -> Option<(&'p str, String, String)> {
    let now = project.attestation_of(newest)?.publisher.as_ref()?;
    let is_earlier = |version: &str| {
        earlier(project, newest)
            .iter()
            .any(|release| release.version == version)
    };
    let before = project
        .attestations
        .iter()
        .find(|it| is_earlier(&it.version))?;
    let publisher = before.publisher.as_ref()?;
    let named = |it: &Publisher| it.address().or_else(|| it.repository.clone());
    let (was, is) = (named(publisher)?, named(now)?);
    (!now.is_of_same_repository(publisher)).then_some((before.version.as_str(), was, is))
}

/// The releases before `newest`, the oldest first.
fn earlier<'p>(project: &'p Project, newest: &Release) -> &'p [Release] {
    let at = project
        .releases
        .iter()
        .position(|release| release.version == newest.version)
        .unwrap_or_default();
    &project.releases[..at]
}
