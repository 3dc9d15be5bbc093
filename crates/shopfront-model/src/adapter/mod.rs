//! Interface of a host kind and the values that it returns. Upper crates implement the kinds.

mod host_files;
mod identity;

pub use host_files::{
    ArchiveLocation, Content, Document, HostFiles, HostFilesInput, InspectedRelease, Installable,
    LocalEntry, OmittedEntry, Why, archive_location, may_be_served,
};
pub use identity::{IdentityMismatch, compatible_majors, identity_mismatch};

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use pep440_rs::Version;
use serde_json::{Map, Value};

use crate::answers::{Answer, Project, ProjectKey, Release};
use crate::bundle::BundleReader;
use crate::catalogue::{Host, Snippet};
use crate::registry_rules::{self, SourceAccess};
use shopfront_diagnostics::Diagnostic;
use shopfront_package::Package;
use shopfront_text as text;

/// Kind of host.
pub struct Kind {
    /// Name in `host.json`.
    pub name: &'static str,
    /// Schema of the kind's `host.json`.
    pub host_schema: &'static str,
    /// Schema of the kind's snippets.
    pub snippet_schema: &'static str,
    /// Schemas of this kind only, compiled in: [`texts!`](crate::embedded) of `schema/`.
    pub schemas: &'static [(&'static str, &'static str)],
    /// Creates the adapter with the settings of one host, from a `host.json` that passed its
    /// schema.
    pub open: fn(&Map<String, Value>) -> Box<dyn Adapter>,
}

/// Knowledge of a kind beyond the shared fields.
pub trait Adapter: Send + Sync {
    /// Returns the project of the host application, whose releases determine compatibility.
    /// `None` if `host.json` declares the versions.
    fn host_project(&self) -> Option<ProjectKey> {
        None
    }

    /// Returns the JSON Pointer to the field of `host.json` that names [`Adapter::host_project`].
    /// If all hosts of the kind share one project, it points to the field that names the kind.
    fn host_project_place(&self) -> &'static str {
        "/kind"
    }

    /// Returns the major versions of the host that plugins are compared with, in ascending order.
    /// `host_project` contains the registry's data on [`Adapter::host_project`].
    fn majors(&self, host_project: Option<&Project>) -> Vec<Major>;

    /// Returns the major versions that `release` fits, as positions in [`HostVersions::majors`].
    fn compatible_majors(
        &self,
        versions: &HostVersions,
        project: &Project,
        release: &Release,
    ) -> Vec<usize>;

    /// Returns how clearly a Python package declares that it is for this host.
    fn claims(&self, _package: &Package) -> Claim {
        Claim::None
    }

    /// Returns the module of a Python package that the host loads, if the package declares it.
    fn module_of(&self, _package: &Package) -> Option<String> {
        None
    }

    /// Returns the entry point groups of which a plugin must have at least one, current group
    /// first. Empty if the host finds plugins by other means.
    fn entry_point_groups(&self) -> &[String] {
        &[]
    }

    /// Returns `true` if a plugin fits the host versions that its requirement of the host's
    /// project allows.
    fn fits_by_requirement(&self) -> bool {
        false
    }

    /// Returns `true` if a plugin's major version must equal that of the host.
    fn fits_by_major(&self) -> bool {
        false
    }

    /// Returns `true` if the host imports the module named like the plugin's project and takes
    /// `plugin` from it.
    fn loads_by_project_name(&self) -> bool {
        false
    }

    /// Returns the minor versions of Python 3 that the host's program includes, if it brings its
    /// own and users cannot choose.
    fn own_pythons(&self) -> Option<RangeInclusive<u64>> {
        None
    }

    /// Returns `true` if a plugin must require the host's project because nothing else identifies
    /// it.
    fn is_known_by_requirement(&self) -> bool {
        false
    }

    /// Returns the id of the registry that plugin names are looked up in.
    fn registry(&self) -> &'static str {
        registry_rules::pypi::ID
    }

    /// Returns the package reader of this kind; `None` if its packages are Python packages.
    fn reader(&self) -> Option<&dyn BundleReader> {
        None
    }

    /// Returns `true` if such hosts have a `library/` beside their plugins.
    fn has_library(&self) -> bool {
        false
    }

    /// Returns diagnostics for the files of `host`, its library included, that no schema can
    /// express. `snippets` are its plugins.
    fn check_files(&self, _host: &Host, _snippets: &[Snippet]) -> Vec<Diagnostic> {
        Vec::new()
    }

    /// Returns diagnostics for the library of `host` that depend on packages. `read` contains the
    /// plugins with inspected packages by project name, each with the release that the host gets.
    fn check_library(
        &self,
        _host: &Host,
        _read: &BTreeMap<String, InspectedRelease>,
    ) -> Vec<Diagnostic> {
        Vec::new()
    }

    /// Returns the library files of `host` that can be completed from `read`, by name, with their
    /// completed text.
    fn completed_library(
        &self,
        _host: &Host,
        _read: &BTreeMap<String, InspectedRelease>,
    ) -> BTreeMap<String, String> {
        BTreeMap::new()
    }

    /// Returns `true` if the host's program needs a number per release, which the ledger then
    /// keeps.
    fn numbers_releases(&self) -> bool {
        false
    }

    /// Returns facets of this kind, each with the value for an entry with this newest release.
    /// Readers filter listings by them; the scripts of the site contain the text of both.
    fn facets(&self, _newest: &Release) -> Vec<(&'static str, &'static str)> {
        Vec::new()
    }

    /// Returns kind-specific rows of the plugin page: the message key (`fact_…`) and the value.
    fn details(&self, _newest: &Release) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    /// Returns the releases among `offers` (newest first) that the host's own files contain. By
    /// default, this is the newest stable release.
    fn shown<'o>(&self, offers: &'o [InspectedRelease]) -> Vec<&'o InspectedRelease> {
        offers
            .iter()
            .find(|offer| offer.is_stable())
            .into_iter()
            .collect()
    }

    /// Returns the install command of each tool that users of the host use; each command queries
    /// the registry of `access`. `offers` are the inspected releases, newest first.
    fn install(
        &self,
        host: &Host,
        snippet: &Snippet,
        access: &SourceAccess,
        offers: &[InspectedRelease],
    ) -> Vec<Install>;

    /// Returns `true` if an entry without a compatible release harms the host's program, so that
    /// the host's own file omits such entries.
    fn lists_only_what_fits(&self) -> bool {
        false
    }

    /// Returns the path below the host's directory that users configure in the host's program as
    /// the store. `None` if the program accepts no URL.
    fn store_path(&self) -> Option<&'static str> {
        None
    }

    /// Returns the files that the host's released program reads and the omitted entries. Paths
    /// are below the host's directory; hosts without such files have none. Files that exist even
    /// for an empty store are documented for tool authors.
    fn documents(&self, desk: &HostFilesInput<'_>) -> HostFiles;
}

