//! Answers of the registries as plain values that can be saved, committed and read again.

mod kept;
mod ledger;
mod project;
mod trust;
mod written;

pub use kept::{fault_of, fault_of_texts};
pub use ledger::{
    Change, Event, Ledger, LedgerEntry, MAX_EVENTS, Removed as LedgerRemoved,
    Updated as LedgerUpdated, What,
};
pub use project::{
    Contents, Description, File, FileKind, Link, NewestFacts, Project, Release, ReleaseStatus,
    Vulnerability,
};
pub use trust::{Attestation, Publisher, SimplePage};
pub use written::text;

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::registry_rules;
use shopfront_text::names;

/// Maximum size of a saved answer in bytes: some projects have ten thousand files.
pub const MAX_ANSWER: usize = 32 << 20;

/// Project of one registry: the key of an answer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProjectKey {
    /// Id of the registry: `pypi`.
    pub registry: &'static str,
    /// Project name in the registry's normal form.
    pub name: String,
}

impl ProjectKey {
    /// Returns the key of the project `name` of the registry with the id `registry`, if that
    /// registry is supported.
    pub fn new(registry: &str, name: &str) -> Option<ProjectKey> {
        let registry = registry_rules::find(registry)?;
        Some(ProjectKey {
            registry: registry.id(),
            name: registry.normal_name(name),
        })
    }

    /// Returns `true` if a registry lists the releases; otherwise the snippet lists them.
    pub fn has_registry(&self) -> bool {
        registry_rules::find(self.registry).is_some_and(|registry| !registry.is_local())
    }

    /// Returns the key of a project of PyPI.
    pub fn pypi(name: &str) -> ProjectKey {
        ProjectKey {
            registry: registry_rules::pypi::ID,
            name: names::normal_project(name),
        }
    }
}

impl fmt::Display for ProjectKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}", self.registry, self.name)
    }
}

/// Answer of a registry about one project, with its freshness: `answers/<registry>/<name>.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// Version of this format.
    pub format: u32,
    /// Id of the registry.
    pub registry: String,
    /// Project name in the registry's normal form.
    pub name: String,
    /// Existence of the project in the registry.
    pub state: State,
    /// URL of the queried registry if it is not the public one, without user and password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registry_url: Option<String>,
    /// Time of the last confirmation by the registry.
    pub checked_at: Timestamp,
    /// Failure since the last confirmation.
    pub trouble: Option<Trouble>,
    /// Validators for conditional requests.
    pub validators: Option<Validators>,
    /// Result of the request for the simple page beside the document; `None` if it was not
    /// requested.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub simple_page: Option<SimplePage>,
    /// Project data. For a project that is gone, the last known data.
    pub project: Option<Project>,
}

/// Existence of a project in a registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Project exists.
    Found,
    /// Project does not exist according to the registry: never created, deleted, or quarantined.
    Gone,
}

/// Failed requests to a registry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// Time of the first failure since the last valid answer.
    pub at: Timestamp,
    /// Description of the failure.
    pub message: String,
}

/// Validators from the registry for conditional requests (RFC 9110, section 13).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validators {
    /// Value of the header `ETag`.
    pub etag: Option<String>,
    /// Value of the header `Last-Modified`.
    pub last_modified: Option<String>,
}

impl Answer {
    /// Returns the key of this answer if its registry is supported. The name becomes a path and
    /// can come from an untrusted document: an invalid project name has no key.
    pub fn key(&self) -> Option<ProjectKey> {
        let registry =
            registry_rules::find(&self.registry).filter(|registry| registry.is_name(&self.name))?;
        ProjectKey::new(registry.id(), &self.name)
    }

    /// Returns the project if the registry knows it now.
    pub fn found(&self) -> Option<&Project> {
        self.project.as_ref().filter(|_| self.state == State::Found)
    }
}
