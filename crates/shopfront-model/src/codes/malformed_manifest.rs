//! Manifest with invalid encoding or syntax.

use shopfront_diagnostics::{Code, Diagnostic, Location, code};

/// Code `malformed-manifest`.
pub static CODE: Code = code!("malformed-manifest", Error, Package);

/// Reports an unreadable text at `place`.
pub fn diagnostic(
    place: Location,
    label: impl Into<String>,
    message: impl Into<String>,
) -> Diagnostic {
    CODE.at(place, label, message)
}
