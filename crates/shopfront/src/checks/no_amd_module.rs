//! A script that has to be an AMD module, and is none.

use super::{Check, Rule};
use crate::diagnostic::{Code, Diagnostic, Place, code};

static CODE: Code = code!("no-amd-module", Error, Package);
/// Its line of the table.
pub(super) static CHECK: Check = Check { code: &CODE, rule: Rule::Reading };

/// The script `name` at `place` never calls `define`.
pub(crate) fn found(place: Place, name: &str) -> Diagnostic {
    CODE.at(place, "no call of `define`", format!("`{name}` is no AMD module: it never calls `define(`"))
        .help("wrap it: `define([], function() { return {mixins: [], translations: {}}; });`")
}
