//! A manifest that two readers take in two ways.

use shopfront_diagnostics::{Code, Diagnostic, Place, code};

/// The code.
pub static CODE: Code = code!("ambiguous-manifest", Error, Package);

/// What stands at `place` is one thing to one reader and another to the next.
pub fn found(place: Place, label: impl Into<String>, message: impl Into<String>) -> Diagnostic {
    CODE.at(place, label, message)
}
