//! A list that says the same thing twice.

use super::{Check, Rule};
use shopfront_diagnostics::fix::{Edit, Fix};
use shopfront_diagnostics::pointer::Pointer;
use shopfront_diagnostics::{Code, Diagnostic, Location, Part, code};

static CODE: Code = code!("duplicate-item", Error, Files);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Schema,
};

/// The items `first` and `second` of the list at `at` are equal.
pub fn diagnostic(path: &str, at: &Pointer, first: usize, second: usize) -> Diagnostic {
    let name = shopfront_diagnostics::pointer::field_name(at);
    CODE.at(
        Location::part(path, at.index(second), Part::Value),
        "again here",
        format!("{name} holds the same item twice"),
    )
    .with_secondary(
        Location::part(path, at.index(first), Part::Value),
        "first here",
    )
    .help("keep one of the two")
    .fix(Fix::Edit(Edit::Remove(at.index(second))))
}
