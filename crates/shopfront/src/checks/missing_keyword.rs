//! A module of Node-RED that nobody finds by the keyword of all modules.

use super::{Check, Rule};
use crate::diagnostic::{Code, Diagnostic, Place, code};

static CODE: Code = code!("missing-keyword", Warning, Package);
/// Its line of the table.
pub(super) static CHECK: Check = Check { code: &CODE, rule: Rule::Reading };

/// The keywords at `place` lack the one by which modules are found.
pub(crate) fn found(place: Place) -> Diagnostic {
    CODE.at(place, "no `node-red` among them", "the keywords of `package.json` do not name `node-red`")
        .help("add it once the module is fit for others: `\"keywords\": [\"node-red\"]`")
}
