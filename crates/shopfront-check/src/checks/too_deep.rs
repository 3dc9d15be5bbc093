//! Arrays and objects that nest without end.

use super::{Check, Rule};
use shopfront_diagnostics::{Code, Diagnostic, Location, code};
use shopfront_json::MAX_DEPTH;

static CODE: Code = code!("too-deep", Error, Files);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Load,
};

/// The bracket at these bytes goes too far.
pub fn diagnostic(path: &str, span: std::ops::Range<usize>) -> Diagnostic {
    let place = Location::bytes(path, span, shopfront_diagnostics::pointer::Pointer::root());
    CODE.at(
        place,
        "one too many",
        format!("lists and objects nest deeper than {MAX_DEPTH}"),
    )
}
