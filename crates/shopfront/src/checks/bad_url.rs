//! An address that a store can not show.

use super::{Check, Rule};
use crate::diagnostic::{Code, Diagnostic, Part, Place, code};
use crate::pointer::Pointer;

static CODE: Code = code!("bad-url", Error, Files);
/// Its line of the table.
pub(super) static CHECK: Check = Check { code: &CODE, rule: Rule::Schema };

/// The address at `at` is refused because of `fault`.
pub(crate) fn found(path: &str, at: &Pointer, fault: &str) -> Diagnostic {
    let name = crate::pointer::field_name(at);
    CODE.at(Place::part(path, at.clone(), Part::Value), "not shown", format!("{name} is no address that the store can show: {fault}"))
        .help("write a public address that begins with `https://`")
}
