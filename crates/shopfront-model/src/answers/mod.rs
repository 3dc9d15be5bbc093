//! What the registries said: plain values that can be saved, committed and read again.

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

/// The largest saved answer, in bytes: some projects have ten thousand files.
pub const MAX_ANSWER: usize = 32 << 20;

/// A project of one registry: the key of an answer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProjectKey {
    /// The id of the registry: `pypi`.
    pub registry: &'static str,
    /// The project's name, in the registry's normal form.
    pub name: String,
}

impl ProjectKey {
    /// The project called `name` of the registry with the id `registry`, if there is such a
    /// registry.
    pub fn new(registry: &str, name: &str) -> Option<ProjectKey> {
        let registry = registry_rules::find(registry)?;
        Some(ProjectKey {
            registry: registry.id(),
            name: registry.normal_name(name),
        })
    }

    /// Whether somebody keeps a list of its releases; else its snippet does.
    pub fn has_registry(&self) -> bool {
        registry_rules::find(self.registry).is_some_and(|registry| !registry.is_local())
    }

    /// A project of PyPI.
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

/// What a registry said of one project, and how sure that still is:
/// `answers/<registry>/<name>.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// The version of this format.
    pub format: u32,
    /// The id of the registry.
    pub registry: String,
    /// The project's name, in the registry's normal form.
    pub name: String,
    /// Whether the registry knows the project.
    pub state: State,
    /// The address of the registry that was asked, where it is not the public one: without user
    /// and password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registry_url: Option<String>,
    /// When the registry last confirmed it.
    pub checked_at: Timestamp,
    /// Why it could not be confirmed since.
    pub trouble: Option<Trouble>,
    /// What a conditional request sends.
    pub validators: Option<Validators>,
    /// What asking for the simple page beside the document brought; `None` where it was not asked
    /// for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub simple_page: Option<SimplePage>,
    /// What is known; of a project that is gone, what was known last.
    pub project: Option<Project>,
}

/// Whether a registry knows a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It does.
    Found,
    /// It says that there is none: never was, deleted, or quarantined.
    Gone,
}

/// A registry that did not answer as it should.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// When it first failed since the last good answer.
    pub at: Timestamp,
    /// What happened.
    pub message: String,
}

/// What the registry gave for conditional requests (RFC 9110, section 13).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validators {
    /// `ETag`
    pub etag: Option<String>,
    /// `Last-Modified`
    pub last_modified: Option<String>,
}

impl Answer {
    /// The key of this answer, if its registry is one that this program knows. The name becomes a
    /// path, and it may come from a document that others wrote: one that is no name of a
    /// project has no key.
    pub fn key(&self) -> Option<ProjectKey> {
        let registry =
            registry_rules::find(&self.registry).filter(|registry| registry.is_name(&self.name))?;
        ProjectKey::new(registry.id(), &self.name)
    }

    /// What the registry knows of the project today.
    pub fn found(&self) -> Option<&Project> {
        self.project.as_ref().filter(|_| self.state == State::Found)
    }
}
