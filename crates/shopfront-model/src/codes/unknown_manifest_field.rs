//! Key in a manifest that no host reads.

use shopfront_diagnostics::{Code, Diagnostic, Location, code};

/// Code `unknown-manifest-field`.
pub static CODE: Code = code!("unknown-manifest-field", Warning, Package);

/// Reports the unused key at `place`.
pub fn diagnostic(place: Location, message: impl Into<String>) -> Diagnostic {
    CODE.at(place, "read by nobody", message)
}
