//! Contents of a Bitcart plugin that its manifest does not declare and its files show.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::folders;
use super::manifest::{Kind, Manifest};
use shopfront_text::one_line;

/// Saved facts of a plugin.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Contents {
    /// Name in the manifest.
    pub(super) name: String,
    /// Author in the manifest.
    pub(super) author: String,
    /// Version in the manifest; `None` in answers saved before this field existed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) version: Option<String>,
    /// `true` if the server rejects the plugin or is harmed by it: then it is compatible with no
    /// version.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) refused: bool,
    /// Parts in the order of installation.
    pub(super) parts: Vec<Part>,
    /// Contents of its files; `None` if only the manifest is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) brings: Option<Brings>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Part {
    /// Component that it extends.
    #[serde(rename = "type")]
    pub(super) kind: Kind,
    /// Directory in the archive.
    pub(super) path: String,
    /// Directory on the server, below that of its type.
    pub(super) target: String,
}

/// Contents of a plugin's files.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Brings {
    /// Lines of `requirements.txt` for `pip`: requirements and options.
    pub(super) python: Vec<String>,
    /// npm packages with their ranges.
    pub(super) npm: BTreeMap<String, String>,
    /// Services beside Bitcart's own.
    pub(super) services: BTreeMap<String, Service>,
    /// Patches of the source of Bitcart itself.
    pub(super) patches: Vec<String>,
    /// Scripts that run on the machine when its services are generated.
    pub(super) rules: Vec<String>,
    /// `true` if it changes the database.
    pub(super) migrations: bool,
}

/// Relevant fields of a compose service; a service that Bitcart already has is modified.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Service {
    /// Image as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) image: Option<String>,
    /// `true` if it has access to Docker's socket, and thus control of the machine.
    pub(super) docker_socket: bool,
    /// `true` if it runs with all privileges of the machine.
    pub(super) privileged: bool,
}

/// The longest path of a part, in characters.
const MAX_PATH: usize = 500;

/// More of a list than this is told to nobody.
const MOST: usize = 200;

impl Contents {
    /// Returns the contents that `manifest` alone declares.
    pub(super) fn of(manifest: &Manifest) -> Contents {
        let part = |it: &super::manifest::Install| Part {
            kind: it.kind,
            path: one_line(&folders::plain(&it.path), MAX_PATH),
            target: one_line(
                &folders::target(it.kind, &manifest.author, &it.path),
                MAX_PATH,
            ),
        };
        let parts = manifest.installs.iter().take(MOST).map(part).collect();
        let version = Some(one_line(&manifest.version, 100)).filter(|version| !version.is_empty());
        let (name, author) = (
            one_line(&manifest.name, 200),
            one_line(&manifest.author, 200),
        );
        Contents {
            name,
            author,
            version,
            parts,
            ..Contents::default()
        }
    }

    /// Returns the saved contents; `None` if they have another format.
    pub(super) fn from(facts: &Value) -> Option<Contents> {
        Contents::deserialize(facts).ok()
    }

    /// Returns the contents in the saved format.
    pub(super) fn facts(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }

    /// Returns the component that the plugin extends: its only type of parts, or `mixed`.
    pub(super) fn extends(&self) -> Option<&'static str> {
        let first = self.parts.first()?.kind;
        Some(if self.parts.iter().all(|part| part.kind == first) {
            first.name()
        } else {
            "mixed"
        })
    }
}

impl Brings {
    /// Returns `true` if the plugin affects the server itself. Such a plugin patches Bitcart,
    /// runs scripts on the machine, or has a service with the machine's privileges.
    pub(super) fn reaches_the_server(&self) -> bool {
        let is_mighty = |it: &Service| it.docker_socket || it.privileged;
        !self.patches.is_empty() || !self.rules.is_empty() || self.services.values().any(is_mighty)
    }

    /// Limits each list to the length that a page can show, in an order that is independent of
    /// the archive's.
    pub(super) fn bounded(mut self) -> Brings {
        for list in [&mut self.python, &mut self.patches, &mut self.rules] {
            list.sort();
            list.dedup();
            list.truncate(MOST);
        }
        self.npm = self.npm.into_iter().take(MOST).collect();
        self.services = self.services.into_iter().take(MOST).collect();
        self
    }
}
