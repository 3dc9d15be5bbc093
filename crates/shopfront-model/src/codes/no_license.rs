//! Package without a declared license.

use shopfront_diagnostics::{Code, Diagnostic, Location, code};

/// Code `no-license`.
pub static CODE: Code = code!("no-license", Warning, Package);

/// Reports the manifest of a non-Python package at `place` without a license.
pub fn diagnostic(place: Location) -> Diagnostic {
    CODE.at(
        place,
        "no licence",
        "the package does not say under which licence it may be used",
    )
    .help("write `\"license\": \"…\"` with an SPDX expression into its manifest")
}