/// Strength of a package's declaration that it is for a host, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Claim {
    /// No declaration.
    None,
    /// Requirement of the host. Programs that only use the host have it as well.
    Requires,
    /// Declaration by an entry point or as the host's own contract requires.
    Declares,
}

/// Returns the details of the newest release, see [`Adapter::details`], without invisible
/// characters.
pub fn details(host: &Host, newest: &Release) -> Vec<(&'static str, String)> {
    host.adapter
        .details(newest)
        .into_iter()
        .map(|(name, value)| (name, text::line(&value)))
        .collect()
}

/// Versions of a host application.
#[derive(Clone, Debug, Default)]
pub struct HostVersions {
    /// Newest version, final if one exists; `None` if the registry was not queried or knows no
    /// version.
    pub newest: Option<Version>,
    /// Newest version, pre-releases included.
    pub newest_of_all: Option<Version>,
    /// Major versions in ascending order.
    pub majors: Vec<Major>,
    /// Python versions that the newest version supports (PEP 440 specifiers), if declared.
    pub requires_python: Option<String>,
    /// `true` if the registry reports that the project does not exist. Compatibility with an
    /// unknown host is not checked.
    pub is_unknown: bool,
}

/// One major version of a host application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Major {
    /// Name for readers: `6`, or `0.10` if the second number is significant.
    pub name: String,
    /// Newest release of this major version.
    pub newest: Version,
}

impl Major {
    /// Returns the label for pages: `6.x` for all of 6; longer names are unchanged.
    pub fn label(&self) -> String {
        major_label(&self.name)
    }

    /// Returns `true` if the major version has this number.
    pub fn is(&self, number: u64) -> bool {
        self.name.parse() == Ok(number)
    }
}

/// Returns the [`Major::label`] of the major version `name` of a host that also exists in another
/// store.
pub fn major_label(name: &str) -> String {
    if name.contains('.') {
        name.to_owned()
    } else {
        format!("{name}.x")
    }
}

/// Command that installs a plugin.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Install {
    /// Name of the tool: `pip`, `uv`.
    pub tool: String,
    /// Text to paste.
    pub command: String,
}

impl HostVersions {
    /// Returns the versions of `host`, given the registry's answer about its project.
    pub fn of(host: &Host, answer: Option<&Answer>) -> HostVersions {
        let host_project = answer.and_then(Answer::found);
        let majors = host.adapter.majors(host_project);
        let Some(project) = host_project else {
            let newest = majors.last().map(|major| major.newest.clone());
            return HostVersions {
                newest,
                majors,
                is_unknown: answer.is_some(),
                ..HostVersions::default()
            };
        };
        let release = project.newest_release().map(|(release, _)| release);
        let newest = release.and_then(Release::parsed);
        let requires_python = release.and_then(|release| release.requires_python.clone());
        let of_all = project
            .releases
            .iter()
            .filter(|it| !it.yanked && !it.files.is_empty())
            .filter_map(Release::parsed)
            .max();
        HostVersions {
            newest,
            newest_of_all: of_all,
            majors,
            requires_python,
            is_unknown: false,
        }
    }

    /// Returns the newest major version.
    pub fn newest_major(&self) -> Option<&Major> {
        self.majors.last()
    }

    /// Returns the positions of the majors whose newest release satisfies `fits`.
    pub fn positions(&self, fits: impl Fn(&Major) -> bool) -> Vec<usize> {
        self.majors
            .iter()
            .enumerate()
            .filter(|(_, major)| fits(major))
            .map(|(at, _)| at)
            .collect()
    }
}
