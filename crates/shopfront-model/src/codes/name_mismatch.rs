//! A package whose file and whose metadata are of two projects, or two plugins.

use shopfront_diagnostics::{Code, Diagnostic, Location, code};

/// The code.
pub static CODE: Code = code!("name-mismatch", Error, Answers);

/// The name of the package, or of the folder in it, is not the one that its manifest makes of it.
pub fn diagnostic(
    place: Location,
    label: impl Into<String>,
    message: impl Into<String>,
) -> Diagnostic {
    CODE.at(place, label, message)
}
