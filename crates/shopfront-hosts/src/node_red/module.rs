//! Contents of a module's tarball: the nodes and plugins in `package.json`, and the types of its
//! nodes, found as the runtime finds them.

use std::collections::{BTreeMap, BTreeSet};

use nodejs_semver::Range;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::types::{CORE_TYPES, types_in};
use shopfront_archive::Form;
use shopfront_diagnostics::pointer::Pointer;
use shopfront_diagnostics::{Location, Part};
use shopfront_json::{self as json, Fault, Node};
use shopfront_model::bundle::{
    Bundle, BundleMetadata, BundleReader, ClaimedName, DeclaredIdentity,
};
use shopfront_model::codes;
use shopfront_model::registry_rules::npm;
use shopfront_package::facts::{Facts, Links};
use shopfront_text::one_line;

/// Maximum number of nodes, plugins or dependencies; the largest known module has about 120
/// nodes.
const MOST_NODES: usize = 500;

/// Maximum number of saved node types.
const MOST_TYPES: usize = 2_000;

/// Maximum length of a version range in bytes.
const MAX_RANGE: usize = 1_000;

/// Characters of the name of a plugin or a dependency.
const MAX_NAME: usize = 214;

/// Characters of a keyword.
const MAX_WORD: usize = 100;

/// Saved facts of a module.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Module {
    /// Name in its tarball.
    pub(super) name: String,
    /// Version in its tarball; `None` in answers saved before this field existed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) version: Option<String>,
    /// Types of its nodes, sorted.
    pub(super) types: Vec<String>,
    /// Names of its plugins, sorted.
    pub(super) plugins: Vec<String>,
    /// Scripts that npm runs on the machine of the user at installation.
    pub(super) install_scripts: Vec<String>,
}

impl Module {
    /// Returns the module of a release's facts.
    pub(super) fn of(facts: &Value) -> Option<Module> {
        Module::deserialize(facts).ok()
    }
}

/// Reader of npm tarballs.
pub(super) struct Reader;

impl BundleReader for Reader {
    fn extensions(&self) -> &'static [(&'static str, Form)] {
        &[(".tgz", Form::TarGz)]
    }

    fn marker(&self) -> &'static str {
        "package.json"
    }

    fn tool(&self) -> &'static str {
        "`npm pack`"
    }

    fn needs_contents(&self, name: &str) -> bool {
        name == "package.json" || name.ends_with(".html")
    }

    fn read(&self, bundle: &Bundle) -> BundleMetadata {
        let mut reading = BundleMetadata::default();
        let Some(text) = bundle.text("package.json") else {
            if bundle.is_listed_whole() {
                let words = "the package has no `package.json` that can be read";
                reading.found.push(codes::missing_member::diagnostic(
                    bundle.whole(),
                    "no `package.json`",
                    words,
                ));
            }
            return reading;
        };
        if json::weight(text.as_bytes()).values > json::MAX_VALUES {
            let words = format!("`package.json` has more than {} values", json::MAX_VALUES);
            reading.found.push(codes::malformed_manifest::diagnostic(
                bundle.whole_member("package.json"),
                "not read",
                words,
            ));
            return reading;
        }
        match json::parse(text) {
            Ok(tree) => {
                let manifest = tree.clone().into_value();
                Walk {
                    bundle,
                    tree: &tree,
                    manifest: &manifest,
                    reading: &mut reading,
                }
                .all();
            }
            Err(fault) => {
                let (bytes, why) = match fault {
                    Fault::Syntax { span, message, .. } => (span, message),
                    Fault::TooDeep(span) => (span, "nests too deep".to_owned()),
                };
                let words = format!("`package.json` is no JSON: {why}");
                reading.found.push(codes::malformed_manifest::diagnostic(
                    bundle.place("package.json", bytes),
                    "no JSON",
                    words,
                ));
            }
        }
        reading
    }

    fn called(&self, facts: &Value) -> DeclaredIdentity {
        let Some(module) = Module::of(facts) else {
            return DeclaredIdentity::default();
        };
        // The part after `+` is build metadata, which npm omits.
        let version = module
            .version
            .and_then(|version| Some(version.split('+').next()?.to_owned()));
        DeclaredIdentity {
            name: Some(module.name).filter(|name| !name.is_empty()),
            version,
        }
    }

    fn taken_names(&self, facts: &Value) -> Vec<ClaimedName> {
        let types = Module::of(facts)
            .map(|module| module.types)
            .unwrap_or_default();
        types
            .into_iter()
            .map(|name| ClaimedName {
                of: "the node type",
                name,
            })
            .collect()
    }
}

