//! What a plugin of Bitcart brings with it: nothing of this stands in its manifest, so it is read
//! out of its files.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::folders;
use super::manifest::{Kind, Manifest};
use shopfront_text::one_line;

/// What the store keeps of a plugin.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Contents {
    /// As the manifest says it.
    pub(super) name: String,
    /// As the manifest says it.
    pub(super) author: String,
    /// As the manifest says it; `None` where it was read before this was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) version: Option<String>,
    /// Whether the server refuses it, or is harmed by it: then it is for no version.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) refused: bool,
    /// Its parts, in the order in which they are installed.
    pub(super) parts: Vec<Part>,
    /// What its files bring; `None` where only the manifest is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) brings: Option<Brings>,
}

/// One part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Part {
    /// What it extends.
    #[serde(rename = "type")]
    pub(super) kind: Kind,
    /// Its folder in the archive.
    pub(super) path: String,
    /// Its folder on the server, below the one for its type.
    pub(super) target: String,
}

/// What the files of a plugin bring.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Brings {
    /// Lines of `requirements.txt`, which `pip` is given: requirements and options.
    pub(super) python: Vec<String>,
    /// Packages of npm with their ranges.
    pub(super) npm: BTreeMap<String, String>,
    /// Services that are put beside Bitcart's own.
    pub(super) services: BTreeMap<String, Service>,
    /// Patches that are applied to the source of Bitcart itself.
    pub(super) patches: Vec<String>,
    /// Scripts that are run on the machine when its services are put together.
    pub(super) rules: Vec<String>,
    /// Whether it changes the database.
    pub(super) migrations: bool,
}

/// What matters of a compose service; one that Bitcart has already is changed by it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Service {
    /// The image, as it is written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) image: Option<String>,
    /// Whether it is given Docker's socket, and with it the machine.
    pub(super) docker_socket: bool,
    /// Whether it runs with all rights of the machine.
    pub(super) privileged: bool,
}

/// The longest path of a part, in characters.
const MAX_PATH: usize = 500;

/// More of a list than this is told to nobody.
const MOST: usize = 200;

impl Contents {
    /// What `manifest` alone says.
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

    /// From what was saved; `None` where it is of another form.
    pub(super) fn from(facts: &Value) -> Option<Contents> {
        Contents::deserialize(facts).ok()
    }

    /// As it is saved.
    pub(super) fn facts(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }

    /// What the plugin extends, as one word: its only type of parts, or `mixed`.
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
    /// Whether it reaches beyond the plugin: it changes the source of Bitcart, runs scripts on the
    /// machine, or is given the rights of the machine.
    pub(super) fn reaches_the_server(&self) -> bool {
        let is_mighty = |it: &Service| it.docker_socket || it.privileged;
        !self.patches.is_empty() || !self.rules.is_empty() || self.services.values().any(is_mighty)
    }

    /// Keeps of each list no more than a page can show, in an order that does not hang on the
    /// archive's.
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
