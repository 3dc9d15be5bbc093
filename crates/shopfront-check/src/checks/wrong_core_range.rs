//! A plugin of Forecast in a Box that allows another core than the one that its version says.

use pep440_rs::Version;

use super::{Check, PackageContext, Rule, one_line};
use shopfront_diagnostics::{Code, Diagnostic, code};
use shopfront_package::requirement;

static CODE: Code = code!("wrong-core-range", Error, Package);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Package(run),
};

fn run(case: &PackageContext<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let (Some(metadata), Some(core)) = (
        case.metadata()
            .filter(|_| case.is_of_host(|adapter| adapter.fits_by_major())),
        case.host_project(),
    ) else {
        return;
    };
    let Some(own) = case
        .version()
        .and_then(|version| version.release().first().copied())
    else {
        return;
    };
    let lines = metadata.requirements_of(&core.name);
    // One with a marker may be meant for some machines only; its range can not be held against all.
    let (Some(first), false) = (
        lines.first(),
        lines
            .iter()
            .any(|line| requirement::is_conditional(&line.value)),
    ) else {
        return;
    };
    let Some(range) = requirement::range_of(&core.name, &case.package.requirements()) else {
        return;
    };
    let allows = |major: u64| {
        versions_of(case, major)
            .iter()
            .any(|version| range.contains(version))
    };
    let others: Vec<u64> = (own.saturating_sub(1)..=own + 1)
        .filter(|major| *major != own && allows(*major))
        .collect();
    let written = one_line(&range.written.join(", "));
    let message = match (allows_newest(case, own, &range), others.as_slice()) {
        (true, []) => return,
        (true, others) => {
            let others: Vec<String> = others.iter().map(u64::to_string).collect();
            format!(
                "version {own} of the plugin requires `{written}`, which allows core {} too",
                others.join(" and ")
            )
        }
        (false, _) => match case.versions.majors.iter().find(|major| major.is(own)) {
            Some(major) => format!(
                "version {own} of the plugin requires `{written}`, which excludes {} {}",
                core.name, major.newest
            ),
            None => format!(
                "version {own} of the plugin requires `{written}`, which excludes core {own}"
            ),
        },
    };
    let mut diagnostic = CODE.at(case.place_of(first), "not the core of this version", message).help(format!(
        "require `{}>={own},<{}`, and give the plugin the major version of the core that it is for",
        core.name,
        own + 1
    ));
    for line in &lines[1..] {
        diagnostic = diagnostic.with_secondary(case.place_of(line), "and this");
    }
    diagnostics.push(diagnostic);
}

/// Returns `true` if the newest core of the plugin's own major is allowed; of an unreleased major,
/// whether any is.
fn allows_newest(case: &PackageContext<'_>, own: u64, range: &requirement::Range) -> bool {
    match case.versions.majors.iter().find(|major| major.is(own)) {
        Some(major) => range.contains(&major.newest),
        None => versions_of(case, own)
            .iter()
            .any(|version| range.contains(version)),
    }
}

/// Versions of the core that stand for a major: its first, its newest, and one that is yet to come.
fn versions_of(case: &PackageContext<'_>, major: u64) -> Vec<Version> {
    let newest = case
        .versions
        .majors
        .iter()
        .filter(|it| it.is(major))
        .map(|it| it.newest.clone());
    newest
        .chain([Version::new([major, 0, 0]), Version::new([major, 999, 0])])
        .collect()
}
