//! File of a package that differs from its description in the list of files.

use shopfront_diagnostics::{Code, Diagnostic, Location, code};

/// Code `wrong-hash`.
pub static CODE: Code = code!("wrong-hash", Error, Package);

/// Reports a file that differs from the line at `place` of a list.
pub fn diagnostic(
    place: Location,
    label: impl Into<String>,
    message: impl Into<String>,
) -> Diagnostic {
    CODE.at(place, label, message)
}
