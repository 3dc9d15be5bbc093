//! An address that a store can not show.

use super::{Check, Rule};
use shopfront_diagnostics::pointer::Pointer;
use shopfront_diagnostics::{Code, Diagnostic, Location, Part, code};

static CODE: Code = code!("bad-url", Error, Files);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Schema,
};

/// The address at `at` is refused because of `fault`.
pub fn diagnostic(path: &str, at: &Pointer, fault: &str) -> Diagnostic {
    let name = shopfront_diagnostics::pointer::field_name(at);
    CODE.at(
        Location::part(path, at.clone(), Part::Value),
        "not shown",
        format!("{name} is no address that the store can show: {fault}"),
    )
    .help("write a public address that begins with `https://`")
}
