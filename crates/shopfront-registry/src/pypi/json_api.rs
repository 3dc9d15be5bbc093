//! JSON API: `/pypi/<name>/json`.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::super::{FoundProject, MAX_TREE, RegistryError, cleaned, timestamp};
use super::index_page::{IndexFile, ProjectPage};
use super::{filename, simple};
use shopfront_json::{self as json, Plain};
use shopfront_model::answers::{
    Description, File, FileKind, Link, NewestFacts, Project, Release, Vulnerability,
};
use shopfront_text as text;
use shopfront_text::digest;
use shopfront_text::names::normal_project;

/// Parsed part of the document. All keys but `info` may be missing: indexes differ.
#[derive(Deserialize)]
#[serde(expecting = "a project")]
struct Document {
    info: Plain,
    #[serde(default, deserialize_with = "or_null")]
    releases: BTreeMap<String, Vec<Upload>>,
    #[serde(default, deserialize_with = "or_null")]
    urls: Vec<Upload>,
    #[serde(default, deserialize_with = "or_null")]
    vulnerabilities: Vec<Plain>,
}

/// File of a release.
#[derive(Deserialize)]
#[serde(expecting = "a file")]
struct Upload {
    filename: String,
    #[serde(default)]
    url: Option<String>,
    /// Object with its hashes, or `false`.
    #[serde(default, rename = "core-metadata")]
    core_metadata: Plain,
    #[serde(default)]
    packagetype: Option<String>,
    #[serde(default)]
    size: Option<u64>,
    #[serde(default, deserialize_with = "or_null")]
    digests: BTreeMap<String, Option<String>>,
    #[serde(default)]
    requires_python: Option<String>,
    #[serde(default)]
    upload_time_iso_8601: Option<String>,
    #[serde(default)]
    upload_time: Option<String>,
    #[serde(default)]
    yanked: Plain,
    #[serde(default)]
    yanked_reason: Option<String>,
}

/// Treats `null` like a missing key: some indexes write one, some the other.
fn or_null<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(
    value: D,
) -> Result<T, D::Error> {
    Option::deserialize(value).map(Option::unwrap_or_default)
}

/// Parses a body that was received with status 200.
pub(super) fn read(body: &[u8], name: &str) -> Result<FoundProject, RegistryError> {
    parsed(body).and_then(|document| understood(document, name))
}

/// Parses the files of the same body.
pub(super) fn read_offers(body: &[u8], name: &str) -> Result<ProjectPage, RegistryError> {
    let document = parsed(body)?;
    let uploads = document
        .urls
        .iter()
        .chain(document.releases.values().flatten());
    let files = uploads
        .take(cleaned::MAX_RELEASES)
        .filter_map(offer)
        .collect();
    Ok(ProjectPage {
        files,
        project: understood(document, name)?.project,
    })
}

fn parsed(body: &[u8]) -> Result<Document, RegistryError> {
    json::read_within(body, MAX_TREE)
        .map_err(|cause| RegistryError(format!("the index sent no project but rubbish ({cause})")))
}

fn offer(upload: &Upload) -> Option<IndexFile> {
    Some(IndexFile {
        name: cleaned::file_name(&upload.filename)?,
        address: upload.url.clone()?,
        size: upload.size,
        sha256: sha256(upload),
        yanked: is_yanked(upload),
        sidecar: simple::sidecar(&upload.core_metadata.0),
    })
}

fn understood(document: Document, name: &str) -> Result<FoundProject, RegistryError> {
    let Plain(info) = &document.info;
    let told = info["name"].as_str().unwrap_or_default();
    if normal_project(told) != name {
        return Err(RegistryError(format!(
            "the index answered for `{}`",
            cleaned::line_of(told, 80).unwrap_or_default()
        )));
    }
    let newest_version = info["version"].as_str().and_then(cleaned::version);
    let mut releases = document.releases;
    if let Some(version) = newest_version
        .filter(|version| !document.urls.is_empty() && !releases.contains_key(*version))
    {
        // `releases` is deprecated: an index may contain only the newest release.
        releases.insert(version.to_owned(), document.urls);
    }
    let (facts, description) = newest_facts(info, &document.vulnerabilities);
    let mut project = Project {
        name: cleaned::line_of(told, 200).unwrap_or_else(|| name.to_owned()),
        status: None,
        status_reason: None,
        attestations: Vec::new(),
        newest: NewestFacts {
            version: newest_version.map(str::to_owned),
            ..facts
        },
        releases: releases
            .iter()
            .take(cleaned::MAX_RELEASES)
            .filter_map(|(version, uploads)| release(version, uploads))
            .collect(),
    };
    project.sort();
    Ok(FoundProject {
        project,
        description,
        validators: None,
        simple_page: None,
    })
}

fn release(version: &str, uploads: &[Upload]) -> Option<Release> {
    let version = cleaned::version(version)?;
    let uploads = &uploads[..uploads.len().min(cleaned::MAX_FILES)];
    let reason = |upload: &Upload| {
        upload
            .yanked_reason
            .as_deref()
            .or(upload.yanked.0.as_str())
            .and_then(|it| cleaned::line_of(it, 300))
    };
    // PEP 592 yanks files; a release is yanked if all of its files are.
    let yanked = !uploads.is_empty() && uploads.iter().all(is_yanked);
    let mut files: Vec<File> = uploads.iter().filter_map(file).collect();
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Some(Release {
        version: version.to_owned(),
        released_at: uploads.iter().filter_map(uploaded_at).min(),
        yanked,
        yanked_reason: uploads.iter().find_map(reason).filter(|_| yanked),
        requires_python: uploads
            .iter()
            .find_map(|it| it.requires_python.as_deref())
            .and_then(|it| cleaned::line_of(it, 200)),
        attested: None,
        prerelease: None,
        requires: BTreeMap::new(),
        contents: None,
        files,
    })
}

