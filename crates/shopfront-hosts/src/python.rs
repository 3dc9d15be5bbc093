//! Any Python application with plugins: a plugin fits the versions that its requirement of the
//! host allows.

use serde_json::{Map, Value};

use super::{
    Adapter, Claim, HostFiles, HostFilesInput, HostVersions, InspectedRelease, Install, Kind,
    Major, commands, final_majors, package_trait, usual_module,
};
use shopfront_model::answers::{Project, ProjectKey, Release};
use shopfront_model::catalogue::{Host, Snippet};
use shopfront_model::registry_rules::SourceAccess;
use shopfront_package::Package;
use shopfront_package::entry_points::EntryPoint;
use shopfront_package::modules::Module;
use shopfront_package::requirement;
use shopfront_text::texts;

/// Entry in the table of kinds.
pub(super) static KIND: Kind = Kind {
    name: "python",
    host_schema: "host-python.schema.json",
    snippet_schema: "plugin-python.schema.json",
    schemas: texts!("schema": "host-python.schema.json", "plugin-python.schema.json"),
    open,
};

struct Python {
    distribution: ProjectKey,
    /// Entry point groups, current group first.
    entry_point_groups: Vec<String>,
    module_prefix: Option<String>,
}

/// Returns the longest dotted name that all of `modules` begin with; `None` if they share none.
fn common_package(modules: &[&str]) -> Option<String> {
    let mut shared: Vec<&str> = modules.first()?.split('.').collect();
    for module in modules {
        let same = shared
            .iter()
            .zip(module.split('.'))
            .take_while(|(a, b)| **a == *b)
            .count();
        shared.truncate(same);
    }
    (!shared.is_empty()).then(|| shared.join("."))
}

fn open(settings: &Map<String, Value>) -> Box<dyn Adapter> {
    let distribution = settings
        .get("distribution")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let text = |name: &str| {
        settings
            .get(name)
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    let older = settings
        .get("older_entry_point_groups")
        .and_then(Value::as_array);
    let older = older
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(str::to_owned);
    Box::new(Python {
        distribution: ProjectKey::pypi(distribution),
        entry_point_groups: text("entry_point_group").into_iter().chain(older).collect(),
        module_prefix: text("module_prefix"),
    })
}

impl Adapter for Python {
    fn host_project(&self) -> Option<ProjectKey> {
        Some(self.distribution.clone())
    }

    fn host_project_place(&self) -> &'static str {
        "/distribution"
    }

    fn majors(&self, host_project: Option<&Project>) -> Vec<Major> {
        host_project.map(final_majors).unwrap_or_default()
    }

    fn compatible_majors(
        &self,
        versions: &HostVersions,
        project: &Project,
        release: &Release,
    ) -> Vec<usize> {
        // Registries report requirements only for the newest release; for others no compatibility
        // is claimed.
        let Some(required) = project
            .facts_of(release)
            .and_then(|facts| facts.requires_dist.as_ref())
        else {
            return Vec::new();
        };
        if release.yanked {
            return Vec::new();
        }
        match requirement::range_of(&self.distribution.name, required) {
            Some(range) => versions.positions(|major| range.contains(&major.newest)),
            None => Vec::new(),
        }
    }

    fn claims(&self, package: &Package) -> Claim {
        let is_of_host = |it: &EntryPoint| self.entry_point_groups.contains(&it.group);
        if package
            .entry_points
            .iter()
            .flat_map(|it| &it.all)
            .any(is_of_host)
        {
            return Claim::Declares;
        }
        let requires =
            requirement::range_of(&self.distribution.name, &package.requirements()).is_some();
        if requires {
            Claim::Requires
        } else {
            Claim::None
        }
    }

    /// Returns the module of the entry point; of several, their common package. Without an entry
    /// point, returns the only module with the prefix of this host, otherwise the usual module.
    fn module_of(&self, package: &Package) -> Option<String> {
        let of_group = |group: &str| -> Vec<&str> {
            let all = package.entry_points.iter().flat_map(|it| &it.all);
            all.filter(|it| it.group == group)
                .map(|it| it.module.as_str())
                .collect()
        };
        let named = self
            .entry_point_groups
            .iter()
            .map(|group| of_group(group))
            .find(|named| !named.is_empty())
            .unwrap_or_default();
        if let Some(module) = common_package(&named) {
            return Some(module);
        }
        let has_prefix = |module: &&Module| {
            self.module_prefix
                .as_deref()
                .is_some_and(|prefix| module.name.starts_with(prefix))
        };
        let mut prefixed = package.modules.iter().filter(has_prefix);
        let first = prefixed.next().filter(|_| prefixed.next().is_none());
        first
            .map(|module| module.name.clone())
            .or_else(|| usual_module(package))
    }

    fn fits_by_requirement(&self) -> bool {
        true
    }

    fn entry_point_groups(&self) -> &[String] {
        &self.entry_point_groups
    }

    /// If plugins are identified by an entry point, many omit the host on purpose: it may exist
    /// in several editions.
    fn is_known_by_requirement(&self) -> bool {
        self.entry_point_groups.is_empty()
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

    /// Python applications read no documents of a store.
    fn documents(&self, _desk: &HostFilesInput<'_>) -> HostFiles {
        HostFiles::default()
    }
}
