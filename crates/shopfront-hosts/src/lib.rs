//! Adapters: the plugin requirements of each kind of host, and the files that its program reads.

mod bitcart;
mod commands;
mod fiab;
mod fuel;
mod node_red;
mod oko;
mod python;

pub use commands::access;

use std::collections::BTreeMap;

use pep440_rs::Version;
use serde_json::{Map, Value};

use shopfront_archive::Form;
use shopfront_model::adapter::{
    Adapter, ArchiveLocation, Claim, Content, Document, HostFiles, HostFilesInput, HostVersions,
    InspectedRelease, Install, Installable, Kind, LocalEntry, Major, OmittedEntry, Why,
    archive_location,
};
use shopfront_model::answers::{Project, Release};
use shopfront_model::bundle::BundleReader;
use shopfront_model::catalogue::{Catalogue, Host};
use shopfront_package::Package;
use shopfront_text::names::normal_project;

/// All kinds of hosts. A new kind consists of a file, its schemas, and its line here.
pub static ALL: &[&Kind] = &[
    &bitcart::KIND,
    &fiab::KIND,
    &fuel::KIND,
    &node_red::KIND,
    &oko::KIND,
    &python::KIND,
];

/// Returns the only host of `catalogue` that `package` declares; `None` if there is none or more
/// than one.
pub fn host_of<'c>(package: &Package, catalogue: &'c Catalogue) -> Option<&'c Host> {
    let claims: Vec<(&Host, Claim)> = catalogue
        .hosts
        .values()
        .map(|host| (host, host.adapter.claims(package)))
        .collect();
    let plainest = claims
        .iter()
        .map(|(_, claim)| *claim)
        .max()
        .filter(|claim| *claim != Claim::None)?;
    let mut hosts = claims
        .into_iter()
        .filter(|(_, claim)| *claim == plainest)
        .map(|(host, _)| host);
    hosts.next().filter(|_| hosts.next().is_none())
}

/// Returns the kind called `name`.
pub fn find(name: &str) -> Option<&'static Kind> {
    ALL.iter().copied().find(|kind| kind.name == name)
}

/// Returns the module with the name of the project, otherwise the only module.
fn usual_module(package: &Package) -> Option<String> {
    let own = normal_project(package.file_name.distribution());
    let like_project = package
        .modules
        .iter()
        .find(|module| normal_project(&module.name) == own);
    let only = || {
        package
            .modules
            .first()
            .filter(|_| package.modules.len() == 1)
    };
    like_project.or_else(only).map(|module| module.name.clone())
}

/// Returns the major versions that have a final release with files, each with the newest of them.
fn final_majors(project: &Project) -> Vec<Major> {
    let mut majors: BTreeMap<u64, Version> = BTreeMap::new();
    for release in &project.releases {
        let Some(version) = release.parsed().filter(|version| !version.any_prerelease()) else {
            continue;
        };
        if release.yanked || release.files.is_empty() {
            continue;
        }
        // Releases are sorted oldest first.
        majors.insert(
            version.release().first().copied().unwrap_or_default(),
            version,
        );
    }
    majors
        .into_iter()
        .map(|(number, newest)| Major {
            name: number.to_string(),
            newest,
        })
        .collect()
}

/// Returns the versions in `host.json`, each as a separate major version, in ascending order.
fn named_versions(settings: &Map<String, Value>) -> Vec<Major> {
    let named = settings.get("versions").and_then(Value::as_array);
    let named = named.into_iter().flatten().filter_map(Value::as_str);
    let mut majors: Vec<Major> = named
        .filter_map(|name| {
            Some(Major {
                name: name.to_owned(),
                newest: name.parse().ok()?,
            })
        })
        .collect();
    majors.sort_by(|a, b| a.newest.cmp(&b.newest));
    majors
}

/// Returns the facet for a release of a Python project that is installed without a build.
fn package_trait(newest: &Release) -> Vec<(&'static str, &'static str)> {
    vec![(
        "package",
        if newest.has_wheel() {
            "wheel"
        } else {
            "source"
        },
    )]
}

/// Returns a list for the plugin page: `a, b, c and 7 more`; `None` for an empty one.
fn listed_fact(label: &'static str, items: &[String]) -> Option<(&'static str, String)> {
    const MOST: usize = 12;
    let shown = items
        .iter()
        .take(MOST)
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(", ");
    let more = if items.len() > MOST {
        format!(" … (+{})", items.len() - MOST)
    } else {
        String::new()
    };
    (!items.is_empty()).then(|| (label, shown + &more))
}

/// Returns the format of the archive in a file called `name`, by the package extensions of all
/// kinds of hosts. Returns `None` if the extension is unknown.
pub fn form_of(name: &str) -> Option<Form> {
    let name = name.to_ascii_lowercase();
    let of_kind = |kind: &&Kind| {
        (kind.open)(&Map::new())
            .reader()
            .map(BundleReader::extensions)
    };
    let extensions = ALL.iter().filter_map(of_kind).flatten();
    // The longest extension is the most specific: `.tar.gz`, not `.gz`.
    let best = extensions
        .filter(|(ending, _)| name.ends_with(ending))
        .max_by_key(|(ending, _)| ending.len());
    best.map(|(_, form)| *form)
}
