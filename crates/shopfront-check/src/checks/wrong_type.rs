//! A value of another type than the field has.

use super::{Check, Rule};
use shopfront_diagnostics::pointer::Pointer;
use shopfront_diagnostics::{Code, Diagnostic, Location, Part, code};

static CODE: Code = code!("wrong-type", Error, Files);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Schema,
};

/// The value at `at` should be `expected`, and is `actual`.
pub fn diagnostic(
    path: &str,
    at: &Pointer,
    expected: &str,
    actual: &str,
    help: Option<String>,
) -> Diagnostic {
    let name = shopfront_diagnostics::pointer::field_name(at);
    CODE.at(
        Location::part(path, at.clone(), Part::Value),
        actual.to_string(),
        format!("{name} must be {expected}, not {actual}"),
    )
    .help_if(help)
}
