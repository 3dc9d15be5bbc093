//! Package that contains an interface and does not declare it.

use shopfront_diagnostics::{Code, Diagnostic, Location, code};

/// Code `unloaded-interface`.
pub static CODE: Code = code!("unloaded-interface", Warning, Package);

/// Reports the manifest beside `folder` that denies or omits an interface at `place`.
pub fn diagnostic(place: Location, folder: &str) -> Diagnostic {
    CODE.at(
        place,
        "does not say that there is an interface",
        format!("the package has a folder `{folder}/`, and its manifest no `ui: true`"),
    )
    .help("write `ui: true`, or leave the folder out of the package")
}
