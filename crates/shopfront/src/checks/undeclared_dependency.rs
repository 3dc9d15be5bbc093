//! A module of Node-RED that needs another one and does not have npm install it.

use super::{Check, Rule, one_line};
use crate::diagnostic::{Code, Diagnostic, Place, code};

static CODE: Code = code!("undeclared-dependency", Warning, Package);
/// Its line of the table.
pub(super) static CHECK: Check = Check { code: &CODE, rule: Rule::Reading };

/// The module `name`, which `node-red.dependencies` names at `place`, is not among `dependencies`.
pub(crate) fn found(place: Place, name: &str) -> Diagnostic {
    let name = one_line(name);
    CODE.at(place, "not among `dependencies`", format!("`node-red.dependencies` names `{name}`, and `dependencies` does not"))
        .help(format!("add `{name}` to `dependencies` too: that is what npm installs"))
}
