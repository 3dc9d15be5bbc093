//! A file that no JSON parser reads.

use super::{Check, Rule};
use shopfront_diagnostics::{Code, Diagnostic, Place, code};

static CODE: Code = code!("not-json", Error, Files);
/// Its line of the table.
pub(super) static CHECK: Check = Check { code: &CODE, rule: Rule::Reading };

/// The parser stopped at these bytes.
pub fn found(path: &str, span: std::ops::Range<usize>, message: &str, help: Option<String>) -> Diagnostic {
    let place = Place::bytes(path, span, shopfront_diagnostics::pointer::Pointer::root());
    CODE.at(place, "here", format!("this is not JSON: {message}")).help_if(help)
}
