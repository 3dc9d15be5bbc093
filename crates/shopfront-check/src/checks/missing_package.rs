//! A package that a snippet names and nobody added.

use super::{Check, Rule};
use shopfront_diagnostics::{Code, Diagnostic, Location, code};
use shopfront_text::names::HostId;

static CODE: Code = code!("missing-package", Error, Files);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Load,
};

/// `file` is named at `place`, and should lie in the packages of `host`.
pub fn diagnostic(place: Location, file: &str, host: &HostId) -> Diagnostic {
    CODE.at(
        place,
        "no such file",
        format!("there is no package `{file}`"),
    )
    .help(format!("add it as `catalogue/{host}/packages/{file}`"))
}
