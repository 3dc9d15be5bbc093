//! Data of published documents after schema validation: hosts, plugins, releases.

use std::collections::BTreeMap;
use std::str::FromStr;

use jiff::Timestamp;
use pep440_rs::{Version, VersionSpecifiers};
use serde::Deserialize;
use serde_json::Value;

use shopfront_text::names::is_project;
use shopfront_text::url_policy;

/// Published store.
#[derive(Clone, Debug)]
pub struct Store {
    /// Id of the store.
    pub id: String,
    /// Title of the store.
    pub title: String,
    /// Build time.
    pub generated_at: Option<Timestamp>,
    /// Hosts by id.
    pub hosts: BTreeMap<String, Host>,
    /// Entries of supported hosts, by `host/id`.
    pub plugins: BTreeMap<String, Plugin>,
}

/// Host application as listed by a store.
#[derive(Clone, Debug)]
pub struct Host {
    /// Id of the host.
    pub id: String,
    /// Title of the host.
    pub title: String,
    /// Kind of the host, which determines the rules.
    pub kind: Kind,
    /// Project whose installed version determines compatibility.
    pub project: String,
    /// Newest release of that project.
    pub newest: Option<Version>,
    /// Names of its major versions, in ascending order.
    pub majors: Vec<String>,
}

/// Kinds of hosts that run in a Python environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Forecast in a Box. Every release states its compatibility, and the module binds `plugin`.
    Fiab,
    /// Python application. A release without compatibility data may still fit: registries return
    /// the requirements of the newest release only.
    Python,
}

/// Entry of a store.
#[derive(Clone, Debug)]
pub struct Plugin {
    /// Id of the host.
    pub host: String,
    /// Id of the entry.
    pub id: String,
    /// Id of the store from which the entry comes.
    pub store: String,
    /// Display name.
    pub display_name: String,
    /// Author.
    pub author: String,
    /// Project name at the index.
    pub project: String,
    /// URL of the index to install from. `None` if the store was built from the public index.
    pub registry_url: Option<String>,
    /// Module that the host imports.
    pub module_name: String,
    /// Newest release.
    pub version: Option<String>,
    /// Releases in the list of entries. Sufficient if the entry's own document cannot be fetched.
    pub told: Vec<Release>,
    /// State and reason of an entry that is deprecated, withdrawn or similar.
    pub lifecycle: Option<(String, String)>,
}

/// All releases of an entry, with properties of the whole project.
#[derive(Clone, Debug, Default)]
pub struct Releases {
    /// Releases in unspecified order.
    pub all: Vec<Release>,
    /// Project status if it is not active (PEP 792).
    pub status: Option<String>,
    /// Known vulnerabilities of the newest release.
    pub vulnerabilities: Vec<String>,
    /// `true` if the entry may have further releases.
    pub is_partial: bool,
}

/// Release of an entry.
#[derive(Clone, Debug)]
pub struct Release {
    /// Version of the release.
    pub version: Version,
    /// Upload time.
    pub released_at: Option<Timestamp>,
    /// Reason for which the author yanked the release.
    pub yanked: Option<String>,
    /// Python versions that the release supports.
    pub requires_python: Option<VersionSpecifiers>,
    /// Major versions of the host with which the release is compatible.
    pub compatible: Vec<String>,
}

impl Store {
    /// Reads `hosts.json` and `plugins.json`. Omits hosts of unsupported kinds, and entries with
    /// invalid names: names become arguments of commands.
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

/// Returns the newest release for each major version, and the newest of all, from `plugins.json`.
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
    /// Reads the document of one entry.
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

    /// Returns the releases of `plugin` in the list of entries.
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
        // A release without files cannot be installed.
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

/// Returns a web URL without user and password. It becomes an environment variable of an installer.
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
