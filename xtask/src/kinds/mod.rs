//! The adapters: what each kind of host wants of its plugins, and what its program reads.

mod fiab;
mod python;

use pep440_rs::Version;
use serde_json::{Map, Value};

use crate::answers::{Project, ProjectKey, Release};
use crate::catalogue::{Catalogue, Host, Snippet, StoreFile};
use crate::names::normal_project;
use crate::package::Package;

/// Every kind of host. A new one is a file, its schemas, and its line here.
pub static ALL: &[&Kind] = &[&fiab::KIND, &python::KIND];

/// A kind of host.
pub struct Kind {
    /// As `host.json` writes it.
    pub name: &'static str,
    /// The schema of its `host.json`.
    pub host_schema: &'static str,
    /// The schema of its snippets.
    pub snippet_schema: &'static str,
    /// The adapter with the settings of one host, from a `host.json` that passed its schema.
    pub open: fn(&Map<String, Value>) -> Box<dyn Adapter>,
}

/// What a kind knows beyond the fields that all share.
pub trait Adapter: Send + Sync {
    /// The host application's own project, whose releases say what fits.
    fn host_project(&self) -> Option<ProjectKey>;

    /// Which major versions of the host plugins are measured against; the least first.
    fn supported_majors(&self, host_project: &Project) -> Vec<Major>;

    /// The major versions that `release` fits.
    fn fits(&self, versions: &HostVersions, project: &Project, release: &Release) -> Vec<u64>;

    /// How plainly `package` shows that it is for this host.
    fn claims(&self, package: &Package) -> Claim;

    /// The module of `package` that the host loads, where the package shows it.
    fn module_of(&self, package: &Package) -> Option<String>;

    /// The groups of entry points that a plugin must have one of, the current one first; none where the host finds plugins
    /// in another way.
    fn entry_point_groups(&self) -> &[String];

    /// Whether a plugin has to require the host's own project: where nothing else makes it one.
    fn is_known_by_requirement(&self) -> bool;

    /// Facets of this kind, by which people narrow a listing, each with the value that an entry with this newest release
    /// has. The scripts of the site have words for both.
    fn traits(&self, _newest: &Release) -> Vec<(&'static str, &'static str)> {
        Vec::new()
    }

    /// How to install a plugin, per tool that the host's users use.
    fn install(&self, host: &Host, snippet: &Snippet) -> Vec<Install>;

    /// Whether the host's program is harmed by an entry without a release that fits, so that its own file leaves
    /// such entries out.
    fn lists_only_what_fits(&self) -> bool;

    /// The file that the host's released program reads, below the host's folder; `None` where it reads none.
    fn document(&self, store: &StoreFile, entries: &[Installable<'_>]) -> Option<Document>;
}

/// How plainly a package shows that it is for a host; the plainer the greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Claim {
    /// Not at all.
    None,
    /// It requires the host: so do programs that only use it.
    Requires,
    /// It offers itself to the host: by an entry point, or as the host's own contract wants it.
    Offers,
}

/// The versions of a host application.
#[derive(Clone, Debug, Default)]
pub struct HostVersions {
    /// The newest one, final where there is one; `None` when the registry was not asked, or knows none.
    pub newest: Option<Version>,
    /// The newest of all, pre-releases included.
    pub newest_of_all: Option<Version>,
    /// Its major versions, the least first.
    pub majors: Vec<Major>,
    /// The Python versions that the newest one runs on (PEP 440 specifiers), where it says so.
    pub requires_python: Option<String>,
}

/// One major version of a host application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Major {
    /// The number.
    pub number: u64,
    /// Its newest release.
    pub newest: Version,
}

/// A command that installs a plugin.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Install {
    /// Who runs it: `pip`, `uv`.
    pub tool: String,
    /// What to paste.
    pub command: String,
}

