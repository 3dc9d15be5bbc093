//! Plugin that uses an undeclared capability.

use shopfront_diagnostics::{Code, Diagnostic, Location, code};

/// Code `undeclared-capability`.
pub static CODE: Code = code!("undeclared-capability", Error, Package);

/// Reports the undeclared capability that is used at `place`.
pub fn diagnostic(
    place: Location,
    label: impl Into<String>,
    message: impl Into<String>,
) -> Diagnostic {
    CODE.at(place, label, message)
}
