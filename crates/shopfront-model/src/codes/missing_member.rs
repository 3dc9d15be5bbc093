//! A package without a file that its host needs.

use shopfront_diagnostics::{Code, Diagnostic, Location, code};

/// The code.
pub static CODE: Code = code!("missing-member", Error, Package);

/// A file that the host needs is not in the package; `place` is what asks for it, else the package
/// as a whole.
pub fn diagnostic(
    place: Location,
    label: impl Into<String>,
    message: impl Into<String>,
) -> Diagnostic {
    CODE.at(place, label, message)
}
