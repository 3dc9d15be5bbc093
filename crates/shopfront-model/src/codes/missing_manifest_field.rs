//! Manifest without a field that its host needs.

use shopfront_diagnostics::{Code, Diagnostic, Location, code};

/// Code `missing-manifest-field`.
pub static CODE: Code = code!("missing-manifest-field", Error, Package);

/// Reports a missing field of the manifest; `place` is its expected location.
pub fn diagnostic(
    place: Location,
    label: impl Into<String>,
    message: impl Into<String>,
) -> Diagnostic {
    CODE.at(place, label, message)
}
