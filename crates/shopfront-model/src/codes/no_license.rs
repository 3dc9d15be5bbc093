//! A package that does not say under which licence it may be used.

use shopfront_diagnostics::{Code, Diagnostic, Location, code};

/// The code.
pub static CODE: Code = code!("no-license", Warning, Package);

/// The manifest at `place`, of another kind than Python's, does not say a licence.
pub fn diagnostic(place: Location) -> Diagnostic {
    CODE.at(
        place,
        "no licence",
        "the package does not say under which licence it may be used",
    )
    .help("write `\"license\": \"…\"` with an SPDX expression into its manifest")
}
