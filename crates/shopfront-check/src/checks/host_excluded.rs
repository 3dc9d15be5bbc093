//! A plugin that can not be installed beside the newest version of its host.

use pep440_rs::Version;

use super::{AnswerContext, PackageContext};
use super::{Check, Rule};
use shopfront_diagnostics::{Code, Diagnostic, code};
use shopfront_package::requirement::{self, Range};

static CODE: Code = code!("host-excluded", Error, Answers);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::AnswerOrPackage(run, run_package),
};

fn run(case: &AnswerContext<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let (Some(required), Some(host)) = (case.requirements(), case.host.adapter.host_project())
    else {
        return;
    };
    let (Some(newest), Some(newest_of_all)) = (&case.versions.newest, &case.versions.newest_of_all)
    else {
        return;
    };
    let Some(range) = requirement::range_of(&host.name, required)
        .filter(|_| case.host.adapter.fits_by_requirement())
    else {
        return;
    };
    if is_allowed(&range, newest, newest_of_all) {
        return;
    }
    let message = format!(
        "the newest release of `{}` requires `{}`, which excludes {} {newest}",
        case.snippet.source.name,
        super::one_line(&range.written.join(", ")),
        host.name
    );
    diagnostics.push(
        CODE.at(
            case.snippet.source_place(),
            "excludes the newest host",
            message,
        )
        .help("upload a release with a wider range"),
    );
}

fn run_package(case: &PackageContext<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let (Some(metadata), Some(host)) = (
        case.metadata()
            .filter(|_| case.is_of_host(|adapter| adapter.fits_by_requirement())),
        case.host_project(),
    ) else {
        return;
    };
    let (Some(newest), Some(newest_of_all)) = (&case.versions.newest, &case.versions.newest_of_all)
    else {
        return;
    };
    let lines = metadata.requirements_of(&host.name);
    let (Some(first), Some(range)) = (
        lines.first(),
        requirement::range_of(&host.name, &case.package.requirements()),
    ) else {
        return;
    };
    if is_allowed(&range, newest, newest_of_all) {
        return;
    }
    let written = super::one_line(&range.written.join(", "));
    let message = format!(
        "the package requires `{written}`, which excludes {} {newest}",
        host.name
    );
    let mut diagnostic = CODE
        .at(case.place_of(first), "excludes the newest host", message)
        .help(format!(
            "allow `{}` {newest} after a test with it, and build the package again",
            host.name
        ));
    for line in &lines[1..] {
        diagnostic = diagnostic.with_secondary(case.place_of(line), "and this");
    }
    diagnostics.push(diagnostic);
}

/// A plugin that is made for the coming version of its host is no fault.
fn is_allowed(range: &Range, newest: &Version, newest_of_all: &Version) -> bool {
    // Of a host without a final release, that is told, and no plugin is to blame: `>=1` takes no
    // 1.0b1, and is right.
    newest.any_prerelease() || range.contains(newest) || range.contains(newest_of_all)
}
