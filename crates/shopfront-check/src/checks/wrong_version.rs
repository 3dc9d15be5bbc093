//! A package, or a manifest, of another version than the snippet says beside it.

use super::{Check, Rule, one_line};
use shopfront_diagnostics::{Code, Diagnostic, Location, code};
use shopfront_model::catalogue::Pin;

static CODE: Code = code!("wrong-version", Error, Files);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Load,
};

/// The package of `pin` declares `version`; the snippet states at `place` that it is
/// another.
pub fn diagnostic(place: Location, pin: &Pin, version: &str) -> Diagnostic {
    let version = one_line(version);
    let what = match (&pin.manifest, pin.file_name()) {
        (None, Some(file)) => format!("the package `{}`", one_line(file)),
        _ => "the manifest".to_owned(),
    };
    CODE.at(
        place,
        "another version",
        format!(
            "{what} says that it is `{version}`, and the snippet that it is `{}`",
            one_line(&pin.version)
        ),
    )
    .help(format!(
        "write `{version}`, or name the package that is meant"
    ))
}
