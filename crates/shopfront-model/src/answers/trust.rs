//! Trust data of a registry: publishers of releases and the source of that data.

use super::{Project, Release};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Validators;

/// Registry data on the attestation of one release (PEP 740). The registry verified the signature
/// at upload; this program does not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attestation {
    /// Version of the release.
    pub version: String,
    /// File whose attestation was read: one represents all files of a release.
    pub file: String,
    /// Publisher; `None` if the registry announces an attestation but provides no readable one.
    pub publisher: Option<Publisher>,
}

/// Workflow that published a release without a password (PEP 740, "Trusted Publisher").
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publisher {
    /// Service of the workflow: `GitHub`, `GitLab`, `Google`, …
    pub kind: String,
    /// Repository in the service's notation: `owner/name`.
    pub repository: Option<String>,
    /// File of the workflow.
    pub workflow: Option<String>,
    /// Environment of the workflow run.
    pub environment: Option<String>,
}

/// Result of the request for the simple page beside the document of a project.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SimplePage {
    /// Time since which the page is known to add nothing; `None` if it adds data.
    pub silent_since: Option<Timestamp>,
    /// Validators for a conditional request of the page.
    pub validators: Option<Validators>,
}

impl Publisher {
    /// Returns the URL of the repository for services with known URLs.
    pub fn address(&self) -> Option<String> {
        let repository = self.repository.as_deref()?;
        Some(format!("https://{}/{repository}", self.forge()?))
    }

    /// Returns the web server of the publisher's repositories.
    pub fn forge(&self) -> Option<&'static str> {
        match self.kind.as_str() {
            "GitHub" => Some("github.com"),
            "GitLab" => Some("gitlab.com"),
            _ => None,
        }
    }

    /// Returns `true` if both name the same repository of the same service. The services ignore
    /// case.
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

    /// Returns `true` if a URL is the repository of this publisher or a page below it; `None` for
    /// a URL of another service.
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
