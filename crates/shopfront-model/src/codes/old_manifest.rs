//! Manifest or package in a format that its host no longer supports.

use shopfront_diagnostics::{Code, Diagnostic, Location, code};

/// Code `old-manifest`.
pub static CODE: Code = code!("old-manifest", Error, Package);

/// Reports an outdated form at `place` that no released host accepts.
pub fn diagnostic(
    place: Location,
    label: impl Into<String>,
    message: impl Into<String>,
) -> Diagnostic {
    CODE.at(place, label, message)
}
