//! Parsed and resolved contributor input: the store, its hosts and their snippets. Contains no
//! data from registries.

mod snapshot;
mod source;

pub use snapshot::{CatalogueSnapshot, EntryKey, files_of_entries};
pub use source::source_of;
pub use source::{Locator, PLAIN, Pin, ResolveTarget};

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::adapter::Adapter;
use crate::adapter::Kind;
use crate::answers::ProjectKey;
use crate::registry_rules;
use shopfront_diagnostics::Location;
use shopfront_diagnostics::error::Error;
use shopfront_text::names::{self, HostId};

/// All readable hosts and snippets.
#[derive(Default)]
pub struct Catalogue {
    /// Hosts by id.
    pub hosts: BTreeMap<HostId, Host>,
    /// Snippets, sorted by host, then id, then path.
    pub snippets: Vec<Snippet>,
}

impl Catalogue {
    /// Returns the host with this id.
    pub fn host(&self, id: &HostId) -> Option<&Host> {
        self.hosts.get(id)
    }

    /// Returns the host named by its id or its directory.
    ///
    /// # Errors
    /// Returns an error that lists the hosts of the store if none matches.
    pub fn host_named(&self, name: &str) -> Result<&Host, Error> {
        let id = name
            .trim_end_matches('/')
            .rsplit('/')
            .next()
            .unwrap_or_default();
        self.hosts.get(&HostId::new(id)).ok_or_else(|| {
            let known: Vec<&str> = self.hosts.keys().map(HostId::as_str).collect();
            let help = if known.is_empty() {
                "this store has no host; `--root` names the folder of a store".to_owned()
            } else {
                format!("the hosts of this store: {}", known.join(", "))
            };
            Error::new(format!("there is no host `{name}`")).help(help)
        })
    }

    /// Returns the snippets of one host, sorted by id.
    pub fn of_host(&self, host: &HostId) -> &[Snippet] {
        let start = self.snippets.partition_point(|it| it.host < *host);
        let end = self.snippets.partition_point(|it| it.host <= *host);
        &self.snippets[start..end]
    }

    /// Returns the host of `snippet`. A snippet without a host is never kept.
    pub fn host_of(&self, snippet: &Snippet) -> &Host {
        &self.hosts[&snippet.host]
    }

    /// Returns the projects to query, without duplicates: those of the snippets and those of the
    /// hosts.
    pub fn projects(&self) -> BTreeMap<ProjectKey, ResolveTarget<'_>> {
        let of_hosts = self
            .hosts
            .values()
            .filter_map(|host| host.adapter.host_project());
        let mut projects: BTreeMap<ProjectKey, ResolveTarget<'_>> = of_hosts
            .map(|key| (key, ResolveTarget::default()))
            .collect();
        for snippet in &self.snippets {
            let host = self.host_of(snippet);
            let reader = host
                .adapter
                .reader()
                .map(|reader| (host.kind.name, reader))
                .filter(|_| !snippet.is_withdrawn());
            let subject = projects.entry(snippet.source.clone()).or_default();
            subject.locator = Some(&snippet.locator);
            subject.reader = subject.reader.or(reader);
        }
        projects
    }
}

/// Settings of the store: `catalogue/store.json`.
#[derive(Clone, Debug, Deserialize)]
pub struct StoreFile {
    /// Short machine-readable name.
    pub id: String,
    /// Name for readers.
    pub title: String,
    /// Description of the store.
    pub description: String,
    /// URL of the published store, with a trailing slash.
    pub url: String,
    /// URL of the repository.
    pub repository: Option<String>,
    /// Published branch.
    #[serde(default = "main_branch")]
    pub branch: String,
    /// Language of the pages (BCP 47).
    #[serde(default = "english")]
    pub language: String,
    /// Further languages, each with all pages below its own directory.
    #[serde(default)]
    pub languages: Vec<String>,
    /// Color of the store, as `#rrggbb`.
    pub accent: Option<String>,
    /// Image in `catalogue/site/`.
    pub logo: Option<String>,
    /// Links in the header of every page.
    #[serde(default)]
    pub links: Vec<Link>,
    /// Line in the footer of every page.
    pub footer: Option<String>,
    /// Contact for problems with a listing.
    pub contact: Option<String>,
    /// `true` if an image card is rendered for every plugin page.
    #[serde(default = "yes")]
    pub image_cards: bool,
    /// Rules of this store.
    #[serde(default)]
    pub policy: Policy,
    /// Other stores whose entries are included.
    #[serde(default)]
    pub upstreams: Vec<Upstream>,
}

