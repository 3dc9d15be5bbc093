//! A field that every file of its kind must have.

use super::{Check, Rule};
use shopfront_diagnostics::pointer::Pointer;
use shopfront_diagnostics::{Code, Diagnostic, Location, Part, code};

static CODE: Code = code!("missing-field", Error, Files);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Schema,
};

/// The object at `at` has no `field`; `example` is what could stand there.
pub fn diagnostic(path: &str, at: &Pointer, field: &str, example: Option<String>) -> Diagnostic {
    let place = Location::part(path, at.clone(), Part::Opening);
    let where_in = if at.as_str().is_empty() {
        String::new()
    } else {
        format!(" in `{}`", at.last())
    };
    CODE.at(
        place,
        format!("no `{field}` in here"),
        format!("the field `{field}` is missing{where_in}"),
    )
    .help_if(example.map(|example| format!("add, for example, `\"{field}\": {example}`")))
}