/// An entry that a host can install today.
pub struct Installable<'e> {
    /// Its id.
    pub id: &'e str,
    /// The project's name in the registry's normal form.
    pub project: &'e str,
    /// What the host imports.
    pub module_name: &'e str,
    /// What people call it.
    pub display_name: &'e str,
    /// What it does.
    pub display_description: &'e str,
    /// Who makes it.
    pub author: &'e str,
}

/// A file that a host reads.
pub struct Document {
    /// Its path below the host's folder.
    pub path: &'static str,
    /// The published schema that it keeps to.
    pub schema: &'static str,
    /// Its content.
    pub value: Value,
}

/// The one host of `catalogue` that `package` shows to be for; `None` when there is none, or more than one.
pub fn host_of<'c>(package: &Package, catalogue: &'c Catalogue) -> Option<&'c Host> {
    let claims: Vec<(&Host, Claim)> = catalogue.hosts.values().map(|host| (host, host.adapter.claims(package))).collect();
    let plainest = claims.iter().map(|(_, claim)| *claim).max().filter(|claim| *claim != Claim::None)?;
    let mut hosts = claims.into_iter().filter(|(_, claim)| *claim == plainest).map(|(host, _)| host);
    hosts.next().filter(|_| hosts.next().is_none())
}

/// The kind called `name`.
pub fn find(name: &str) -> Option<&'static Kind> {
    ALL.iter().copied().find(|kind| kind.name == name)
}

impl HostVersions {
    /// What `host` says of its versions, given what the registry said.
    pub fn of(host: &Host, host_project: Option<&Project>) -> HostVersions {
        let Some(project) = host_project else {
            return HostVersions::default();
        };
        let release = project.newest_release().map(|(release, _)| release);
        let newest = release.and_then(Release::parsed);
        let requires_python = release.and_then(|release| release.requires_python.clone());
        let of_all = project.releases.iter().filter(|it| !it.yanked && !it.files.is_empty()).filter_map(Release::parsed).max();
        HostVersions { newest, newest_of_all: of_all, majors: host.adapter.supported_majors(project), requires_python }
    }

    /// The newest major version.
    pub fn newest_major(&self) -> Option<u64> {
        self.majors.last().map(|major| major.number)
    }
}

/// The module that is called like the project, else the only one.
fn usual_module(package: &Package) -> Option<String> {
    let own = normal_project(package.file_name.distribution());
    let like_project = package.modules.iter().find(|module| normal_project(&module.name) == own);
    let only = || package.modules.first().filter(|_| package.modules.len() == 1);
    like_project.or_else(only).map(|module| module.name.clone())
}

/// The major versions that have a final release with files, each with the newest of them.
fn final_majors(project: &Project) -> Vec<Major> {
    let mut majors: Vec<Major> = Vec::new();
    for release in &project.releases {
        let Some(version) = release.parsed().filter(|version| !version.any_prerelease()) else { continue };
        if release.yanked || release.files.is_empty() {
            continue;
        }
        let number = version.release().first().copied().unwrap_or_default();
        match majors.iter_mut().find(|major| major.number == number) {
            Some(major) => major.newest = version,
            None => majors.push(Major { number, newest: version }),
        }
    }
    majors.sort_by_key(|major| major.number);
    majors
}

/// Whether a release of a Python project is installed without being built first.
fn package_trait(newest: &Release) -> Vec<(&'static str, &'static str)> {
    vec![("package", if newest.has_wheel() { "wheel" } else { "source" })]
}

/// `pip` and `uv`, or the host's own command.
fn install_commands(host: &Host, snippet: &Snippet) -> Vec<Install> {
    let project = &snippet.source.name;
    let mut commands = Vec::new();
    if let Some(template) = &host.body.install {
        let command = template.replace("{project}", project);
        let tool = command.split_whitespace().next().unwrap_or_default().to_owned();
        commands.push(Install { tool, command });
    }
    for (tool, command) in [("pip", format!("pip install {project}")), ("uv", format!("uv pip install {project}"))] {
        if commands.iter().all(|known| known.command != command && known.tool != tool) {
            commands.push(Install { tool: tool.to_owned(), command });
        }
    }
    commands
}
