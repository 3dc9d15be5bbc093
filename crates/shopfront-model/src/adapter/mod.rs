//! What this program asks of a kind of host, and the values in which a kind answers. The kinds
//! themselves stand above.

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

/// A kind of host.
pub struct Kind {
    /// As `host.json` writes it.
    pub name: &'static str,
    /// The schema of its `host.json`.
    pub host_schema: &'static str,
    /// The schema of its snippets.
    pub snippet_schema: &'static str,
    /// Every schema of its own, compiled in: [`texts!`](crate::embedded) of `schema/`.
    pub schemas: &'static [(&'static str, &'static str)],
    /// The adapter with the settings of one host, from a `host.json` that passed its schema.
    pub open: fn(&Map<String, Value>) -> Box<dyn Adapter>,
}

/// What a kind knows beyond the fields that all share.
pub trait Adapter: Send + Sync {
    /// The host application's own project, whose releases say what fits; `None` where `host.json`
    /// says it.
    fn host_project(&self) -> Option<ProjectKey> {
        None
    }

    /// Where `host.json` names [`Adapter::host_project`], as a JSON Pointer; of a kind that has one
    /// for all, what names the kind.
    fn host_project_place(&self) -> &'static str {
        "/kind"
    }

    /// Which major versions of the host plugins are measured against, the least first;
    /// `host_project` is what the registry knows of [`Adapter::host_project`].
    fn majors(&self, host_project: Option<&Project>) -> Vec<Major>;

    /// The major versions that `release` fits, as positions in [`HostVersions::majors`].
    fn compatible_majors(
        &self,
        versions: &HostVersions,
        project: &Project,
        release: &Release,
    ) -> Vec<usize>;

    /// How plainly a package for Python shows that it is for this host.
    fn claims(&self, _package: &Package) -> Claim {
        Claim::None
    }

    /// The module of a package for Python that the host loads, where the package shows it.
    fn module_of(&self, _package: &Package) -> Option<String> {
        None
    }

    /// The groups of entry points that a plugin must have one of, the current one first; none where
    /// the host finds plugins in another way.
    fn entry_point_groups(&self) -> &[String] {
        &[]
    }

    /// Whether a plugin fits those versions of the host that its requirement of the host's project
    /// allows.
    fn fits_by_requirement(&self) -> bool {
        false
    }

    /// Whether a plugin's major version has to be that of the host.
    fn fits_by_major(&self) -> bool {
        false
    }

    /// Whether the host imports the module that is called like the plugin's project, and takes
    /// `plugin` from it.
    fn loads_by_project_name(&self) -> bool {
        false
    }

    /// The minor versions of Python 3 that the host's program is installed with, where it brings
    /// its own and users can not choose.
    fn own_pythons(&self) -> Option<RangeInclusive<u64>> {
        None
    }

    /// Whether a plugin has to require the host's own project: where nothing else makes it one.
    fn is_known_by_requirement(&self) -> bool {
        false
    }

    /// The registry that names of plugins are looked up in.
    fn registry(&self) -> &'static str {
        registry_rules::pypi::ID
    }

    /// What reads the packages of this kind; `None` where they are packages for Python.
    fn reader(&self) -> Option<&dyn BundleReader> {
        None
    }

    /// Whether such hosts have a `library/` beside their plugins.
    fn has_library(&self) -> bool {
        false
    }

    /// What is wrong with the files of `host` that no schema can say, its library among them;
    /// `snippets` are its plugins.
    fn check_files(&self, _host: &Host, _snippets: &[Snippet]) -> Vec<Diagnostic> {
        Vec::new()
    }

    /// What is wrong with the library of `host`, as far as packages show it: `read` are its plugins
    /// whose packages were read, by the names of their projects, each with the release that the
    /// host is given.
    fn check_library(
        &self,
        _host: &Host,
        _read: &BTreeMap<String, InspectedRelease>,
    ) -> Vec<Diagnostic> {
        Vec::new()
    }

    /// The files of the library of `host` that can be completed by what is `read`, by their names,
    /// as they then are.
    fn completed_library(
        &self,
        _host: &Host,
        _read: &BTreeMap<String, InspectedRelease>,
    ) -> BTreeMap<String, String> {
        BTreeMap::new()
    }

    /// Whether the host's program wants a number of every release, which the ledger then keeps.
    fn numbers_releases(&self) -> bool {
        false
    }

    /// Facets of this kind, by which people narrow a listing, each with the value that an entry
    /// with this newest release has. The scripts of the site have words for both.
    fn facets(&self, _newest: &Release) -> Vec<(&'static str, &'static str)> {
        Vec::new()
    }

    /// What the newest release says of itself in the words of this kind: facts of its page, each
    /// with the word of the interface that it has (`fact_…`) and its value.
    fn details(&self, _newest: &Release) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    /// The releases among `offers`, the newest first, that the host's own files name: the newest
    /// stable one, where no kind knows more.
    fn shown<'o>(&self, offers: &'o [InspectedRelease]) -> Vec<&'o InspectedRelease> {
        offers
            .iter()
            .find(|offer| offer.is_stable())
            .into_iter()
            .collect()
    }

    /// How to install a plugin, per tool that the host's users use: every command asks the registry
    /// of `access`. `offers` are its releases that were read, the newest first.
    fn install(
        &self,
        host: &Host,
        snippet: &Snippet,
        access: &SourceAccess,
        offers: &[InspectedRelease],
    ) -> Vec<Install>;

    /// Whether the host's program is harmed by an entry without a release that fits, so that its
    /// own file leaves such entries out.
    fn lists_only_what_fits(&self) -> bool {
        false
    }

    /// What people give to the host's program so that it finds the store: a path below the host's
    /// folder; `None` where it takes no address.
    fn store_path(&self) -> Option<&'static str> {
        None
    }

    /// The files that the host's released program reads, below the host's folder, and the entries
    /// that are in none of them; no files where it reads none. Those that are there without a
    /// single entry are described to tool writers.
    fn documents(&self, desk: &HostFilesInput<'_>) -> HostFiles;
}