fn is_yanked(upload: &Upload) -> bool {
    upload
        .yanked
        .0
        .as_bool()
        .unwrap_or_else(|| upload.yanked.0.is_string())
}

fn sha256(upload: &Upload) -> Option<String> {
    upload
        .digests
        .get("sha256")
        .and_then(|it| cleaned::sha256(it.as_deref()?))
}

fn uploaded_at(upload: &Upload) -> Option<Timestamp> {
    timestamp(
        upload
            .upload_time_iso_8601
            .as_deref()
            .or(upload.upload_time.as_deref())?,
    )
}

/// Returns a file by its name; `None` if the name contains a path.
fn file(upload: &Upload) -> Option<File> {
    let kind = match upload.packagetype.as_deref() {
        Some("bdist_wheel") => FileKind::Wheel,
        Some("sdist") => FileKind::Sdist,
        Some(_) => FileKind::Other,
        None => filename::kind(&upload.filename),
    };
    let name = cleaned::file_name(&upload.filename)?;
    Some(File {
        name,
        kind,
        size: upload.size,
        sha256: sha256(upload),
        integrity: None,
        address: None,
    })
}

fn newest_facts(info: &Value, vulnerabilities: &[Plain]) -> (NewestFacts, Option<String>) {
    let description = info["description"]
        .as_str()
        .filter(|it| !it.trim().is_empty() && *it != "UNKNOWN")
        .map(text::description);
    let facts = NewestFacts {
        version: None,
        summary: cleaned::line(&info["summary"], 600),
        author: author(info),
        license: license(info),
        keywords: keywords(&info["keywords"]),
        links: links(info),
        requires_dist: info["requires_dist"]
            .is_array()
            .then(|| cleaned::lines(&info["requires_dist"], 1_000)),
        description: description.as_deref().map(|text| Description {
            sha256: digest::sha256(text.as_bytes()),
            content_type: cleaned::line(&info["description_content_type"], 100),
            bytes: u64::try_from(text.len()).unwrap_or(u64::MAX),
        }),
        vulnerabilities: vulnerabilities
            .iter()
            .map(|it| &it.0)
            .filter(|it| it["withdrawn"].is_null())
            .take(100)
            .filter_map(vulnerability)
            .collect(),
    };
    (facts, description)
}

/// Returns `Author`, otherwise the name in `Author-email`, otherwise the same of the maintainer.
fn author(info: &Value) -> Option<String> {
    let name_in = |value: &Value| {
        let text = cleaned::line(value, 200)?;
        let name = text
            .split('<')
            .next()
            .unwrap_or_default()
            .trim()
            .trim_matches('"')
            .trim();
        (!name.is_empty() && !name.contains('@')).then(|| name.to_owned())
    };
    cleaned::line(&info["author"], 200)
        .or_else(|| name_in(&info["author_email"]))
        .or_else(|| cleaned::line(&info["maintainer"], 200))
        .or_else(|| name_in(&info["maintainer_email"]))
}

/// Returns the SPDX expression, otherwise a short free text, otherwise the classifier. Complete
/// license texts are not license names.
fn license(info: &Value) -> Option<String> {
    let classifier = || {
        let all = info["classifiers"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str);
        all.filter_map(|it| it.strip_prefix("License :: "))
            .map(|it| it.rsplit(" :: ").next().unwrap_or(it).to_owned())
            .next()
    };
    let free_text = || {
        info["license"]
            .as_str()
            .filter(|text| text.trim().lines().count() == 1)
            .and_then(|text| cleaned::line_of(text, 100))
    };
    cleaned::line(&info["license_expression"], 200)
        .or_else(free_text)
        .or_else(|| cleaned::line_of(&classifier()?, 100))
}

/// Splits a text at commas, otherwise at blanks (PEP 566 requires commas; many authors write
/// blanks).
fn keywords(value: &Value) -> Vec<String> {
    let text = value.as_str().unwrap_or_default();
    let separator = if text.contains(',') { ',' } else { ' ' };
    text.split(separator)
        .filter_map(|word| cleaned::line_of(word, 40))
        .take(20)
        .collect()
}

fn links(info: &Value) -> Vec<Link> {
    let labelled = info["project_urls"].as_object().into_iter().flatten();
    let mut links: Vec<Link> = labelled
        .take(30)
        .filter_map(|(label, url)| {
            Some(Link {
                label: cleaned::line_of(label, 60)?,
                url: cleaned::link(url.as_str()?)?,
            })
        })
        .collect();
    if let Some(url) = info["home_page"].as_str().and_then(cleaned::link)
        && links.iter().all(|link| link.url != url)
    {
        links.push(Link {
            label: "Homepage".to_owned(),
            url,
        });
    }
    links
}

fn vulnerability(value: &Value) -> Option<Vulnerability> {
    Some(Vulnerability {
        id: cleaned::line(&value["id"], 100)?,
        aliases: cleaned::lines(&value["aliases"], 100),
        summary: cleaned::line(&value["summary"], 300)
            .or_else(|| cleaned::line(&value["details"], 300)),
        fixed_in: cleaned::lines(&value["fixed_in"], 100),
        url: value["link"].as_str().and_then(cleaned::link),
    })
}
