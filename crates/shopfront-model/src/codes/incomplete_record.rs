//! List of files that omits files or names missing ones.

use shopfront_diagnostics::{Code, Diagnostic, Location, code};

/// Code `incomplete-record`.
pub static CODE: Code = code!("incomplete-record", Error, Package);

/// Reports a list of files at `place` that omits files or names missing ones.
pub fn diagnostic(
    place: Location,
    label: impl Into<String>,
    message: impl Into<String>,
) -> Diagnostic {
    CODE.at(place, label, message)
}
