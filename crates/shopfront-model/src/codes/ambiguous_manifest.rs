//! A manifest that two readers take in two ways.

use shopfront_diagnostics::{Code, Diagnostic, Location, code};

/// The code.
pub static CODE: Code = code!("ambiguous-manifest", Error, Package);

/// What stands at `place` is one thing to one reader and another to the next.
pub fn diagnostic(
    place: Location,
    label: impl Into<String>,
    message: impl Into<String>,
) -> Diagnostic {
    CODE.at(place, label, message)
}
