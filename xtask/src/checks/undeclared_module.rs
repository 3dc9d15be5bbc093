//! A flow of a library that uses nodes of a module that nobody can install from it.

use super::{Check, Rule, one_line};
use crate::diagnostic::{Code, Diagnostic, Place, code};

static CODE: Code = code!("undeclared-module", Error, Files);
/// Its line of the table.
pub(super) static CHECK: Check = Check { code: &CODE, rule: Rule::Reading };

/// The node at `place` has the type `name`, which is not Node-RED's own, and the flow names no module.
pub(crate) fn found(place: Place, name: &str) -> Diagnostic {
    let name = one_line(name);
    CODE.at(place, "of no module that the flow names", format!("the flow uses `{name}`, and does not say which module has it"))
        .help("add a node `{\"id\": …, \"type\": \"global-config\", \"modules\": {\"<module>\": \"<version>\"}}`: the editor then offers to install it")
}

/// The flow names the module `name` at `place`, which this store does not list.
pub(crate) fn not_listed(place: Place, name: &str) -> Diagnostic {
    let name = one_line(name);
    CODE.at(place, "not listed here", format!("the flow needs the module `{name}`, which this host does not list"))
        .help(format!("list it first: add the snippet of `{name}`, or a flow without it"))
}
