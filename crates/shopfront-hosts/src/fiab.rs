//! Forecast in a Box: a plugin's major version equals that of its compatible core.

use std::ops::RangeInclusive;

use serde_json::{Map, Value, json};

use super::{
    Adapter, Claim, Document, HostFiles, HostFilesInput, HostVersions, InspectedRelease, Install,
    Installable, Kind, Major, commands, final_majors, package_trait, usual_module,
};
use shopfront_model::answers::{Project, ProjectKey, Release};
use shopfront_model::catalogue::{Host, Snippet};
use shopfront_model::registry_rules::SourceAccess;
use shopfront_package::Package;
use shopfront_package::requirement;
use shopfront_text::names::normal_project;
use shopfront_text::texts;

/// Entry in the table of kinds.
pub(super) static KIND: Kind = Kind {
    name: "fiab",
    host_schema: "host-fiab.schema.json",
    snippet_schema: "plugin-fiab.schema.json",
    schemas: texts!("schema": "fiab-document.schema.json", "host-fiab.schema.json", "plugin-fiab.schema.json"),
    open,
};

struct Fiab {
    core: ProjectKey,
    /// `true` if `host.json` names the core.
    is_named: bool,
    /// Supported major versions; if empty, all with a release.
    supported_majors: Vec<u64>,
}

fn open(settings: &Map<String, Value>) -> Box<dyn Adapter> {
    let named = settings.get("core_distribution").and_then(Value::as_str);
    let majors = settings.get("supported_majors").and_then(Value::as_array);
    Box::new(Fiab {
        core: ProjectKey::pypi(named.unwrap_or("fiab-core")),
        is_named: named.is_some(),
        supported_majors: majors
            .into_iter()
            .flatten()
            .filter_map(Value::as_u64)
            .collect(),
    })
}

impl Adapter for Fiab {
    fn host_project(&self) -> Option<ProjectKey> {
        Some(self.core.clone())
    }

    fn host_project_place(&self) -> &'static str {
        if self.is_named {
            "/core_distribution"
        } else {
            "/kind"
        }
    }

    fn majors(&self, host_project: Option<&Project>) -> Vec<Major> {
        let mut majors = host_project.map(final_majors).unwrap_or_default();
        if !self.supported_majors.is_empty() {
            majors.retain(|major| self.supported_majors.iter().any(|number| major.is(*number)));
        }
        majors
    }

    fn compatible_majors(
        &self,
        versions: &HostVersions,
        _project: &Project,
        release: &Release,
    ) -> Vec<usize> {
        // The backend accepts a release whose major version equals that of the installed core.
        // Its dry run fails without a wheel or for a yanked release. Pre-releases are not offered
        // to users.
        let Some(version) = release.parsed().filter(|version| !version.any_prerelease()) else {
            return Vec::new();
        };
        if release.yanked || !release.has_wheel() {
            return Vec::new();
        }
        let number = version.release().first().copied().unwrap_or_default();
        versions.positions(|major| major.is(number))
    }

    fn claims(&self, package: &Package) -> Claim {
        // Plugins have no entry point: the requirement of the core is the only sign, and nothing
        // else requires it.
        let requires = requirement::range_of(&self.core.name, &package.requirements()).is_some();
        if requires {
            Claim::Declares
        } else {
            Claim::None
        }
    }

    fn module_of(&self, package: &Package) -> Option<String> {
        // The backend imports only the module with the name of the distribution.
        usual_module(package).filter(|module| {
            normal_project(module) == normal_project(package.file_name.distribution())
        })
    }

    fn fits_by_major(&self) -> bool {
        true
    }

    /// Plugins have no entry points.
    fn loads_by_project_name(&self) -> bool {
        true
    }

    /// The core declares `>=3.11` without an upper limit; the released backends are installed
    /// with one of these.
    fn own_pythons(&self) -> Option<RangeInclusive<u64>> {
        Some(11..=13)
    }

    /// A plugin without this requirement is installed beside any core, and breaks unnoticed.
    fn is_known_by_requirement(&self) -> bool {
        true
    }

    fn facets(&self, newest: &Release) -> Vec<(&'static str, &'static str)> {
        package_trait(newest)
    }

    fn install(
        &self,
        host: &Host,
        snippet: &Snippet,
        access: &SourceAccess,
        _offers: &[InspectedRelease],
    ) -> Vec<Install> {
        commands::of_python(host, snippet, access)
    }

    fn lists_only_what_fits(&self) -> bool {
        // Its dry run fails. After that, nothing can be installed until the backend is restarted.
        true
    }

    fn store_path(&self) -> Option<&'static str> {
        Some("plugins.json")
    }

    /// Contains exactly the keys that released backends accept. With another key, they reject all
    /// stores of the installation.
    fn documents(&self, desk: &HostFilesInput<'_>) -> HostFiles {
        let plugins: Map<String, Value> = desk
            .entries
            .iter()
            .map(|entry| (entry.id.to_owned(), plugin(entry)))
            .collect();
        let value = json!({ "display_name": desk.store.title, "plugins": plugins });
        HostFiles::all(vec![Document::json(
            "plugins.json",
            "fiab-document.schema.json",
            value,
        )])
    }
}

fn plugin(entry: &Installable<'_>) -> Value {
    json!({
        "pip_source": entry.project,
        "module_name": entry.module_name,
        "display_title": entry.display_name,
        "display_description": entry.display_description,
        "display_author": entry.author,
    })
}
