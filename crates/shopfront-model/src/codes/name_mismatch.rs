//! Package whose file and metadata name two projects or two plugins.

use shopfront_diagnostics::{Code, Diagnostic, Location, code};

/// Code `name-mismatch`.
pub static CODE: Code = code!("name-mismatch", Error, Answers);

/// Reports a name of the package, or of its directory, that does not match its manifest.
pub fn diagnostic(
    place: Location,
    label: impl Into<String>,
    message: impl Into<String>,
) -> Diagnostic {
    CODE.at(place, label, message)
}
