//! Node-RED module that needs another module but does not let npm install it.

use super::one_line;
use shopfront_diagnostics::{Code, Diagnostic, Location, code};

/// Code `undeclared-dependency`.
pub static CODE: Code = code!("undeclared-dependency", Warning, Package);

/// Reports the module `name`, which `node-red.dependencies` names at `place`, but `dependencies`
/// does not.
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
