//! What published documents say, once they are known to keep to their schemas: hosts, plugins,
//! releases.

use std::collections::BTreeMap;
use std::str::FromStr;

use jiff::Timestamp;
use pep440_rs::{Version, VersionSpecifiers};
use serde::Deserialize;
use serde_json::Value;

use shopfront_text::names::is_project;
use shopfront_text::url_policy;

/// A published store.
#[derive(Clone, Debug)]
pub struct Store {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// When it was built.
    pub generated_at: Option<Timestamp>,
    /// Its hosts, by id.
    pub hosts: BTreeMap<String, Host>,
    /// Its entries of hosts that are looked after here, by `host/id`.
    pub plugins: BTreeMap<String, Plugin>,
}

/// A host application, as a store sees it.
#[derive(Clone, Debug)]
pub struct Host {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub title: String,
    /// Which rules it has.
    pub kind: Kind,
    /// The project whose installed version says what fits.
    pub project: String,
    /// Its newest release.
    pub newest: Option<Version>,
    /// The names of its major versions, the least first.
    pub majors: Vec<String>,
}

/// The kinds of hosts that live in an environment of Python.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Every release says what it fits, and the module binds `plugin`.
    Fiab,
    /// What is not known to fit may do so all the same: registries tell the requirements of the
    /// newest release only.
    Python,
}

/// An entry.
#[derive(Clone, Debug)]
pub struct Plugin {
    /// The id of its host.
    pub host: String,
    /// Its id.
    pub id: String,
    /// The id of the store that it comes from.
    pub store: String,
    /// What people call it.
    pub display_name: String,
    /// Who makes it.
    pub author: String,
    /// Its project at the index.
    pub project: String,
    /// The index to install it from, where the store was built from one that is not the public
    /// one.
    pub registry_url: Option<String>,
    /// What the host imports.
    pub module_name: String,
    /// Its newest release.
    pub version: Option<String>,
    /// The releases that the list of entries tells: enough where nothing more can be asked.
    pub told: Vec<Release>,
    /// The state of one that is no longer plainly alive, and why.
    pub lifecycle: Option<(String, String)>,
}

/// Every release of an entry, and what is to be said of all.
#[derive(Clone, Debug, Default)]
pub struct Releases {
    /// In no order that matters.
    pub all: Vec<Release>,
    /// The state of the project where it is not active (PEP 792).
    pub status: Option<String>,
    /// Known vulnerabilities of the newest release.
    pub vulnerabilities: Vec<String>,
    /// Whether there may be more that nobody told.
    pub is_partial: bool,
}

/// A release.
#[derive(Clone, Debug)]
pub struct Release {
    /// Its version.
    pub version: Version,
    /// When it was uploaded.
    pub released_at: Option<Timestamp>,
    /// Whether its author took it back, and why.
    pub yanked: Option<String>,
    /// The Pythons that it runs on.
    pub requires_python: Option<VersionSpecifiers>,
    /// The major versions of the host that it fits.
    pub compatible: Vec<String>,
}

impl Store {
    /// What `hosts.json` and `plugins.json` say. Hosts of kinds that are not looked after here are
    /// left out, and so are entries whose names are none: they become words of a command.
    pub fn of(hosts: &Value, plugins: &Value) -> Store {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let rows =
            |document: &Value, list: &str| document[list].as_array().cloned().unwrap_or_default();
        let hosts = rows(hosts, "hosts")
            .iter()
            .filter_map(Host::of)
            .map(|host| (host.id.clone(), host))
            .collect();
        let plugins_of = rows(plugins, "plugins");
        let plugins_of = plugins_of
            .iter()
            .filter_map(Plugin::of)
            .map(|it| (super::key(&it.host, &it.id), it))
            .collect();
        let head = &plugins["store"];
        Store {
            id: text(&head["id"]),
            title: text(&head["title"]),
            generated_at: time(&plugins["generated_at"]),
            hosts,
            plugins: plugins_of,
        }
    }
}

impl Host {
    fn of(row: &Value) -> Option<Host> {
        let kind = match row["kind"].as_str()? {
            "fiab" => Kind::Fiab,
            "python" => Kind::Python,
            _ => return None,
        };
        let project = row["project"]["name"]
            .as_str()
            .filter(|name| is_project(name))?
            .to_owned();
        let majors = row["majors"]
            .as_array()?
            .iter()
            .filter_map(|major| Some(major["name"].as_str()?.to_owned()))
            .collect();
        let newest = row["version"]
            .as_str()
            .and_then(|text| Version::from_str(text).ok());
        Some(Host {
            id: row["id"].as_str()?.to_owned(),
            title: row["title"].as_str()?.to_owned(),
            kind,
            project,
            newest,
            majors,
        })
    }
}

