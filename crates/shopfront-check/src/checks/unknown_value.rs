//! A value that is none of those that the field can have.

use super::{Check, Rule};
use shopfront_diagnostics::pointer::Pointer;
use shopfront_diagnostics::{Code, Diagnostic, Location, Part, code};
use shopfront_text::names::nearest;

static CODE: Code = code!("unknown-value", Error, Files);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Schema,
};

/// The value at `at` is none of `known`.
pub fn diagnostic(path: &str, at: &Pointer, value: &str, known: &[&str]) -> Diagnostic {
    let name = shopfront_diagnostics::pointer::field_name(at);
    let list = known
        .iter()
        .map(|it| format!("`{it}`"))
        .collect::<Vec<_>>()
        .join(", ");
    let near = nearest(value, known.iter().copied()).map(|near| format!("did you mean `{near}`?"));
    CODE.at(
        Location::part(path, at.clone(), Part::Value),
        "no such value",
        format!("{name} can not be `{value}`: it is one of {list}"),
    )
    .help_if(near)
}