/// Inspection of one module.
struct Walk<'w> {
    bundle: &'w Bundle,
    tree: &'w Node,
    manifest: &'w Value,
    reading: &'w mut BundleMetadata,
}

impl Walk<'_> {
    fn all(&mut self) {
        self.reading.says = says(self.manifest);
        let section = &self.manifest["node-red"];
        let nodes = files_of(&section["nodes"]);
        let plugins = files_of(&section["plugins"]);
        if nodes.is_empty() && plugins.is_empty() {
            let place = self.place(if section.is_null() { "" } else { "/node-red" });
            self.reading.found.push(codes::missing_manifest_field::diagnostic(
                place,
                "names no node and no plugin",
                "`package.json` names no node and no plugin below `node-red`: Node-RED finds nothing to load",
            ));
        }
        self.ranges();
        for (name, file) in plugins.iter().take(MOST_NODES) {
            self.plugin(name, file);
        }
        let (mut types, mut pages) = (BTreeSet::new(), BTreeSet::new());
        for (name, file) in nodes.iter().take(MOST_NODES) {
            if let Some(path) = self.node(name, file) {
                pages.extend(self.page_of(name, &path));
            }
        }
        for page in pages {
            // The runtime continues after bytes that are not text.
            types.extend(
                self.bundle
                    .bytes(&page)
                    .map(|bytes| types_in(&String::from_utf8_lossy(bytes)))
                    .unwrap_or_default(),
            );
        }
        self.core(&types);
        self.warn();
        let module = Module {
            name: self.reading.says.name.clone(),
            version: Some(self.reading.says.version.clone()).filter(|version| !version.is_empty()),
            types: types.into_iter().take(MOST_TYPES).collect(),
            plugins: plugins
                .keys()
                .take(MOST_NODES)
                .map(|name| one_line(name, MAX_NAME))
                .collect(),
            install_scripts: self.scripts(),
        };
        self.reading.facts = serde_json::to_value(module).unwrap_or_default();
    }

    /// Reads the ranges of Node and Node-RED.
    fn ranges(&mut self) {
        for (name, pointer) in [("node", "/engines/node"), ("node-red", "/node-red/version")] {
            let Some(value) = self.manifest.pointer(pointer) else {
                continue;
            };
            match value
                .as_str()
                .filter(|range| range.len() <= MAX_RANGE && Range::parse(range).is_ok())
            {
                Some(range) => drop(
                    self.reading
                        .requires
                        .insert(name.to_owned(), one_line(range, MAX_RANGE)),
                ),
                None => {
                    let words = format!(
                        "`{}` is no range of versions as npm reads them",
                        one_line(&value.to_string(), 60)
                    );
                    let fault = codes::bad_manifest_value::diagnostic(
                        self.place(pointer),
                        "no range",
                        words,
                    );
                    self.reading
                        .found
                        .push(fault.help("write one such as `>=3.0.0`"));
                }
            }
        }
    }

    /// Returns the path of a node's file from the root of the module, if it exists.
    fn node(&mut self, name: &str, file: &str) -> Option<String> {
        let path = self.within("nodes", name, file)?;
        self.is_there("nodes", name, &path, &[&path])
            .then_some(path)
    }

    /// Checks the files of a plugin. The runtime loads the `.js`, the `.cjs` and the `.html` with
    /// the stem of the named file.
    fn plugin(&mut self, name: &str, file: &str) {
        let Some(path) = self.within("plugins", name, file) else {
            return;
        };
        let stem = path
            .rsplit_once('.')
            .map_or(path.as_str(), |(stem, _)| stem);
        let like = [
            path.clone(),
            format!("{stem}.js"),
            format!("{stem}.cjs"),
            format!("{stem}.html"),
        ];
        self.is_there("plugins", name, &path, &like.each_ref().map(String::as_str));
    }

    /// Returns the path `file` from the root of the module, unless it leaves the module.
    fn within(&mut self, section: &str, name: &str, file: &str) -> Option<String> {
        let path = path_within(file);
        if path.is_none() {
            let place = self.place(
                Pointer::new(format!("/node-red/{section}"))
                    .key(name)
                    .as_str(),
            );
            let words = format!("`{}` leads out of the package", one_line(file, 80));
            self.reading
                .found
                .push(codes::bad_manifest_value::diagnostic(
                    place,
                    "leaves the package",
                    words,
                ));
        }
        path
    }

    /// Returns `true` if the package has one of `any`; otherwise reports `path` as missing.
    fn is_there(&mut self, section: &str, name: &str, path: &str, any: &[&str]) -> bool {
        let is_there = any.iter().any(|path| self.bundle.has(path));
        if !is_there && self.bundle.is_listed_whole() {
            let place = self.place(
                Pointer::new(format!("/node-red/{section}"))
                    .key(name)
                    .as_str(),
            );
            let words = format!(
                "the package has no `{}`, which `node-red.{section}` names",
                one_line(path, 80)
            );
            self.reading.found.push(codes::missing_member::diagnostic(
                place,
                "not in the package",
                words,
            ));
        }
        is_there
    }

    /// Returns the `.html` beside the node `name` with the file `path`; several nodes may share
    /// one.
    fn page_of(&mut self, name: &str, path: &str) -> Option<String> {
        let stem = path
            .strip_suffix(".cjs")
            .or_else(|| path.strip_suffix(".js"));
        let html = stem.map_or_else(|| path.to_owned(), |stem| format!("{stem}.html"));
        if !self.bundle.has(&html) {
            if self.bundle.is_listed_whole() {
                let place = self.place(Pointer::new("/node-red/nodes").key(name).as_str());
                let words = format!(
                    "the package has no `{}` beside the node: the editor can not show it",
                    one_line(&html, 80)
                );
                self.reading.found.push(codes::missing_member::diagnostic(
                    place,
                    "not in the package",
                    words,
                ));
            }
            return None;
        }
        Some(html)
    }

    fn core(&mut self, types: &BTreeSet<String>) {
        for name in types
            .iter()
            .filter(|name| CORE_TYPES.contains(&name.as_str()))
        {
            self.reading.found.push(codes::core_node_type::diagnostic(
                self.place("/node-red/nodes"),
                name,
            ));
        }
    }

    fn warn(&mut self) {
        if !keywords(self.manifest)
            .iter()
            .any(|word| word == "node-red")
        {
            let place = self.place(if self.manifest["keywords"].is_null() {
                ""
            } else {
                "/keywords"
            });
            self.reading
                .found
                .push(codes::missing_keyword::diagnostic(place));
        }
        if self.reading.says.license.is_none() && self.reading.says.license_text.is_none() {
            self.reading
                .found
                .push(codes::no_license::diagnostic(self.place("")));
        }
        let declared = self.manifest["dependencies"].as_object();
        let own = self.manifest["node-red"]["dependencies"]
            .as_array()
            .into_iter()
            .flatten()
            .enumerate()
            .take(MOST_NODES);
        for (at, name) in own.filter_map(|(at, name)| Some((at, name.as_str()?))) {
            if declared.is_none_or(|declared| !declared.contains_key(name)) {
                let place = self.place(&format!("/node-red/dependencies/{at}"));
                self.reading
                    .found
                    .push(codes::undeclared_dependency::diagnostic(place, name));
            }
        }
    }

    /// Returns the scripts that npm runs at installation of the module.
    fn scripts(&self) -> Vec<String> {
        let named = ["preinstall", "install", "postinstall"].into_iter();
        named
            .filter(|name| self.manifest["scripts"][name].is_string())
            .map(str::to_owned)
            .collect()
    }

    /// Returns the location of `pointer` in `package.json`.
    fn place(&self, pointer: &str) -> Location {
        if pointer.is_empty() {
            return self.bundle.whole_member("package.json");
        }
        self.bundle.place(
            "package.json",
            json::span(self.tree, &Pointer::new(pointer), Part::Value),
        )
    }
}

