//! An image that a file names and nobody added.

use super::{Check, Rule};
use shopfront_diagnostics::{Code, Diagnostic, Location, code};

static CODE: Code = code!("missing-asset", Error, Files);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Load,
};

/// `file` is named at `pointer` of the file at `path`, and should lie at `expected`.
pub fn diagnostic(path: &str, pointer: &str, file: &str, expected: &str) -> Diagnostic {
    CODE.at(
        Location::value(path, pointer),
        "no such file",
        format!("there is no image `{file}`"),
    )
    .help(format!("add it as `{expected}`"))
}
