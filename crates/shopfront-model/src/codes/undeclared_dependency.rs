//! A module of Node-RED that needs another one and does not have npm install it.

use super::one_line;
use shopfront_diagnostics::{Code, Diagnostic, Location, code};

/// The code.
pub static CODE: Code = code!("undeclared-dependency", Warning, Package);

/// The module `name`, which `node-red.dependencies` names at `place`, is not among `dependencies`.
pub fn diagnostic(place: Location, name: &str) -> Diagnostic {
    let name = one_line(name);
    CODE.at(
        place,
        "not among `dependencies`",
        format!("`node-red.dependencies` names `{name}`, and `dependencies` does not"),
    )
    .help(format!(
        "add `{name}` to `dependencies` too: that is what npm installs"
    ))
}