/// Returns `file` without `.` and `..`; `None` if it leaves its starting directory on any system.
fn path_within(file: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in file.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()?),
            "" if parts.is_empty() => return None,
            "" => {}
            part if part.contains(':') || part.split('\\').any(|it| it == "..") => return None,
            part => parts.push(part),
        }
    }
    (!parts.is_empty()).then(|| parts.join("/"))
}

fn files_of(section: &Value) -> BTreeMap<String, String> {
    let named = section.as_object().into_iter().flatten();
    named
        .filter_map(|(name, file)| Some((name.clone(), file.as_str()?.to_owned())))
        .collect()
}

/// Returns the keywords: a list, or a string that npm splits at its commas.
fn keywords(manifest: &Value) -> Vec<String> {
    match &manifest["keywords"] {
        Value::String(text) => text
            .split([',', '\n'])
            .map(|word| one_line(word, MAX_WORD))
            .filter(|word| !word.is_empty())
            .collect(),
        listed => listed
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(|word| one_line(word, MAX_WORD))
            .collect(),
    }
}

/// Returns the facts for a snippet from `package.json`.
fn says(manifest: &Value) -> Facts {
    let text = |value: &Value| {
        value
            .as_str()
            .map(|text| one_line(text, 600))
            .filter(|text| !text.is_empty())
    };
    let person = |value: &Value| {
        let name = value.as_str().or_else(|| value["name"].as_str())?;
        let name = one_line(name.split(['<', '(']).next().unwrap_or_default(), 200);
        (!name.is_empty() && !name.contains('@')).then_some(name)
    };
    let link = |value: &Value| {
        value
            .as_str()
            .or_else(|| value["url"].as_str())
            .and_then(npm::web_address)
    };
    let license = text(&manifest["license"]).or_else(|| text(&manifest["license"]["type"]));
    let is_spdx = license
        .as_deref()
        .is_some_and(|license| spdx::Expression::parse(license).is_ok());
    Facts {
        name: text(&manifest["name"]).unwrap_or_default(),
        version: text(&manifest["version"]).unwrap_or_default(),
        summary: text(&manifest["description"]),
        author: person(&manifest["author"]),
        license: license.clone().filter(|_| is_spdx),
        license_text: license.filter(|_| !is_spdx),
        keywords: keywords(manifest)
            .into_iter()
            .filter(|word| !word.is_empty() && word != "node-red")
            .take(10)
            .collect(),
        links: Links {
            homepage: link(&manifest["homepage"]),
            repository: link(&manifest["repository"]),
            issues: link(&manifest["bugs"]),
            documentation: None,
        },
        requires_dist: dependencies(manifest["dependencies"].as_object()),
        ..Facts::default()
    }
}

fn dependencies(named: Option<&Map<String, Value>>) -> Vec<String> {
    let line = |(name, range): (&String, &Value)| {
        Some(format!(
            "{} {}",
            one_line(name, MAX_NAME),
            one_line(range.as_str()?, MAX_RANGE)
        ))
    };
    named
        .into_iter()
        .flatten()
        .take(MOST_NODES)
        .filter_map(line)
        .collect()
}
