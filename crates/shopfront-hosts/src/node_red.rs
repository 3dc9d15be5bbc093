//! Node-RED: npm modules, as offered by the palette manager of its editor, and a library of flows
//! and functions.

mod catalogue;
mod flows;
mod library;
mod module;
mod types;

use std::collections::BTreeMap;

use nodejs_semver::{Range, Version};
use serde_json::{Map, Value};

use super::{
    Adapter, HostFiles, HostFilesInput, HostVersions, InspectedRelease, Install, Kind, Major,
    commands, listed_fact, named_versions,
};
use module::{Module, Reader};
use shopfront_diagnostics::Diagnostic;
use shopfront_model::answers::{Project, Release};
use shopfront_model::bundle::BundleReader;
use shopfront_model::catalogue::{Host, Snippet};
use shopfront_model::codes;
use shopfront_model::registry_rules::{self, SourceAccess};
use shopfront_text::texts;

/// Entry in the table of kinds.
pub(super) static KIND: Kind = Kind {
    name: NAME,
    host_schema: "host-node-red.schema.json",
    snippet_schema: "plugin-node-red.schema.json",
    schemas: texts!("schema":
        "host-node-red.schema.json",
        "node-red-catalogue.schema.json",
        "node-red-folder.schema.json",
        "node-red-library.schema.json",
        "plugin-node-red.schema.json",
    ),
    open,
};

const NAME: &str = "node-red";

struct NodeRed {
    majors: Vec<Major>,
}

fn open(settings: &Map<String, Value>) -> Box<dyn Adapter> {
    Box::new(NodeRed {
        majors: named_versions(settings),
    })
}

impl Adapter for NodeRed {
    fn majors(&self, _host_project: Option<&Project>) -> Vec<Major> {
        self.majors.clone()
    }

    /// A module fits a version of Node-RED if its range includes any release of it; a module
    /// without a range fits all.
    fn compatible_majors(
        &self,
        versions: &HostVersions,
        _project: &Project,
        release: &Release,
    ) -> Vec<usize> {
        if release.yanked {
            return Vec::new();
        }
        let Some(range) = release.requires.get("node-red") else {
            return versions.positions(|_| true);
        };
        match Range::parse(range) {
            Ok(range) => versions.positions(|major| takes(&range, &major.name)),
            Err(_) => Vec::new(),
        }
    }

    fn registry(&self) -> &'static str {
        registry_rules::npm::ID
    }

    fn reader(&self) -> Option<&dyn BundleReader> {
        Some(&Reader)
    }

    fn has_library(&self) -> bool {
        true
    }

    fn check_files(&self, host: &Host, snippets: &[Snippet]) -> Vec<Diagnostic> {
        // Node-RED's own package is not a module: the palette would offer it as an update of the
        // program.
        let own = snippets
            .iter()
            .filter(|it| it.source.name == NAME && it.source.has_registry());
        let reserved = own.map(|snippet| {
            codes::reserved_id::of_package(snippet.source_place(), &snippet.source.name, "Node-RED")
        });
        reserved.chain(library::check(host, snippets)).collect()
    }

    fn check_library(
        &self,
        host: &Host,
        read: &BTreeMap<String, InspectedRelease>,
    ) -> Vec<Diagnostic> {
        library::check_types(host, &modules(read))
    }

    fn completed_library(
        &self,
        host: &Host,
        read: &BTreeMap<String, InspectedRelease>,
    ) -> BTreeMap<String, String> {
        library::completed(host, &modules(read))
    }

    fn facets(&self, newest: &Release) -> Vec<(&'static str, &'static str)> {
        let Some(module) = newest.contents_of(NAME).and_then(Module::of) else {
            return Vec::new();
        };
        let adds = match (module.types.is_empty(), module.plugins.is_empty()) {
            (false, true) => "nodes",
            (true, false) => "plugins",
            (false, false) => "both",
            (true, true) => return Vec::new(),
        };
        vec![("adds", adds)]
    }

    fn details(&self, newest: &Release) -> Vec<(&'static str, String)> {
        let Some(module) = newest.contents_of(NAME).and_then(Module::of) else {
            return Vec::new();
        };
        let lists = [
            ("node_types", &module.types),
            ("editor_plugins", &module.plugins),
            ("install_scripts", &module.install_scripts),
        ];
        lists
            .into_iter()
            .filter_map(|(label, items)| listed_fact(label, items))
            .collect()
    }

    fn shown<'o>(&self, offers: &'o [InspectedRelease]) -> Vec<&'o InspectedRelease> {
        catalogue::offered(offers).into_iter().collect()
    }

    fn install(
        &self,
        host: &Host,
        snippet: &Snippet,
        access: &SourceAccess,
        _offers: &[InspectedRelease],
    ) -> Vec<Install> {
        let module = &snippet.source.name;
        // Node-RED loads modules from its user directory.
        let usual = || {
            format!(
                "npm install --prefix ~/.node-red{} {module}",
                commands::option(access, "--registry")
            )
        };
        let command = commands::of_host(host, module, access).unwrap_or_else(usual);
        vec![Install {
            tool: "npm".to_owned(),
            command,
        }]
    }

    fn store_path(&self) -> Option<&'static str> {
        Some("catalogue.json")
    }

    fn documents(&self, desk: &HostFilesInput<'_>) -> HostFiles {
        let mut given = catalogue::given(desk);
        given.documents.extend(library::documents(desk));
        given
    }
}

