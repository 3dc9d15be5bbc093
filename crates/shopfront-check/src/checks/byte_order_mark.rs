//! A file that begins with U+FEFF.

use super::{Check, Rule};
use shopfront_diagnostics::{Code, Diagnostic, Location, code};

static CODE: Code = code!("byte-order-mark", Error, Files);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Load,
};

/// The file begins with a byte order mark.
pub fn diagnostic(path: &str) -> Diagnostic {
    CODE.at(
        Location::whole(path),
        "begins with U+FEFF",
        "the file begins with a byte order mark",
    )
    .help("save it as `UTF-8`, not as `UTF-8 with BOM`")
}
