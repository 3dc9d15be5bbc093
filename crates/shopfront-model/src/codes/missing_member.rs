//! Package without a file that its host needs.

use shopfront_diagnostics::{Code, Diagnostic, Location, code};

/// Code `missing-member`.
pub static CODE: Code = code!("missing-member", Error, Package);

/// Reports a file that the host needs and the package does not contain. `place` is the text that
/// requires it, otherwise the whole package.
pub fn diagnostic(
    place: Location,
    label: impl Into<String>,
    message: impl Into<String>,
) -> Diagnostic {
    CODE.at(place, label, message)
}
