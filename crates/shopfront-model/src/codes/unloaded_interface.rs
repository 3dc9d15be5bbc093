//! A package that brings an interface and does not say so.

use shopfront_diagnostics::{Code, Diagnostic, Location, code};

/// The code.
pub static CODE: Code = code!("unloaded-interface", Warning, Package);

/// The manifest, which says at `place` that there is no interface or says nothing, stands beside
/// `folder`.
pub fn diagnostic(place: Location, folder: &str) -> Diagnostic {
    CODE.at(
        place,
        "does not say that there is an interface",
        format!("the package has a folder `{folder}/`, and its manifest no `ui: true`"),
    )
    .help("write `ui: true`, or leave the folder out of the package")
}
