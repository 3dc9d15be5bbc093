//! A key in a manifest that no host reads.

use shopfront_diagnostics::{Code, Diagnostic, Location, code};

/// The code.
pub static CODE: Code = code!("unknown-manifest-field", Warning, Package);

/// Nobody reads the key at `place`.
pub fn diagnostic(place: Location, message: impl Into<String>) -> Diagnostic {
    CODE.at(place, "read by nobody", message)
}
