//! A list of files that leaves some out, or names some that are not there.

use shopfront_diagnostics::{Code, Diagnostic, Location, code};

/// The code.
pub static CODE: Code = code!("incomplete-record", Error, Package);

/// The list of files with `place` leaves some out, or names some that are not there.
pub fn diagnostic(
    place: Location,
    label: impl Into<String>,
    message: impl Into<String>,
) -> Diagnostic {
    CODE.at(place, label, message)
}
