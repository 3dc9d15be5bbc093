//! Node-RED module without the keyword by which modules are found.

use shopfront_diagnostics::{Code, Diagnostic, Location, code};

/// Code `missing-keyword`.
pub static CODE: Code = code!("missing-keyword", Warning, Package);

/// Reports the keywords at `place`, which lack the one by which modules are found.
pub fn diagnostic(place: Location) -> Diagnostic {
    CODE.at(
        place,
        "no `node-red` among them",
        "the keywords of `package.json` do not name `node-red`",
    )
    .help("add it once the module is fit for others: `\"keywords\": [\"node-red\"]`")
}
