//! The package registries: how each is asked, and what its answers mean. They see the web only
//! through [`HttpClient`].

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

/// Every registry that this program knows. A new one is a file and its line here.
pub static ALL: &[&dyn Registry] = &[&Pinned, &GitHub, &Npm, &Pypi];

/// One kind of package registry.
pub trait Registry: RegistryRules {
    /// The variable of the environment that may hold a token for it.
    fn token_variable(&self) -> Option<&'static str> {
        None
    }

    /// Of which releases the packages are read, where the kind of a host reads packages.
    fn reads(&self) -> Reads;

    /// Asks for one project.
    ///
    /// # Errors
    /// [`RegistryError`] when there is no answer that can be trusted; that the project is not there
    /// is an answer.
    fn ask(
        &self,
        question: &ProjectRequest<'_>,
        web: &dyn HttpClient,
    ) -> Result<Lookup, RegistryError>;

    /// Finds one package; its bytes are fetched when they are asked for. `web` must be one that
    /// [fetches packages](crate::http::Http::with_packages).
    ///
    /// # Errors
    /// [`RegistryError`] when the registry has no such package, or says of it that it lies where
    /// nothing is fetched from.
    fn package<'w>(
        &self,
        wish: &PackageRequest<'_>,
        web: &'w dyn HttpClient,
    ) -> Result<RemoteFile<'w>, RegistryError>;
}

/// Of which releases packages are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reads {
    /// Of the newest alone: each costs a request.
    Newest,
    /// Of all: somebody wrote each of them down.
    All,
}

/// What is asked of a registry.
pub struct ProjectRequest<'q> {
    /// The base address, without a slash at its end.
    pub base: &'q str,
    /// The project.
    pub name: &'q str,
    /// What the snippet says of its source.
    pub locator: &'q Locator,
    /// The last good answer, while it may still hold.
    pub last: Option<&'q Answer>,
    /// The time of asking.
    pub now: Timestamp,
    /// What this run knows of the registry.
    pub run: &'q CircuitBreaker,
}

/// After so many failures in a row, what is asked beside the projects themselves is not asked any
/// more in this run.
const FAILURE_THRESHOLD: usize = 10;

/// What one run remembers of a registry.
#[derive(Default)]
pub struct CircuitBreaker {
    failures: AtomicUsize,
}

impl CircuitBreaker {
    /// Whether what is good to know, but no answer by itself, is still worth a question: each that
    /// fails may take minutes.
    pub fn is_closed(&self) -> bool {
        self.failures.load(Ordering::Relaxed) < FAILURE_THRESHOLD
    }

    /// Notes how such a question went.
    pub fn note<T, F>(&self, result: &Result<T, F>) {
        match result {
            Ok(_) => self.failures.store(0, Ordering::Relaxed),
            Err(_) => {
                self.failures.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
}

/// What a registry says.
pub enum Lookup {
    /// This is the project.
    Found(Box<FoundProject>),
    /// Nothing changed since the answer that the validators are of.
    NotModified,
    /// There is no such project.
    NotFound,
}

/// A project, with what does not belong into its answer.
pub struct FoundProject {
    /// What is known.
    pub project: Project,
    /// The long description of its newest release.
    pub description: Option<String>,
    /// For the next conditional request.
    pub validators: Option<Validators>,
    /// What asking for the simple page beside the document brought.
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

/// The registry with this id.
pub fn find(id: &str) -> Option<&'static dyn Registry> {
    ALL.iter().copied().find(|it| it.id() == id)
}

/// The time in an answer, in RFC 3339 with or without a fraction; whole seconds are enough for a
/// store.
///
/// What is told from before 1970 is no upload; and years before 0 can not be published, for RFC
/// 3339 has none.
pub fn timestamp(text: &str) -> Option<Timestamp> {
    let exact: Timestamp = text.parse().or_else(|_| format!("{text}Z").parse()).ok()?;
    Timestamp::from_second(exact.as_second())
        .ok()
        .filter(|at| *at >= Timestamp::UNIX_EPOCH)
}
