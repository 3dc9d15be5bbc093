//! A module of Node-RED with a node that Node-RED has already.

use super::one_line;
use shopfront_diagnostics::{Code, Diagnostic, Location, code};

/// The code.
pub static CODE: Code = code!("core-node-type", Error, Package);

/// The module whose nodes `place` names registers the type `name` of Node-RED itself.
pub fn diagnostic(place: Location, name: &str) -> Diagnostic {
    let name = one_line(name);
    CODE.at(
        place,
        "a type of Node-RED itself",
        format!("the module has a node of the type `{name}`, which Node-RED brings itself"),
    )
    .help("give the node a type of its own, such as one that begins with the name of the module")
}
