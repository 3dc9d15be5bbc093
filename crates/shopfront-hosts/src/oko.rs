//! OKO Dashboard: plugins are Python packages in a zip, which a backend copies into its own
//! directory and imports.

mod contents;
mod documents;
mod fields;
mod lines;
mod manifest;
mod page_manifest;
mod reader;
mod ui;

use std::str::FromStr;

use pep440_rs::VersionSpecifiers;
use serde_json::{Map, Value};

use self::contents::Contents;
use super::{
    Adapter, HostFiles, HostFilesInput, HostVersions, InspectedRelease, Install, Kind, Major,
    listed_fact, named_versions,
};
use shopfront_model::answers::{Project, Release};
use shopfront_model::bundle::BundleReader;
use shopfront_model::catalogue::{Host, Snippet};
use shopfront_model::registry_rules::SourceAccess;
use shopfront_text::texts;

/// Entry in the table of kinds.
pub(super) static KIND: Kind = Kind {
    name: "oko",
    host_schema: "host-oko.schema.json",
    snippet_schema: "plugin-oko.schema.json",
    schemas: texts!("schema":
        "host-oko.schema.json",
        "oko-health.schema.json",
        "oko-manifest.schema.json",
        "oko-plugin.schema.json",
        "oko-plugins.schema.json",
        "plugin-oko.schema.json",
    ),
    open,
};

struct Oko {
    majors: Vec<Major>,
}

fn open(settings: &Map<String, Value>) -> Box<dyn Adapter> {
    Box::new(Oko {
        majors: named_versions(settings),
    })
}

impl Adapter for Oko {
    fn majors(&self, _host_project: Option<&Project>) -> Vec<Major> {
        self.majors.clone()
    }

    fn compatible_majors(
        &self,
        versions: &HostVersions,
        _project: &Project,
        release: &Release,
    ) -> Vec<usize> {
        // No compatibility is claimed for a release with an unread manifest.
        if release.yanked || release.contents_of(KIND.name).is_none() {
            return Vec::new();
        }
        let Some(range) = release.requires.get("dashboard") else {
            return versions.positions(|_| true);
        };
        match VersionSpecifiers::from_str(range) {
            Ok(range) => versions.positions(|major| range.contains(&major.newest)),
            Err(_) => Vec::new(),
        }
    }

    fn reader(&self) -> Option<&dyn BundleReader> {
        Some(&reader::Reader)
    }

    fn facets(&self, newest: &Release) -> Vec<(&'static str, &'static str)> {
        let Some(contents) = newest.contents_of(KIND.name).and_then(Contents::from) else {
            return Vec::new();
        };
        vec![
            ("capability", contents.capability()),
            ("interface", contents.interface()),
        ]
    }

    fn details(&self, newest: &Release) -> Vec<(&'static str, String)> {
        let Some(contents) = newest.contents_of(KIND.name).and_then(Contents::from) else {
            return Vec::new();
        };
        let lists = [
            ("capabilities", &contents.capabilities),
            ("page_capabilities", &contents.page_capabilities),
        ];
        lists
            .into_iter()
            .filter_map(|(label, items)| listed_fact(label, items))
            .collect()
    }

    /// Same as the panel's own button: the backend requests the plugin with this id from its
    /// store.
    fn install(
        &self,
        host: &Host,
        snippet: &Snippet,
        _access: &SourceAccess,
        _offers: &[InspectedRelease],
    ) -> Vec<Install> {
        let usual = "curl -X POST http://127.0.0.1:8000/api/v1/store/{project}/install";
        let template = host.body.install.as_deref().unwrap_or(usual);
        let command = template.replace("{project}", &snippet.id);
        let tool = command
            .split_whitespace()
            .next()
            .unwrap_or_default()
            .to_owned();
        vec![Install { tool, command }]
    }

    fn documents(&self, desk: &HostFilesInput<'_>) -> HostFiles {
        documents::all(desk)
    }
}
