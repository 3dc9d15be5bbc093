//! What people wrote, read and understood: the store, its hosts, their snippets. Nothing that a
//! registry said.

mod snapshot;
mod source;

pub use snapshot::{CatalogueSnapshot, EntryKey};
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

/// All hosts and snippets that could be read.
#[derive(Default)]
pub struct Catalogue {
    /// By id.
    pub hosts: BTreeMap<HostId, Host>,
    /// Sorted by host, then id, then path.
    pub snippets: Vec<Snippet>,
}

impl Catalogue {
    /// The host with this id.
    pub fn host(&self, id: &HostId) -> Option<&Host> {
        self.hosts.get(id)
    }

    /// The host that a person named, by its id or its folder.
    ///
    /// # Errors
    /// When there is none, with those that are there.
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

    /// The snippets of one host, sorted by id.
    pub fn of_host(&self, host: &HostId) -> &[Snippet] {
        let start = self.snippets.partition_point(|it| it.host < *host);
        let end = self.snippets.partition_point(|it| it.host <= *host);
        &self.snippets[start..end]
    }

    /// The host of `snippet`; a snippet without one is never kept.
    pub fn host_of(&self, snippet: &Snippet) -> &Host {
        &self.hosts[&snippet.host]
    }

    /// Every project that must be asked for, each once: those of the snippets and those of the
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

/// `catalogue/store.json`.
#[derive(Clone, Debug, Deserialize)]
pub struct StoreFile {
    /// A short name, for machines.
    pub id: String,
    /// Its name.
    pub title: String,
    /// What can be found here.
    pub description: String,
    /// Where it is published; ends with a slash.
    pub url: String,
    /// Where the repository is.
    pub repository: Option<String>,
    /// The branch that is published.
    #[serde(default = "main_branch")]
    pub branch: String,
    /// The language of the pages (BCP 47).
    #[serde(default = "english")]
    pub language: String,
    /// Further languages, each with all pages below a folder of its own.
    #[serde(default)]
    pub languages: Vec<String>,
    /// The color of the store, as `#rrggbb`.
    pub accent: Option<String>,
    /// An image in `catalogue/site/`.
    pub logo: Option<String>,
    /// Links in the head of every page.
    #[serde(default)]
    pub links: Vec<Link>,
    /// A line at the foot of every page.
    pub footer: Option<String>,
    /// Where problems with a listing are reported.
    pub contact: Option<String>,
    /// Whether a picture is drawn for every page of a plugin.
    #[serde(default = "yes")]
    pub image_cards: bool,
    /// Rules of this store.
    #[serde(default)]
    pub policy: Policy,
    /// Other stores whose entries are shown here.
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

/// A link with its words.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Link {
    /// What people read.
    pub title: String,
    /// Where it leads.
    pub url: String,
}

/// The rules of a store.
#[derive(Clone, Debug, Deserialize)]
#[serde(default)]
pub struct Policy {
    /// The share of entries that may lose their release or vanish in one build.
    pub max_drop: f64,
    /// How long an answer is used without asking again: `1h`.
    pub max_age: String,
    /// The largest package, in megabytes.
    pub max_package_mb: u64,
    /// Whether good pull requests of listed maintainers are merged without a person.
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
    /// [`Policy::max_package_mb`] in bytes.
    pub fn max_package(&self) -> u64 {
        self.max_package_mb.saturating_mul(1_000_000)
    }

    /// [`Policy::max_age`] in seconds.
    pub fn max_age_seconds(&self) -> i64 {
        let (number, unit) = self.max_age.split_at(self.max_age.len().saturating_sub(1));
        let seconds = match unit {
            "s" => 1,
            "m" => 60,
            "h" => 3_600,
            _ => 86_400,
        };
        // The schema lets six digits pass: no overflow.
        number.parse::<i64>().unwrap_or(1) * seconds
    }
}

/// Another store, merged into this one.
#[derive(Clone, Debug, Deserialize)]
pub struct Upstream {
    /// How this store calls it.
    pub id: String,
    /// What people read beside its entries.
    pub title: String,
    /// Its base address.
    pub url: String,
    /// Whether its entries go into the hosts' own files too.
    #[serde(default)]
    pub install: bool,
}

/// One application that loads plugins: `catalogue/<id>/host.json`.
pub struct Host {
    /// The name of its folder.
    pub id: HostId,
    /// Its file, from the root of the store.
    pub path: String,
    /// Which adapter serves it.
    pub kind: &'static Kind,
    /// That adapter, with the settings of this host.
    pub adapter: Box<dyn Adapter>,
    /// What every host has.
    pub body: HostBody,
    /// Files below `assets/`, as `<id>/<file>`.
    pub assets: BTreeSet<String>,
    /// The files of `library/`, by their path below it, where its kind has such.
    pub library: BTreeMap<String, String>,
}

/// The fields of `host.json` that every kind has.
#[derive(Clone, Debug, Deserialize)]
pub struct HostBody {
    /// What people call it.
    pub title: String,
    /// What it is.
    pub description: String,
    /// Its own page.
    pub homepage: Option<String>,
    /// An image below `assets/host/`.
    pub icon: Option<String>,
    /// The categories that snippets may use; any, when empty.
    #[serde(default)]
    pub categories: Vec<Category>,
    /// The command that installs a plugin.
    pub install: Option<String>,
}

/// A category of a host.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Category {
    /// What snippets write.
    pub id: String,
    /// What people read.
    pub title: String,
    /// What belongs into it.
    pub description: Option<String>,
}

