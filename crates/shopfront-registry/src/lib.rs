//! Package registries: requests to each, and the interpretation of the responses. They access the
//! web only through [`HttpClient`].

pub mod web;
pub mod http;
pub mod resolve;
mod archive;
mod cleaned;
pub mod github;
mod integrity;
pub mod npm;
mod package;
pub mod pinned;
pub mod pypi;

pub use archive::Archive;
pub use integrity::Integrity;
pub use package::{PackageRequest, RemoteFile};

use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::Timestamp;
use serde_json::Value;

use crate::web::HttpClient;
use shopfront_json::{self as json, Plain};
use shopfront_model::answers::{Answer, Project, SimplePage, Validators};
use shopfront_model::catalogue::Locator;
use shopfront_model::registry_rules::RegistryRules;
use shopfront_model::registry_rules::github::GitHub;
use shopfront_model::registry_rules::npm::Npm;
use shopfront_model::registry_rules::pinned::Pinned;
use shopfront_model::registry_rules::pypi::Pypi;

/// All supported registries. A new one consists of a file and its line here.
pub static ALL: &[&dyn Registry] = &[&Pinned, &GitHub, &Npm, &Pypi];

/// Kind of package registry.
pub trait Registry: RegistryRules {
    /// Returns the environment variable that may contain a token.
    fn token_variable(&self) -> Option<&'static str> {
        None
    }

    /// Returns the releases whose packages are inspected, if the kind of a host inspects
    /// packages.
    fn reads(&self) -> Reads;

    /// Queries one project.
    ///
    /// # Errors
    /// Returns a [`RegistryError`] if there is no trustworthy response. A missing project is a
    /// valid response.
    fn ask(
        &self,
        question: &ProjectRequest<'_>,
        web: &dyn HttpClient,
    ) -> Result<Lookup, RegistryError>;

    /// Finds one package; its bytes are fetched on demand. `web` must be a client that [fetches
    /// packages](crate::http::Http::with_packages).
    ///
    /// # Errors
    /// Returns a [`RegistryError`] if the registry has no such package, or a location from which
    /// fetching is not allowed.
    fn package<'w>(
        &self,
        wish: &PackageRequest<'_>,
        web: &'w dyn HttpClient,
    ) -> Result<RemoteFile<'w>, RegistryError>;
}

/// Releases whose packages are inspected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reads {
    /// Newest release only: each costs a request.
    Newest,
    /// All releases, because a contributor listed each of them.
    All,
}

/// Request for a project.
pub struct ProjectRequest<'q> {
    /// Base URL without a trailing slash.
    pub base: &'q str,
    /// Name of the project.
    pub name: &'q str,
    /// Source data of the snippet.
    pub locator: &'q Locator,
    /// Last valid answer, which may still be current.
    pub last: Option<&'q Answer>,
    /// Time of the request.
    pub now: Timestamp,
    /// State of the registry in this run.
    pub run: &'q CircuitBreaker,
}

/// Number of consecutive failures after which optional requests are skipped in this run.
const FAILURE_THRESHOLD: usize = 10;

/// State of a registry in one run.
#[derive(Default)]
pub struct CircuitBreaker {
    failures: AtomicUsize,
}

impl CircuitBreaker {
    /// Returns `true` until ten consecutive optional requests have failed: each failure may take
    /// minutes.
    pub fn is_closed(&self) -> bool {
        self.failures.load(Ordering::Relaxed) < FAILURE_THRESHOLD
    }

    /// Records the result of an optional request.
    pub fn note<T, F>(&self, result: &Result<T, F>) {
        match result {
            Ok(_) => self.failures.store(0, Ordering::Relaxed),
            Err(_) => {
                self.failures.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
}

/// Result of a lookup.
pub enum Lookup {
    /// Project data.
    Found(Box<FoundProject>),
    /// Not modified since the answer with these validators.
    NotModified,
    /// No such project.
    NotFound,
}

/// Project, with data that is not part of its answer.
pub struct FoundProject {
    /// Project data.
    pub project: Project,
    /// Long description of its newest release.
    pub description: Option<String>,
    /// Validators for the next conditional request.
    pub validators: Option<Validators>,
    /// Result of the request for the simple page beside the document.
    pub simple_page: Option<SimplePage>,
}

/// The memory that the document of a registry may take as a tree: several are read at once.
pub(crate) const MAX_TREE: usize = 256 << 20;

/// The JSON document that a registry sent.
pub(crate) fn document(body: &[u8]) -> serde_json::Result<Value> {
    json::read_within(body, MAX_TREE).map(|Plain(value)| value)
}

/// Why there is no answer that can be trusted, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegistryError(pub String);

/// Returns the registry with this id.
pub fn find(id: &str) -> Option<&'static dyn Registry> {
    ALL.iter().copied().find(|it| it.id() == id)
}

/// Parses a time in a response, in RFC 3339 with or without a fraction, to whole seconds.
///
/// Times before 1970 are not upload times. Years before 0 cannot be published, because RFC 3339
/// does not support them.
pub fn timestamp(text: &str) -> Option<Timestamp> {
    let exact: Timestamp = text.parse().or_else(|_| format!("{text}Z").parse()).ok()?;
    Timestamp::from_second(exact.as_second())
        .ok()
        .filter(|at| *at >= Timestamp::UNIX_EPOCH)
}
