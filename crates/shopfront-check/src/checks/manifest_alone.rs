//! A manifest in the place of a package, where the host's manifests say too little for that.

use super::{Check, Rule};
use shopfront_diagnostics::{Code, Diagnostic, Place, code};

static CODE: Code = code!("manifest-alone", Error, Files);
/// Its line of the table.
pub(super) static CHECK: Check = Check { code: &CODE, rule: Rule::Reading };

/// The manifest at `place` says too little.
pub fn found(place: Place) -> Diagnostic {
    CODE.at(place, "says too little", "the manifest alone does not say what this host has to know of a plugin")
        .help("name the package itself: `url` or `file`, with its `sha256`")
}
