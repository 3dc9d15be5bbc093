//! A value in a manifest that its host refuses, or is harmed by.

use shopfront_diagnostics::{Code, Diagnostic, Location, code};

/// The code.
pub static CODE: Code = code!("bad-manifest-value", Error, Package);

/// The value at `place` is none that the host can use.
pub fn diagnostic(
    place: Location,
    label: impl Into<String>,
    message: impl Into<String>,
) -> Diagnostic {
    CODE.at(place, label, message)
}
