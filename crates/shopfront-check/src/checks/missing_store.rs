//! A catalogue that does not say what store it is.

use super::{Check, Rule};
use shopfront_diagnostics::{Code, Diagnostic, Location, code};

static CODE: Code = code!("missing-store", Error, Files);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Load,
};

/// There is no `catalogue/store.json`.
pub fn diagnostic() -> Diagnostic {
    CODE.at(
        Location::whole("catalogue/store.json"),
        "not there",
        "the catalogue has no `store.json`",
    )
    .help(format!(
        "write one, or begin with `{} init` in an empty folder",
        shopfront_diagnostics::program::name()
    ))
}
