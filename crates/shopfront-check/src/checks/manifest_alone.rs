//! A manifest in the place of a package, where the host's manifests say too little for that.

use super::{Check, Rule};
use shopfront_diagnostics::{Code, Diagnostic, Location, code};

static CODE: Code = code!("manifest-alone", Error, Files);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Load,
};

/// The manifest at `place` says too little.
pub fn diagnostic(place: Location) -> Diagnostic {
    CODE.at(
        place,
        "says too little",
        "the manifest alone does not say what this host has to know of a plugin",
    )
    .help("name the package itself: `url` or `file`, with its `sha256`")
}
