//! Fuel: plugins are packages that its server unpacks. Their manifest has five formats; the later
//! ones allow an interface.

mod checksums;
mod contents;
mod documents;
mod files;
mod installer;
mod interface;
mod metadata;
mod package;
mod packed;
mod part;
mod releases;
mod rules;
mod version;

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use self::contents::{Contents, Form};
use self::version::Version;
use super::{
    Adapter, HostFiles, HostFilesInput, HostVersions, InspectedRelease, Install, Kind, Major,
    listed_fact, named_versions,
};
use shopfront_model::answers::{Project, Release};
use shopfront_model::bundle::BundleReader;
use shopfront_model::catalogue::{Host, Snippet};
use shopfront_model::registry_rules::SourceAccess;
use shopfront_text as text;
use shopfront_text::texts;

/// Entry in the table of kinds.
pub(super) static KIND: Kind = Kind {
    name: "fuel",
    host_schema: "host-fuel.schema.json",
    snippet_schema: "plugin-fuel.schema.json",
    schemas: texts!("schema":
        "fuel-plugin.schema.json",
        "fuel-plugins.schema.json",
        "host-fuel.schema.json",
        "plugin-fuel.schema.json",
    ),
    open,
};

struct Fuel {
    majors: Vec<Major>,
}

fn open(settings: &Map<String, Value>) -> Box<dyn Adapter> {
    Box::new(Fuel {
        majors: named_versions(settings),
    })
}

impl Adapter for Fuel {
    fn majors(&self, _host_project: Option<&Project>) -> Vec<Major> {
        self.majors.clone()
    }

    fn compatible_majors(
        &self,
        versions: &HostVersions,
        _project: &Project,
        release: &Release,
    ) -> Vec<usize> {
        let Some(contents) = release
            .contents_of(KIND.name)
            .and_then(Contents::from)
            .filter(|_| !release.yanked)
        else {
            return Vec::new();
        };
        // A manifest names versions, not ranges.
        let named: Vec<Version> = contents
            .metadata
            .fuel_version
            .iter()
            .filter_map(|text| Version::of(text))
            .collect();
        versions.positions(|major| {
            Version::of(&major.name).is_some_and(|version| named.contains(&version))
        })
    }

    fn reader(&self) -> Option<&dyn BundleReader> {
        Some(&package::Packages)
    }

    /// The API has one object per version.
    fn numbers_releases(&self) -> bool {
        true
    }

    fn facets(&self, newest: &Release) -> Vec<(&'static str, &'static str)> {
        let Some(contents) = newest.contents_of(KIND.name).and_then(Contents::from) else {
            return Vec::new();
        };
        let format = rules::FORMATS
            .iter()
            .find(|format| format.version == contents.metadata.package_version);
        let interface = if contents.metadata.ui { "own" } else { "none" };
        // The header of an RPM package contains neither.
        let told = (contents.form != Form::Rpm).then_some(("interface", interface));
        format
            .map(|format| ("format", format.facet))
            .into_iter()
            .chain(told)
            .collect()
    }

    fn details(&self, newest: &Release) -> Vec<(&'static str, String)> {
        let Some(contents) = newest.contents_of(KIND.name).and_then(Contents::from) else {
            return Vec::new();
        };
        let metadata = contents.metadata;
        let targets: BTreeSet<String> = metadata
            .releases
            .iter()
            .map(|it| format!("{} {}", it.os, it.version))
            .collect();
        let lists = [
            ("groups", metadata.groups),
            ("deploys_on", targets.into_iter().collect()),
        ];
        lists
            .iter()
            .filter_map(|(label, items)| listed_fact(label, items))
            .collect()
    }

    /// The API contains all releases.
    fn shown<'o>(&self, offers: &'o [InspectedRelease]) -> Vec<&'o InspectedRelease> {
        offers
            .iter()
            .filter(|offer| !offer.is_manifest_alone)
            .collect()
    }

    fn install(
        &self,
        host: &Host,
        snippet: &Snippet,
        _access: &SourceAccess,
        offers: &[InspectedRelease],
    ) -> Vec<Install> {
        let newest = offers
            .iter()
            .find(|offer| offer.is_stable())
            .or_else(|| offers.iter().find(|offer| !offer.is_manifest_alone));
        let Some(file) = newest.and_then(|offer| Some(offer.file.as_ref()?.name.as_str())) else {
            return Vec::new();
        };
        let word = text::shell_word(file);
        let own = host
            .body
            .install
            .as_ref()
            .map(|template| template.replace("{project}", &word));
        let is_package = packed::is_fp(file) || file.ends_with(".rpm");
        let (tool, usual) = if is_package {
            ("fuel", format!("fuel plugins --install {word}"))
        } else {
            ("fpb", format!("fpb --build {}", snippet.id))
        };
        vec![Install {
            tool: tool.to_owned(),
            command: own.unwrap_or(usual),
        }]
    }

    fn documents(&self, desk: &HostFilesInput<'_>) -> HostFiles {
        documents::all(desk)
    }
}
