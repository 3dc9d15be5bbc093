//! What the store keeps of a package: all that its pages and the API of its host are made of.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::metadata::Metadata;

/// What was read of one version.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Contents {
    /// How the package was packed.
    pub(super) form: Form,
    /// The folder of the plugin in its archive, with a slash at its end; empty when it is the
    /// archive itself.
    pub(super) root: String,
    /// What its manifest says; of an RPM package, what its header does.
    pub(super) metadata: Metadata,
    /// Whether it keeps to every rule whose breach is an error: what does not is in no document of
    /// the host.
    pub(super) is_sound: bool,
    /// The files of its interface that may be served, by their path below `ui_static/`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) interface: Vec<String>,
}

/// How a package is packed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Form {
    /// The folder of a plugin, as its author keeps it: it has to be built before it can be
    /// installed.
    #[default]
    Source,
    /// A package of the first format.
    Fp,
    /// A package of the later formats, of which only the header was read.
    Rpm,
    /// No package: the manifest alone.
    Manifest,
}

impl Contents {
    /// What was kept of a release.
    pub(super) fn from(facts: &Value) -> Option<Contents> {
        serde_json::from_value(facts.clone()).ok()
    }

    /// In the form in which it is kept.
    pub(super) fn facts(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }
}
