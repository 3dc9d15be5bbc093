//! Node-RED module with a node type of Node-RED itself.

use super::one_line;
use shopfront_diagnostics::{Code, Diagnostic, Location, code};

/// Code `core-node-type`.
pub static CODE: Code = code!("core-node-type", Error, Package);

/// Reports the type `name` of Node-RED itself, which the module with nodes at `place` registers.
pub fn diagnostic(place: Location, name: &str) -> Diagnostic {
    let name = one_line(name);
    CODE.at(
        place,
        "a type of Node-RED itself",
        format!("the module has a node of the type `{name}`, which Node-RED brings itself"),
    )
    .help("give the node a type of its own, such as one that begins with the name of the module")
}
