//! A manifest without a field that its host needs.

use shopfront_diagnostics::{Code, Diagnostic, Location, code};

/// The code.
pub static CODE: Code = code!("missing-manifest-field", Error, Package);

/// The manifest lacks a field; `place` is where it would stand.
pub fn diagnostic(
    place: Location,
    label: impl Into<String>,
    message: impl Into<String>,
) -> Diagnostic {
    CODE.at(place, label, message)
}
