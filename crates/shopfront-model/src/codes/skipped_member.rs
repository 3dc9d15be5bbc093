//! File of a package that the installer of its host silently skips.

use shopfront_diagnostics::{Code, Diagnostic, Location, code};

/// Code `skipped-member`.
pub static CODE: Code = code!("skipped-member", Error, Package);

/// Reports the member at `place` that is not unpacked.
pub fn diagnostic(
    place: Location,
    label: impl Into<String>,
    message: impl Into<String>,
) -> Diagnostic {
    CODE.at(place, label, message)
}
