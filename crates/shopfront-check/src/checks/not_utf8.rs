//! A file whose bytes are no text in UTF-8.

use super::{Check, Rule};
use shopfront_diagnostics::{Code, Diagnostic, Location, code};

static CODE: Code = code!("not-utf8", Error, Files);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Load,
};

/// The first bytes that are none stand at `offset`.
pub fn diagnostic(path: &str, offset: usize) -> Diagnostic {
    CODE.at(
        Location::whole(path),
        "not text",
        format!(
            "the file is not UTF-8: byte {} is no part of a character",
            offset + 1
        ),
    )
    .help("save it as UTF-8")
}
