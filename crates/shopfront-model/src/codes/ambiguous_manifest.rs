//! Manifest that two parsers interpret differently.

use shopfront_diagnostics::{Code, Diagnostic, Location, code};

/// Code `ambiguous-manifest`.
pub static CODE: Code = code!("ambiguous-manifest", Error, Package);

/// Reports text at `place` that parsers interpret differently.
pub fn diagnostic(
    place: Location,
    label: impl Into<String>,
    message: impl Into<String>,
) -> Diagnostic {
    CODE.at(place, label, message)
}