fn main_branch() -> String {
    "main".to_owned()
}

fn english() -> String {
    "en".to_owned()
}

fn yes() -> bool {
    true
}

/// Link with its text.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Link {
    /// Text of the link.
    pub title: String,
    /// Target of the link.
    pub url: String,
}

/// Rules of a store.
#[derive(Clone, Debug, Deserialize)]
#[serde(default)]
pub struct Policy {
    /// Maximum share of entries that may lose their release or disappear in one build.
    pub max_drop: f64,
    /// Maximum age of an answer before it is refreshed: `1h`.
    pub max_age: String,
    /// Maximum package size in megabytes.
    pub max_package_mb: u64,
    /// `true` if valid pull requests of listed maintainers are merged automatically.
    pub auto_merge: bool,
}

impl Default for Policy {
    fn default() -> Policy {
        Policy {
            max_drop: 0.05,
            max_age: "1h".to_owned(),
            max_package_mb: 100,
            auto_merge: false,
        }
    }
}

impl Policy {
    /// Returns [`Policy::max_package_mb`] in bytes.
    pub fn max_package(&self) -> u64 {
        self.max_package_mb.saturating_mul(1_000_000)
    }

    /// Returns [`Policy::max_age`] in seconds.
    pub fn max_age_seconds(&self) -> i64 {
        let (number, unit) = self.max_age.split_at(self.max_age.len().saturating_sub(1));
        let seconds = match unit {
            "s" => 1,
            "m" => 60,
            "h" => 3_600,
            _ => 86_400,
        };
        // The schema allows at most six digits: no overflow.
        number.parse::<i64>().unwrap_or(1) * seconds
    }
}

/// Other store whose entries are merged into this one.
#[derive(Clone, Debug, Deserialize)]
pub struct Upstream {
    /// Id of the upstream in this store.
    pub id: String,
    /// Text beside its entries.
    pub title: String,
    /// Base URL of the upstream.
    pub url: String,
    /// `true` if its entries are also in the hosts' own files.
    #[serde(default)]
    pub install: bool,
}

/// Application that loads plugins: `catalogue/<id>/host.json`.
pub struct Host {
    /// Name of its directory.
    pub id: HostId,
    /// Path of its file from the root of the store.
    pub path: String,
    /// Kind of the host.
    pub kind: &'static Kind,
    /// Adapter of the kind with the settings of this host.
    pub adapter: Box<dyn Adapter>,
    /// Fields that every host has.
    pub body: HostBody,
    /// Files below `assets/`, as `<id>/<file>`.
    pub assets: BTreeSet<String>,
    /// Files of `library/` by their path below it, if the kind has a library.
    pub library: BTreeMap<String, String>,
}

/// Fields of `host.json` that every kind has.
#[derive(Clone, Debug, Deserialize)]
pub struct HostBody {
    /// Name for readers.
    pub title: String,
    /// Description of the application.
    pub description: String,
    /// Website of the application.
    pub homepage: Option<String>,
    /// Image below `assets/host/`.
    pub icon: Option<String>,
    /// Categories that snippets may use; empty if any is allowed.
    #[serde(default)]
    pub categories: Vec<Category>,
    /// Command that installs a plugin.
    pub install: Option<String>,
}

/// Category of a host.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Category {
    /// Id in snippets.
    pub id: String,
    /// Name for readers.
    pub title: String,
    /// Description of the category.
    pub description: Option<String>,
}

/// One plugin: `catalogue/<host>/…/<id>.json`.
#[derive(Clone, Debug)]
pub struct Snippet {
    /// Path of its file from the root of the store.
    pub path: String,
    /// Host of the plugin.
    pub host: HostId,
    /// Stem of its file name.
    pub id: String,
    /// Machine-readable identity, see [`Uid`].
    pub uid: Uid,
    /// First 16 hexadecimal digits of the SHA-256 of the file, for change detection.
    pub digest: String,
    /// Project with its releases.
    pub source: ProjectKey,
    /// Further data of its source.
    pub locator: Locator,
    /// Fields of the snippet.
    pub body: SnippetBody,
}

