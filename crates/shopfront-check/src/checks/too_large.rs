//! A file larger than anything that a person writes.

use super::{Check, Rule};
use shopfront_diagnostics::{Code, Diagnostic, Location, code};

static CODE: Code = code!("too-large", Error, Files);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Load,
};

/// The file has more than `most` bytes.
pub fn diagnostic(path: &str, most: usize) -> Diagnostic {
    CODE.at(
        Location::whole(path),
        "too large",
        format!("the file is larger than {} KiB", most / 1024),
    )
    .help("keep long texts in the package's own README; the store shows it")
}
