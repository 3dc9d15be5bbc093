//! Script that must be an AMD module but is not.

use shopfront_diagnostics::{Code, Diagnostic, Location, code};

/// Code `no-amd-module`.
pub static CODE: Code = code!("no-amd-module", Error, Package);

/// Reports the script `name` at `place`, which never calls `define`.
pub fn diagnostic(place: Location, name: &str) -> Diagnostic {
    CODE.at(
        place,
        "no call of `define`",
        format!("`{name}` is no AMD module: it never calls `define(`"),
    )
    .help("wrap it: `define([], function() { return {mixins: [], translations: {}}; });`")
}
