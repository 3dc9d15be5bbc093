//! Document of one package, with all of its versions ("packument").

use std::collections::BTreeMap;

use nodejs_semver::Version;
use serde_json::{Map, Value};

use super::super::{FoundProject, RegistryError, cleaned, timestamp};
use shopfront_model::answers::{Description, File, FileKind, Link, NewestFacts, Project, Release};
use shopfront_model::registry_rules::npm::web_address;
use shopfront_text as text;
use shopfront_text::digest;

/// Document as received.
pub(super) struct Packument {
    name: String,
    document: Value,
    /// Readable versions, in ascending order.
    versions: Vec<(Version, String)>,
}

/// Location and hash of the file of a version.
pub(super) struct Dist {
    pub(super) tarball: String,
    pub(super) integrity: Option<String>,
}

impl Packument {
    /// Parses a body that was received with status 200.
    pub(super) fn read(body: &[u8], name: &str) -> Result<Packument, RegistryError> {
        let rubbish = |cause: String| {
            RegistryError(format!(
                "the registry sent no package but rubbish ({cause})"
            ))
        };
        let document = crate::document(body).map_err(|cause| rubbish(cause.to_string()))?;
        let told = document["name"]
            .as_str()
            .ok_or_else(|| rubbish("it has no name".to_owned()))?;
        if told != name {
            return Err(RegistryError(format!(
                "the registry answered for `{}`",
                cleaned::line_of(told, 80).unwrap_or_default()
            )));
        }
        let named = document["versions"]
            .as_object()
            .into_iter()
            .flatten()
            .take(cleaned::MAX_RELEASES);
        let parsed = named.filter_map(|(version, _)| {
            Some((
                Version::parse(cleaned::version(version)?).ok()?,
                version.clone(),
            ))
        });
        let mut versions: Vec<(Version, String)> = parsed.collect();
        versions.sort();
        Ok(Packument {
            name: name.to_owned(),
            document,
            versions,
        })
    }

    /// Returns the location of the file of `version`.
    pub(super) fn dist(&self, version: &str) -> Option<Dist> {
        let dist = &self.manifest(version)?["dist"];
        Some(Dist {
            tarball: dist["tarball"].as_str()?.to_owned(),
            integrity: dist["integrity"].as_str().map(str::to_owned),
        })
    }

    /// Returns the release that users get: the one with the tag `latest` if final, otherwise the
    /// newest final one.
    pub(super) fn newest(&self) -> Option<String> {
        let project = self.project();
        project
            .newest_release()
            .map(|(release, _)| release.version.clone())
    }

    fn manifest(&self, version: &str) -> Option<&Value> {
        self.document["versions"].get(version)
    }

    /// Returns the project, with the long description of its newest release.
    pub(super) fn understood(&self) -> FoundProject {
        let mut project = self.project();
        let newest = project
            .newest_release()
            .map(|(release, _)| release.version.clone());
        let readme = self.document["readme"]
            .as_str()
            .filter(|text| !text.trim().is_empty() && !text.starts_with("ERROR:"))
            .map(text::description);
        if let Some(manifest) = newest.as_deref().and_then(|version| self.manifest(version)) {
            project.newest = facts(manifest);
        }
        project.newest.version = newest;
        project.newest.description = readme.as_deref().map(|text| Description {
            sha256: digest::sha256(text.as_bytes()),
            content_type: Some("text/markdown".to_owned()),
            bytes: u64::try_from(text.len()).unwrap_or(u64::MAX),
        });
        FoundProject {
            project,
            description: readme,
            validators: None,
            simple_page: None,
        }
    }

    fn project(&self) -> Project {
        let latest = self.document["dist-tags"]["latest"]
            .as_str()
            .and_then(|it| Version::parse(it).ok());
        let latest = latest.filter(|version| version.pre_release().is_empty());
        let releases: Vec<Release> = self
            .versions
            .iter()
            .filter_map(|(parsed, version)| self.release(parsed, version, latest.as_ref()))
            .collect();
        let is_deprecated = !releases.is_empty() && releases.iter().all(|release| release.yanked);
        Project {
            name: self.name.clone(),
            status: is_deprecated.then(|| "deprecated".to_owned()),
            status_reason: releases
                .last()
                .filter(|_| is_deprecated)
                .and_then(|release| release.yanked_reason.clone()),
            attestations: Vec::new(),
            newest: NewestFacts::default(),
            releases,
        }
    }

