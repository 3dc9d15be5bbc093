//! A plugin whose package does not require the application that it extends.

use super::{AnswerContext, PackageContext};
use super::{Check, Rule};
use shopfront_diagnostics::{Code, Diagnostic, code};
use shopfront_package::requirement;

static CODE: Code = code!("host-not-required", Error, Answers);
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
    let is_known_otherwise = !case.host.adapter.is_known_by_requirement();
    // Of a host that its registry does not know, that is told, and told once.
    if is_known_otherwise
        || case.versions.is_unknown
        || requirement::range_of(&host.name, required).is_some()
    {
        return;
    }
    let message = format!(
        "the newest release of `{}` does not require `{}`",
        case.snippet.source.name, host.name
    );
    diagnostics.push(
        CODE.at(
            case.snippet.source_place(),
            "may be no plugin of this host",
            message,
        )
        .help(format!(
            "add `{}` to the dependencies of the package; one behind an extra does not count",
            host.name
        )),
    );
}

fn run_package(case: &PackageContext<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let (Some(metadata), Some(host)) = (case.metadata(), case.host_project()) else {
        return;
    };
    if case.versions.is_unknown
        || host.name == case.project()
        || !metadata.requirements_of(&host.name).is_empty()
    {
        return;
    }
    if case.declares_entry_point() {
        return;
    }
    let behind_extra = metadata
        .all("Requires-Dist")
        .find(|field| requirement::project_of(&field.value) == host.name);
    // A requirement that can not be read is told as such.
    if behind_extra.is_some_and(|field| metadata.flaws.iter().any(|flaw| flaw.bytes == field.bytes))
    {
        return;
    }
    let (place, label, message) = match behind_extra {
        Some(field) => (
            case.place_of(field),
            "only with an extra",
            format!("the package requires `{}` only with an extra", host.name),
        ),
        None => (
            case.whole_metadata(),
            "no such line",
            format!("the package does not require `{}`", host.name),
        ),
    };
    diagnostics.push(CODE.at(place, label, message).help(format!(
        "add `{}` to the dependencies of the package",
        host.name
    )));
}
