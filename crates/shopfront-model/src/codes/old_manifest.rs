//! A manifest, or a package, in a form that its host gave up.

use shopfront_diagnostics::{Code, Diagnostic, Location, code};

/// The code.
pub static CODE: Code = code!("old-manifest", Error, Package);

/// What stands at `place` was right once, and no released host takes it any more.
pub fn diagnostic(
    place: Location,
    label: impl Into<String>,
    message: impl Into<String>,
) -> Diagnostic {
    CODE.at(place, label, message)
}
