//! A key that stands twice in one object: of two values, readers take whichever they like.

use super::{Check, Rule};
use shopfront_diagnostics::{Code, Diagnostic, Location, code};
use shopfront_json::Duplicate;

static CODE: Code = code!("duplicate-key", Error, Files);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Load,
};

/// One repeated key.
pub fn diagnostic(path: &str, duplicate: &Duplicate) -> Diagnostic {
    let name = duplicate.pointer.last();
    let second = Location::bytes(path, duplicate.second.clone(), duplicate.pointer.clone());
    let first = Location::bytes(path, duplicate.first.clone(), duplicate.pointer.clone());
    CODE.at(
        second,
        "again here",
        format!("the key `{name}` stands twice"),
    )
    .with_secondary(first, "first here")
    .help("keep one of the two lines")
}
