//! Saved facts of a package, the input of its pages and of its host's API.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::metadata::Metadata;

/// Facts of one version.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Contents {
    /// Format of the package.
    pub(super) form: Form,
    /// Directory of the plugin in its archive, with a trailing slash; empty if it is the root of
    /// the archive.
    pub(super) root: String,
    /// Fields of its manifest, or of the header of an RPM package.
    pub(super) metadata: Metadata,
    /// `true` if the package violates no rule of severity error. Other packages are in no
    /// document of the host.
    pub(super) is_sound: bool,
    /// Files of its interface that may be served, by their path below `ui_static/`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) interface: Vec<String>,
}

/// Format of a package.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Form {
    /// Source directory of a plugin, which must be built before installation.
    #[default]
    Source,
    /// Package of the first format.
    Fp,
    /// Package of the later formats; only its header was read.
    Rpm,
    /// Manifest without a package.
    Manifest,
}

impl Contents {
    /// Returns the saved facts of a release.
    pub(super) fn from(facts: &Value) -> Option<Contents> {
        serde_json::from_value(facts.clone()).ok()
    }

    /// Returns the facts in the saved format.
    pub(super) fn facts(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }
}
