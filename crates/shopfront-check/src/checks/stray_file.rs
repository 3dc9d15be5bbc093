//! A file that no rule expects where it lies.

use super::{Check, Rule};
use shopfront_diagnostics::{Code, Diagnostic, Location, code};

static CODE: Code = code!("stray-file", Error, Files);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Load,
};

/// `why` says what the place is for.
pub fn diagnostic(path: &str, why: &str, help: Option<String>) -> Diagnostic {
    CODE.at(
        Location::whole(path),
        "does not belong here",
        format!("`{path}` does not belong into the catalogue: {why}"),
    )
    .help_if(help)
}
