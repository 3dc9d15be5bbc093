//! A value that does not have the form of its field.

use super::{Check, Rule};
use shopfront_diagnostics::pointer::Pointer;
use shopfront_diagnostics::{Code, Diagnostic, Location, Part, code};

static CODE: Code = code!("malformed-value", Error, Files);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Schema,
};

/// The value at `at` should be what `form` says.
pub fn diagnostic(
    path: &str,
    at: &Pointer,
    value: &str,
    form: &str,
    help: Option<String>,
) -> Diagnostic {
    let name = shopfront_diagnostics::pointer::field_name(at);
    let message = format!("{name} can not be `{value}`: it is {form}");
    CODE.at(
        Location::part(path, at.clone(), Part::Value),
        "not of that form",
        message,
    )
    .help_if(help)
}
