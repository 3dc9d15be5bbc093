//! Value in a manifest that its host rejects or that harms it.

use shopfront_diagnostics::{Code, Diagnostic, Location, code};

/// Code `bad-manifest-value`.
pub static CODE: Code = code!("bad-manifest-value", Error, Package);

/// Reports a value at `place` that the host cannot use.
pub fn diagnostic(
    place: Location,
    label: impl Into<String>,
    message: impl Into<String>,
) -> Diagnostic {
    CODE.at(place, label, message)
}