/// How plainly a package shows that it is for a host; the plainer the greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Claim {
    /// Not at all.
    None,
    /// It requires the host: so do programs that only use it.
    Requires,
    /// It offers itself to the host: by an entry point, or as the host's own contract wants it.
    Declares,
}

/// What the newest release says of itself, see [`Adapter::told`], without what readers do not see.
pub fn details(host: &Host, newest: &Release) -> Vec<(&'static str, String)> {
    host.adapter
        .details(newest)
        .into_iter()
        .map(|(name, value)| (name, text::line(&value)))
        .collect()
}

/// The versions of a host application.
#[derive(Clone, Debug, Default)]
pub struct HostVersions {
    /// The newest one, final where there is one; `None` when the registry was not asked, or knows
    /// none.
    pub newest: Option<Version>,
    /// The newest of all, pre-releases included.
    pub newest_of_all: Option<Version>,
    /// Its major versions, the least first.
    pub majors: Vec<Major>,
    /// The Python versions that the newest one runs on (PEP 440 specifiers), where it says so.
    pub requires_python: Option<String>,
    /// Whether the registry says that there is no such project: nothing is held against a host
    /// that nobody knows.
    pub is_unknown: bool,
}

/// One major version of a host application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Major {
    /// As people call it: `6`; where the second number counts, `0.10`.
    pub name: String,
    /// Its newest release.
    pub newest: Version,
}

impl Major {
    /// As pages write it: `6.x` for all of 6, and a longer one as it is.
    pub fn label(&self) -> String {
        major_label(&self.name)
    }

    /// Whether it is the one with this number.
    pub fn is(&self, number: u64) -> bool {
        self.name.parse() == Ok(number)
    }
}

/// [`Major::label`] of the major version called `name`, of a host that another store has, too.
pub fn major_label(name: &str) -> String {
    if name.contains('.') {
        name.to_owned()
    } else {
        format!("{name}.x")
    }
}

/// A command that installs a plugin.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Install {
    /// Who runs it: `pip`, `uv`.
    pub tool: String,
    /// What to paste.
    pub command: String,
}

impl HostVersions {
    /// What `host` says of its versions, given what the registry said of its project.
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

    /// The newest major version.
    pub fn newest_major(&self) -> Option<&Major> {
        self.majors.last()
    }

    /// The positions of the majors whose newest release `fits`.
    pub fn positions(&self, fits: impl Fn(&Major) -> bool) -> Vec<usize> {
        self.majors
            .iter()
            .enumerate()
            .filter(|(_, major)| fits(major))
            .map(|(at, _)| at)
            .collect()
    }
}
