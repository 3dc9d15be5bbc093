//! A file that no JSON parser reads.

use super::{Check, Rule};
use shopfront_diagnostics::{Code, Diagnostic, Location, code};

static CODE: Code = code!("not-json", Error, Files);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Load,
};

/// The parser stopped at these bytes.
pub fn diagnostic(
    path: &str,
    span: std::ops::Range<usize>,
    message: &str,
    help: Option<String>,
) -> Diagnostic {
    let place = Location::bytes(path, span, shopfront_diagnostics::pointer::Pointer::root());
    CODE.at(place, "here", format!("this is not JSON: {message}"))
        .help_if(help)
}
