//! A number that is too small or too large.

use super::{Check, Rule};
use shopfront_diagnostics::pointer::Pointer;
use shopfront_diagnostics::{Code, Diagnostic, Location, Part, code};

static CODE: Code = code!("out-of-range", Error, Files);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Schema,
};

/// The number at `at` must be `bound`: `at most 1`, `at least 0`.
pub fn diagnostic(path: &str, at: &Pointer, value: &str, bound: &str) -> Diagnostic {
    let name = shopfront_diagnostics::pointer::field_name(at);
    CODE.at(
        Location::part(path, at.clone(), Part::Value),
        bound.to_owned(),
        format!("{name} is {value}, and must be {bound}"),
    )
}
