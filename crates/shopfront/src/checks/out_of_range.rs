//! A number that is too small or too large.

use super::{Check, Rule};
use crate::diagnostic::{Code, Diagnostic, Part, Place, code};
use crate::pointer::Pointer;

static CODE: Code = code!("out-of-range", Error, Files);
/// Its line of the table.
pub(super) static CHECK: Check = Check { code: &CODE, rule: Rule::Schema };

/// The number at `at` must be `bound`: `at most 1`, `at least 0`.
pub(crate) fn found(path: &str, at: &Pointer, value: &str, bound: &str) -> Diagnostic {
    let name = crate::pointer::field_name(at);
    CODE.at(Place::part(path, at.clone(), Part::Value), bound.to_owned(), format!("{name} is {value}, and must be {bound}"))
}
