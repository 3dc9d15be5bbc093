//! A module of Node-RED that nobody finds by the keyword of all modules.

use shopfront_diagnostics::{Code, Diagnostic, Location, code};

/// The code.
pub static CODE: Code = code!("missing-keyword", Warning, Package);

/// The keywords at `place` lack the one by which modules are found.
pub fn diagnostic(place: Location) -> Diagnostic {
    CODE.at(
        place,
        "no `node-red` among them",
        "the keywords of `package.json` do not name `node-red`",
    )
    .help("add it once the module is fit for others: `\"keywords\": [\"node-red\"]`")
}
