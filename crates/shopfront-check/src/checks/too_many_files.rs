//! A catalogue with more files than the program takes.

use super::{Check, Rule};
use shopfront_diagnostics::{Code, Diagnostic, Location, code};

static CODE: Code = code!("too-many-files", Error, Files);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Load,
};

/// `path` is the first one over the limit.
pub fn diagnostic(path: &str, most: usize) -> Diagnostic {
    CODE.at(Location::whole(path), "one too many", format!("the catalogue holds more than {most} files"))
        .help("divide it into several stores, and name the others under `upstreams` in `catalogue/store.json`")
}