/// Module in the palette: its version and its contents.
struct Listed<'l> {
    version: &'l str,
    module: Module,
}

fn modules(read: &BTreeMap<String, InspectedRelease>) -> BTreeMap<&str, Listed<'_>> {
    let listed = read.iter().map(|(name, offer)| {
        Some((
            name.as_str(),
            Listed {
                version: &offer.version,
                module: Module::of(&offer.facts)?,
            },
        ))
    });
    listed.flatten().collect()
}

/// Returns `true` if `range` includes a release of the version `name`: `4` represents all of 4,
/// `4.1` all of 4.1.
fn takes(range: &Range, name: &str) -> bool {
    let numbers: Vec<u64> = name
        .split('.')
        .filter_map(|part| part.parse().ok())
        .collect();
    let at = |index: usize, fill: u64| numbers.get(index).copied().unwrap_or(fill);
    // Ranges have few boundaries, all at integers: the first, the last, and those between.
    let rest = [0, 1, 2, 3, 4, 5, 6, 8, 10, 20, 1_000];
    let minors: Vec<u64> = if numbers.len() > 1 {
        vec![at(1, 0)]
    } else {
        rest.to_vec()
    };
    let patches: Vec<u64> = if numbers.len() > 2 {
        vec![at(2, 0)]
    } else {
        rest.to_vec()
    };
    minors.iter().any(|minor| {
        patches
            .iter()
            .any(|patch| range.satisfies(&Version::from((at(0, 0), *minor, *patch))))
    })
}

#[cfg(test)]
mod tests {
    use nodejs_semver::{Range, Version};

    /// Words of which versions, ranges and license expressions consist, and what breaks them.
    const WORDS: &[&str] = &[
        "1",
        "0",
        ".",
        ".0",
        ".1",
        "-",
        " - ",
        "x",
        "*",
        "^",
        "~",
        "~>",
        ">",
        "<",
        ">=",
        "<=",
        "=",
        "==",
        "!=",
        "~=",
        "===",
        "||",
        ",",
        " ",
        "v",
        "+",
        "-rc.1",
        "a0",
        ".dev1",
        ".post2",
        "!",
        "900719925474099",
        "9007199254740991",
        "18446744073709551615",
        "99999999999999999999",
        "MIT",
        " OR ",
        " AND ",
        " WITH ",
        "(",
        ")",
        "LicenseRef-x",
        "GPL-2.0+",
        "\u{e9}",
        "\u{1d7d9}",
        "\t",
        "'",
        "",
    ];

    /// No text of a stranger may end the program in a parser of others: each reads some 40,000
    /// here.
    #[test]
    fn parsers_of_versions_ranges_and_licenses_do_not_panic() {
        let mut state = 1_u64;
        let mut next = |most: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            usize::try_from(state % most as u64).unwrap_or_default()
        };
        let versions =
            ["1.2.3", "0.0.0", "4.0.0-rc.1"].map(|it| Version::parse(it).expect("a version"));
        let pep440: [pep440_rs::Version; 2] =
            ["1.2.3", "0"].map(|it| it.parse().expect("a version"));
        for _ in 0..40_000 {
            let text: String = (0..=next(7)).map(|_| WORDS[next(WORDS.len())]).collect();
            if let Ok(range) = Range::parse(&text) {
                let shown = range.to_string();
                assert!(
                    versions.iter().filter(|it| range.satisfies(it)).count() <= versions.len(),
                    "{shown}"
                );
            }
            let _ = Version::parse(&text).map(|version| version.to_string());
            if let Ok(specifiers) = text.parse::<pep440_rs::VersionSpecifiers>() {
                let shown = specifiers.to_string();
                assert!(
                    pep440.iter().filter(|it| specifiers.contains(it)).count() <= pep440.len(),
                    "{shown}"
                );
            }
            let _ = text
                .parse::<pep440_rs::Version>()
                .map(|version| version.to_string());
            let _ = spdx::Expression::parse(&text).map(|it| it.to_string());
            let _ = spdx::Expression::canonicalize(&text);
        }
    }
}
