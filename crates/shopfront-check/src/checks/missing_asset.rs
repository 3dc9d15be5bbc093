//! An image that a file names and nobody added.

use super::{Check, Rule};
use shopfront_diagnostics::{Code, Diagnostic, Place, code};

static CODE: Code = code!("missing-asset", Error, Files);
/// Its line of the table.
pub(super) static CHECK: Check = Check { code: &CODE, rule: Rule::Reading };

/// `file` is named at `pointer` of the file at `path`, and should lie at `expected`.
pub fn found(path: &str, pointer: &str, file: &str, expected: &str) -> Diagnostic {
    CODE.at(Place::value(path, pointer), "no such file", format!("there is no image `{file}`")).help(format!("add it as `{expected}`"))
}