impl Snippet {
    /// Returns the location of the project's name in the file.
    pub fn source_place(&self) -> Location {
        Location::value(&self.path, format!("/source/{}", self.source.registry))
    }

    /// Returns `true` for a tombstone: its id is permanently reserved, and no other field is
    /// used.
    pub fn is_withdrawn(&self) -> bool {
        self.body
            .lifecycle
            .as_ref()
            .is_some_and(|it| it.state == LifecycleState::Withdrawn)
    }
}

/// Fields of a snippet that passed its schema; `comment` and `$schema` are not kept.
#[derive(Clone, Debug, Deserialize)]
pub struct SnippetBody {
    /// Name for readers.
    pub display_name: String,
    /// Short description for readers.
    pub display_description: String,
    /// Author of the plugin.
    pub author: String,
    /// Module that the host imports.
    pub module_name: Option<String>,
    /// Website of the plugin.
    pub homepage: Option<String>,
    /// URL of the manual.
    pub documentation: Option<String>,
    /// URL of the source code.
    pub repository: Option<String>,
    /// URL of the issue tracker.
    pub issues: Option<String>,
    /// SPDX expression.
    pub license: Option<String>,
    /// Ids of categories.
    #[serde(default)]
    pub categories: Vec<String>,
    /// Search terms.
    #[serde(default)]
    pub keywords: Vec<String>,
    /// Image below `assets/<id>/`.
    pub icon: Option<String>,
    /// Further images below `assets/<id>/`.
    #[serde(default)]
    pub screenshots: Vec<Screenshot>,
    /// GitHub logins.
    #[serde(default)]
    pub maintainers: Vec<String>,
    /// Lifecycle, if the plugin is deprecated, unmaintained or withdrawn.
    pub lifecycle: Option<Lifecycle>,
    /// Former ids.
    #[serde(default)]
    pub formerly: Vec<String>,
}

/// Image with alternative text.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Screenshot {
    /// Name of the image.
    pub file: String,
    /// Alternative text.
    pub alt: String,
}

/// Lifecycle of a plugin that is deprecated, unmaintained or withdrawn.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Lifecycle {
    /// Current state.
    pub state: LifecycleState,
    /// Reason for the state.
    pub reason: Option<String>,
    /// URL of the author's statement.
    pub evidence: Option<String>,
    /// Id of the entry to use instead.
    pub successor: Option<String>,
}

/// States of [`Lifecycle`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LifecycleState {
    /// Author advises against use.
    Deprecated,
    /// No longer maintained.
    Abandoned,
    /// Author is looking for a new maintainer.
    Adoptable,
    /// Tombstone.
    Withdrawn,
}

impl LifecycleState {
    /// Returns the value in files.
    pub fn as_str(self) -> &'static str {
        match self {
            LifecycleState::Deprecated => "deprecated",
            LifecycleState::Abandoned => "abandoned",
            LifecycleState::Adoptable => "adoptable",
            LifecycleState::Withdrawn => "withdrawn",
        }
    }
}

/// Machine-readable identity of a plugin, stable as long as it is the same plugin. It consists of
/// the first 16 hexadecimal digits of a SHA-256. The hashed text is the canonical source URL, a
/// newline and the module name (empty if it has none).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uid(pub String);

impl Uid {
    /// Returns the uid of `module_name` from `source`.
    pub fn new(source: &ProjectKey, module_name: Option<&str>) -> Uid {
        let page = registry_rules::page(source);
        let digest = shopfront_text::digest::sha256(
            format!("{page}\n{}", module_name.unwrap_or_default()).as_bytes(),
        );
        Uid(digest[..16].to_owned())
    }
}

/// The folder where a package manager puts what it installs: nothing of it is an entry.
pub const INSTALLED: &str = "node_modules";

/// The host and the id of the entry that the file at `path` is of, sound or not; `None` when it is no entry's file.
pub fn entry_of(path: &str) -> Option<(&str, &str)> {
    let rest = path.strip_prefix("catalogue/")?;
    let (host, below) = rest.split_once('/')?;
    if below.split('/').any(|folder| folder == INSTALLED) {
        return None;
    }
    let folder = below.split('/').next()?;
    let id = below.rsplit('/').next()?.strip_suffix(".json")?;
    let is_entry =
        names::no_host_id(host).is_none() && names::no_entry_id(id).is_none() && host != "site";
    (is_entry && !matches!(folder, "assets" | "packages" | "library")).then_some((host, id))
}
