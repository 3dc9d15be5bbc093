//! A script that has to be an AMD module, and is none.

use shopfront_diagnostics::{Code, Diagnostic, Location, code};

/// The code.
pub static CODE: Code = code!("no-amd-module", Error, Package);

/// The script `name` at `place` never calls `define`.
pub fn diagnostic(place: Location, name: &str) -> Diagnostic {
    CODE.at(
        place,
        "no call of `define`",
        format!("`{name}` is no AMD module: it never calls `define(`"),
    )
    .help("wrap it: `define([], function() { return {mixins: [], translations: {}}; });`")
}