impl Plugin {
    fn of(row: &Value) -> Option<Plugin> {
        let text = |key: &str| row[key].as_str().map(str::to_owned);
        let project = row["source"]["name"]
            .as_str()
            .filter(|name| row["source"]["kind"] == "pypi" && is_project(name))?;
        let module_name = text("module_name").filter(|name| is_dotted_name(name))?;
        let lifecycle = row["lifecycle"]["state"].as_str();
        let reason = row["lifecycle"]["reason"].as_str().unwrap_or_default();
        Some(Plugin {
            host: text("host")?,
            id: text("id")?,
            store: row["store"]["id"].as_str().unwrap_or_default().to_owned(),
            display_name: text("display_name")?,
            author: text("author")?,
            project: project.to_owned(),
            registry_url: registry_url(&row["source"]["registry_url"]),
            module_name,
            version: text("version"),
            told: told(row),
            lifecycle: lifecycle.map(|state| (state.to_owned(), reason.to_owned())),
        })
    }
}

/// The newest release for each major, and the newest of all, as `plugins.json` tells them.
fn told(row: &Value) -> Vec<Release> {
    let mut by_version: BTreeMap<Version, Release> = BTreeMap::new();
    let newest = row["version"].as_str();
    let compatible = row["compatible"].as_object().into_iter().flatten();
    let compatible = compatible.filter(|(major, _)| is_major(major));
    let compatible =
        compatible.filter_map(|(major, version)| Some((Some(major.clone()), version.as_str()?)));
    for (major, written) in compatible.chain(newest.map(|version| (None, version))) {
        let Ok(version) = Version::from_str(written) else {
            continue;
        };
        let is_newest = newest == Some(written);
        let release = by_version
            .entry(version.clone())
            .or_insert_with(|| Release {
                version,
                released_at: time(&row["released_at"]).filter(|_| is_newest),
                yanked: None,
                requires_python: specifiers(&row["requires_python"]).filter(|_| is_newest),
                compatible: Vec::new(),
            });
        release.compatible.extend(major);
    }
    by_version.into_values().collect()
}

impl Releases {
    /// What the document of one entry says.
    pub fn of(detail: &Value) -> Releases {
        let list = |key: &str| detail[key].as_array().into_iter().flatten();
        Releases {
            all: list("releases").filter_map(Release::of).collect(),
            status: detail["status"].as_str().map(str::to_owned),
            vulnerabilities: list("vulnerabilities")
                .filter_map(|it| Some(it["id"].as_str()?.to_owned()))
                .collect(),
            is_partial: false,
        }
    }

    /// What the list of entries tells of `plugin`.
    pub fn told(plugin: &Plugin) -> Releases {
        Releases {
            all: plugin.told.clone(),
            is_partial: true,
            ..Releases::default()
        }
    }
}

impl Release {
    fn of(row: &Value) -> Option<Release> {
        // A release without files can not be installed.
        row["files"].as_array().filter(|files| !files.is_empty())?;
        let yanked = row["yanked"]
            .as_bool()?
            .then(|| row["yanked_reason"].as_str().unwrap_or_default().to_owned());
        let compatible = row["compatible"]
            .as_array()?
            .iter()
            .filter_map(Value::as_str)
            .filter(|it| is_major(it))
            .map(str::to_owned)
            .collect();
        Some(Release {
            version: Version::from_str(row["version"].as_str()?).ok()?,
            released_at: time(&row["released_at"]),
            yanked,
            requires_python: specifiers(&row["requires_python"]),
            compatible,
        })
    }
}

/// An address of the web, without user and password: it becomes a variable of an installer's
/// environment.
fn registry_url(value: &Value) -> Option<String> {
    value
        .as_str()
        .filter(|url| url_policy::check_maintainer_url(url).is_none())
        .map(str::to_owned)
}

fn time(value: &Value) -> Option<Timestamp> {
    Timestamp::deserialize(value).ok()
}

fn specifiers(value: &Value) -> Option<VersionSpecifiers> {
    VersionSpecifiers::from_str(value.as_str()?).ok()
}

/// What a major version can be called: numbers, as it is compared by them.
fn is_major(name: &str) -> bool {
    (1..=20).contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.')
}

/// What Python can import, and nothing that a command line would take for an option.
fn is_dotted_name(name: &str) -> bool {
    let is_word = |word: &str| {
        !word.is_empty()
            && !word.starts_with(|it: char| it.is_ascii_digit())
            && word.chars().all(|it| it.is_alphanumeric() || it == '_')
    };
    name.len() <= 255 && name.split('.').all(is_word)
}
