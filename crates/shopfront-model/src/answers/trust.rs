//! What a registry tells of how far a project can be trusted: who published a release, and where
//! that was learnt.

use super::{Project, Release};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Validators;

/// What the registry says of the attestation of one release (PEP 740). It checked the signature
/// when the file was uploaded; this program does not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attestation {
    /// The release.
    pub version: String,
    /// The file whose attestation was read: one stands for all files of a release.
    pub file: String,
    /// Who published it; `None` where the registry announces an attestation and has none that can
    /// be read.
    pub publisher: Option<Publisher>,
}

/// A workflow that published a release without anybody's password (PEP 740, "Trusted Publisher").
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publisher {
    /// Which service: `GitHub`, `GitLab`, `Google`, …
    pub kind: String,
    /// The repository as that service names it: `owner/name`.
    pub repository: Option<String>,
    /// The file of the workflow.
    pub workflow: Option<String>,
    /// The environment that the workflow ran in.
    pub environment: Option<String>,
}

/// What asking for the simple page beside the document of a project brought.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SimplePage {
    /// Since when it is known that the page tells nothing more; `None` where it does.
    pub silent_since: Option<Timestamp>,
    /// What a conditional request for it sends.
    pub validators: Option<Validators>,
}

impl Publisher {
    /// The web address of the repository, of services whose addresses are known.
    pub fn address(&self) -> Option<String> {
        let repository = self.repository.as_deref()?;
        Some(format!("https://{}/{repository}", self.forge()?))
    }

    /// The web host of its repositories.
    pub fn forge(&self) -> Option<&'static str> {
        match self.kind.as_str() {
            "GitHub" => Some("github.com"),
            "GitLab" => Some("gitlab.com"),
            _ => None,
        }
    }

    /// Whether both name the same repository of the same service: neither tells upper case from
    /// lower.
    pub fn is_of_same_repository(&self, other: &Publisher) -> bool {
        let folded = |it: &Publisher| {
            (
                it.kind.clone(),
                it.repository
                    .as_ref()
                    .map(|repository| repository.to_ascii_lowercase()),
            )
        };
        folded(self) == folded(other)
    }

    /// Whether a web address is the repository of this publisher, or a place in it; `None` for one
    /// of another service.
    pub fn is_at(&self, url: &str) -> Option<bool> {
        let url = url::Url::parse(url).ok()?;
        let host = url.host_str()?.trim_start_matches("www.");
        if Some(host) != self.forge() {
            return None;
        }
        let whole = |path: &str| path.trim_matches('/').to_ascii_lowercase();
        let (stated, attested) = (whole(url.path()), whole(self.repository.as_deref()?));
        let rest = stated.strip_prefix(&attested);
        Some(rest.is_some_and(|rest| matches!(rest, "" | ".git") || rest.starts_with('/')))
    }
}

impl Project {
    /// Returns `true` if the registry verified that `release` was published from `repository`,
    /// which its listing states.
    pub fn is_attested_at(&self, release: &Release, repository: Option<&str>) -> bool {
        let publisher = self
            .attestation_of(release)
            .filter(|_| release.attested == Some(true))
            .and_then(|it| it.publisher.as_ref());
        publisher
            .zip(repository)
            .is_some_and(|(publisher, repository)| publisher.is_at(repository) == Some(true))
    }
}