/// One plugin: `catalogue/<host>/…/<id>.json`.
#[derive(Clone, Debug)]
pub struct Snippet {
    /// Its file, from the root of the store.
    pub path: String,
    /// Its host.
    pub host: HostId,
    /// The stem of its file.
    pub id: String,
    /// See [`Uid`].
    pub uid: Uid,
    /// First 16 hexadecimal digits of the SHA-256 of the file: whether it changed.
    pub digest: String,
    /// Where its releases are.
    pub source: ProjectKey,
    /// What its source says beside that.
    pub locator: Locator,
    /// What it says of itself.
    pub body: SnippetBody,
}

impl Snippet {
    /// Returns the place of the project's name in the file.
    pub fn source_place(&self) -> Location {
        Location::value(&self.path, format!("/source/{}", self.source.registry))
    }

    /// Whether it is a tombstone: its id is taken for ever, and nothing else of it is used.
    pub fn is_withdrawn(&self) -> bool {
        self.body
            .lifecycle
            .as_ref()
            .is_some_and(|it| it.state == LifecycleState::Withdrawn)
    }
}

/// The fields of a snippet, as its schema lets them pass; `comment` and `$schema` are not kept.
#[derive(Clone, Debug, Deserialize)]
pub struct SnippetBody {
    /// What people call it.
    pub display_name: String,
    /// What it does.
    pub display_description: String,
    /// Who makes it.
    pub author: String,
    /// What the host imports.
    pub module_name: Option<String>,
    /// Its own page.
    pub homepage: Option<String>,
    /// Its manual.
    pub documentation: Option<String>,
    /// Its source code.
    pub repository: Option<String>,
    /// Where faults are reported.
    pub issues: Option<String>,
    /// SPDX expression.
    pub license: Option<String>,
    /// Ids of categories.
    #[serde(default)]
    pub categories: Vec<String>,
    /// Words that people search for.
    #[serde(default)]
    pub keywords: Vec<String>,
    /// An image below `assets/<id>/`.
    pub icon: Option<String>,
    /// More of them.
    #[serde(default)]
    pub screenshots: Vec<Screenshot>,
    /// GitHub logins.
    #[serde(default)]
    pub maintainers: Vec<String>,
    /// Said of a plugin that is no longer plainly alive.
    pub lifecycle: Option<Lifecycle>,
    /// Ids that it had before.
    #[serde(default)]
    pub formerly: Vec<String>,
}

/// An image with the words for those who do not see it.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Screenshot {
    /// The name of the image.
    pub file: String,
    /// What can be seen.
    pub alt: String,
}

/// Why a plugin is no longer plainly alive.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Lifecycle {
    /// Which state.
    pub state: LifecycleState,
    /// Why.
    pub reason: Option<String>,
    /// Where its author says so.
    pub evidence: Option<String>,
    /// The id of the entry to use instead.
    pub successor: Option<String>,
}

/// The states of [`Lifecycle`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LifecycleState {
    /// Its author advises against it.
    Deprecated,
    /// Nobody works on it.
    Abandoned,
    /// Its author looks for somebody to take over.
    Adoptable,
    /// A tombstone.
    Withdrawn,
}

impl LifecycleState {
    /// As files write it.
    pub fn as_str(self) -> &'static str {
        match self {
            LifecycleState::Deprecated => "deprecated",
            LifecycleState::Abandoned => "abandoned",
            LifecycleState::Adoptable => "adoptable",
            LifecycleState::Withdrawn => "withdrawn",
        }
    }
}

/// The name of a plugin for machines, stable as long as it is the same plugin: the first 16
/// hexadecimal digits of the SHA-256 of its canonical source address, a newline, and its module
/// name (empty where it has none).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uid(pub String);

impl Uid {
    /// The uid of `module_name` from `source`.
    pub fn new(source: &ProjectKey, module_name: Option<&str>) -> Uid {
        let page = registry_rules::page(source);
        let digest = shopfront_text::digest::sha256(
            format!("{page}\n{}", module_name.unwrap_or_default()).as_bytes(),
        );
        Uid(digest[..16].to_owned())
    }
}

/// The host and the id of the entry that the file at `path` is of, sound or not; `None` when it is
/// no entry's file.
pub fn entry_of(path: &str) -> Option<(&str, &str)> {
    let rest = path.strip_prefix("catalogue/")?;
    let (host, below) = rest.split_once('/')?;
    let folder = below.split('/').next()?;
    let id = below.rsplit('/').next()?.strip_suffix(".json")?;
    let is_entry =
        names::no_host_id(host).is_none() && names::no_entry_id(id).is_none() && host != "site";
    (is_entry && !matches!(folder, "assets" | "packages" | "library")).then_some((host, id))
}
