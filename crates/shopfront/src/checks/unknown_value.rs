//! A value that is none of those that the field can have.

use super::{Check, Rule};
use crate::diagnostic::{Code, Diagnostic, Part, Place, code};
use crate::names::nearest;
use crate::pointer::Pointer;

static CODE: Code = code!("unknown-value", Error, Files);
/// Its line of the table.
pub(super) static CHECK: Check = Check { code: &CODE, rule: Rule::Schema };

/// The value at `at` is none of `known`.
pub(crate) fn found(path: &str, at: &Pointer, value: &str, known: &[&str]) -> Diagnostic {
    let name = crate::pointer::field_name(at);
    let list = known.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ");
    let near = nearest(value, known.iter().copied()).map(|near| format!("did you mean `{near}`?"));
    CODE.at(Place::part(path, at.clone(), Part::Value), "no such value", format!("{name} can not be `{value}`: it is one of {list}"))
        .help_if(near)
}
