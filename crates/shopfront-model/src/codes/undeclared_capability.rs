//! A plugin that uses what it does not say that it uses.

use shopfront_diagnostics::{Code, Diagnostic, Place, code};

/// The code.
pub static CODE: Code = code!("undeclared-capability", Error, Package);

/// The capability that is used at `place` is not declared.
pub fn found(place: Place, label: impl Into<String>, message: impl Into<String>) -> Diagnostic {
    CODE.at(place, label, message)
}