    fn release(
        &self,
        parsed: &Version,
        version: &str,
        latest: Option<&Version>,
    ) -> Option<Release> {
        let manifest = self.manifest(version)?;
        let deprecated = match &manifest["deprecated"] {
            // An empty text reverts a deprecation.
            Value::String(reason) if !reason.is_empty() => Some(cleaned::line_of(reason, 300)),
            Value::Bool(true) => Some(None),
            _ => None,
        };
        let dist = &manifest["dist"];
        let file = File {
            name: super::file_name(&self.name, version),
            kind: FileKind::Archive,
            // The size of the packed file is unknown; the unpacked size would be mistaken for it.
            size: None,
            sha256: None,
            integrity: cleaned::line(&dist["integrity"], 400),
            address: None,
        };
        Some(Release {
            version: version.to_owned(),
            released_at: self.document["time"][version].as_str().and_then(timestamp),
            yanked: deprecated.is_some(),
            yanked_reason: deprecated.flatten(),
            requires_python: None,
            attested: None,
            // Versions above the tag `latest` are offered under another tag, to users who request
            // it.
            prerelease: Some(
                !parsed.pre_release().is_empty() || latest.is_some_and(|latest| parsed > latest),
            ),
            requires: requires(manifest),
            contents: None,
            files: if dist["tarball"].is_string() {
                vec![file]
            } else {
                Vec::new()
            },
        })
    }
}

/// Returns the ranges of Node and of Node-RED that a version requires.
fn requires(manifest: &Value) -> BTreeMap<String, String> {
    let mut requires = BTreeMap::new();
    let stated = [
        ("node", &manifest["engines"]["node"]),
        ("node-red", &manifest["node-red"]["version"]),
    ];
    for (name, range) in stated {
        if let Some(range) = cleaned::line(range, 200) {
            requires.insert(name.to_owned(), range);
        }
    }
    requires
}

fn facts(manifest: &Value) -> NewestFacts {
    let keywords = cleaned::lines(&manifest["keywords"], 40);
    NewestFacts {
        version: None,
        summary: cleaned::line(&manifest["description"], 600),
        author: person(&manifest["author"]).or_else(|| person(&manifest["maintainers"][0])),
        license: license(manifest),
        keywords: keywords.into_iter().take(20).collect(),
        links: links(manifest),
        requires_dist: Some(dependencies(manifest["dependencies"].as_object())),
        description: None,
        vulnerabilities: Vec::new(),
    }
}

/// Returns the name in `Jo Example <jo@mail.example> (https://jo.example)`, or in the equivalent
/// object.
fn person(value: &Value) -> Option<String> {
    let text = value.as_str().or_else(|| value["name"].as_str())?;
    cleaned::line_of(text.split(['<', '(']).next().unwrap_or_default(), 200)
        .filter(|name| !name.contains('@'))
}

/// Returns the license: a string, or in old packages an object or a list of objects.
fn license(manifest: &Value) -> Option<String> {
    let name_in =
        |value: &Value| cleaned::line(value, 100).or_else(|| cleaned::line(&value["type"], 100));
    name_in(&manifest["license"])
        .or_else(|| name_in(&manifest["licenses"][0]))
        .filter(|name| !name.starts_with("SEE LICENSE"))
}

fn links(manifest: &Value) -> Vec<Link> {
    let url = |value: &Value| {
        value
            .as_str()
            .or_else(|| value["url"].as_str())
            .and_then(web_address)
            .and_then(|it| cleaned::link(&it))
    };
    let labelled = [
        ("Homepage", &manifest["homepage"]),
        ("Repository", &manifest["repository"]),
        ("Issues", &manifest["bugs"]),
    ];
    labelled
        .into_iter()
        .filter_map(|(label, value)| {
            Some(Link {
                label: label.to_owned(),
                url: url(value)?,
            })
        })
        .collect()
}

/// Returns the dependencies of a version, as `name range`.
fn dependencies(named: Option<&Map<String, Value>>) -> Vec<String> {
    let named = named.into_iter().flatten().take(cleaned::MAX_ITEMS);
    named
        .filter_map(|(name, range)| cleaned::line_of(&format!("{name} {}", range.as_str()?), 300))
        .collect()
}
