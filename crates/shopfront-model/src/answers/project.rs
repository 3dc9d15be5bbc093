//! Project as its registry describes it: all releases, with more data on the newest.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::str::FromStr;

use jiff::Timestamp;
use pep440_rs::Version;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shopfront_package::facts::{Facts, Links, lead_of_summary};

use super::Attestation;

/// Project and its releases.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Project {
    /// Name in the registry's spelling.
    pub name: String,
    /// Status (PEP 792), if the registry reports one other than `active`.
    pub status: Option<String>,
    /// Reason of the status, if the registry reports one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_reason: Option<String>,
    /// Publishers of attested releases, newest first: of the newest release and the one before it
    /// that this store has seen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attestations: Vec<Attestation>,
    /// Facts about the release that the registry calls newest.
    pub newest: NewestFacts,
    /// All releases, oldest version first.
    pub releases: Vec<Release>,
}

/// One version of a project.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Release {
    /// Version in the author's spelling.
    pub version: String,
    /// Upload time of the first file.
    pub released_at: Option<Timestamp>,
    /// `true` if the author yanked it (PEP 592).
    pub yanked: bool,
    /// Reason for yanking.
    pub yanked_reason: Option<String>,
    /// Supported Python versions (PEP 440 specifiers).
    pub requires_python: Option<String>,
    /// `true` if each file is attested (PEP 740); `None` if the registry does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attested: Option<bool>,
    /// `true` for a pre-release, if the registry has its own rule; `None` if PEP 440 decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prerelease: Option<bool>,
    /// Required version ranges of the platform by name (`node`, `node-red`), in the author's
    /// spelling and the platform's own range syntax.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub requires: BTreeMap<String, String>,
    /// Contents of the package, if the kind of its host inspects packages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contents: Option<Contents>,
    /// Files of the release; empty if all were deleted.
    pub files: Vec<File>,
}

/// Package contents, as read by a kind of host.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Contents {
    /// Kind of the reader: `oko`.
    pub kind: String,
    /// SHA-256, integrity or name of the inspected file, or SHA-256 of a manifest in a snippet.
    /// Empty for a release without files.
    pub of: String,
    /// Facts in the kind's own format.
    pub facts: Value,
}

/// File of a release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Name of the file.
    pub name: String,
    /// Type of the file.
    pub kind: FileKind,
    /// Size in bytes.
    pub size: Option<u64>,
    /// SHA-256 in hexadecimal.
    pub sha256: Option<String>,
    /// Hash in npm's notation (Subresource Integrity), if the registry reports it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub integrity: Option<String>,
    /// URL relative to the project page, or absolute URL. Only for registries from which hosts
    /// fetch files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

/// Types of files in registries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FileKind {
    /// Wheel (PEP 427).
    Wheel,
    /// Source distribution.
    Sdist,
    /// Archive with one plugin.
    Archive,
    /// Manifest without a package: nothing can be installed.
    Manifest,
    /// Eggs, installers and other formats that were once allowed.
    Other,
}

/// Facts that a registry reports for its newest release only.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct NewestFacts {
    /// Release that these facts describe.
    pub version: Option<String>,
    /// Summary in one line.
    pub summary: Option<String>,
    /// Author of the release.
    pub author: Option<String>,
    /// SPDX expression if the package has one, otherwise its free text, truncated.
    pub license: Option<String>,
    /// Keywords of the package.
    pub keywords: Vec<String>,
    /// Links with their labels.
    pub links: Vec<Link>,
    /// Requirements (PEP 508) in the author's spelling; `None` if the registry does not report
    /// them.
    pub requires_dist: Option<Vec<String>>,
    /// Long description, saved separately.
    pub description: Option<Description>,
    /// Known vulnerabilities of the release.
    pub vulnerabilities: Vec<Vulnerability>,
}

/// Link with its label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Label from the package.
    pub label: String,
    /// Untrusted target URL.
    pub url: String,
}

/// Long description, whose text is in `answers/descriptions/`, by hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Description {
    /// SHA-256 of the text.
    pub sha256: String,
    /// Media type of the text.
    pub content_type: Option<String>,
    /// Length of the text in bytes.
    pub bytes: u64,
}

/// Known vulnerability of a release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vulnerability {
    /// Id of the advisory: `PYSEC-…`, `GHSA-…`.
    pub id: String,
    /// Other ids of the same vulnerability.
    pub aliases: Vec<String>,
    /// Summary of the vulnerability.
    pub summary: Option<String>,
    /// Releases with a fix.
    pub fixed_in: Vec<String>,
    /// URL of the advisory.
    pub url: Option<String>,
}

/// Usability of the newest release.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReleaseStatus {
    /// All usable releases were yanked.
    Yanked,
    /// Only pre-releases exist.
    Prerelease,
    /// Final release, not yanked.
    Final,
}

impl Release {
    /// Returns the version if PEP 440 can parse it; 1 % of the projects have one that it cannot
    /// parse.
    pub fn parsed(&self) -> Option<Version> {
        Version::from_str(&self.version).ok()
    }

    /// Returns `true` if the registry, otherwise PEP 440, classifies it as a pre-release.
    /// Development releases are pre-releases.
    pub fn is_prerelease(&self) -> bool {
        self.prerelease.unwrap_or_else(|| {
            self.parsed()
                .is_some_and(|version| version.any_prerelease())
        })
    }

    /// Returns `true` if one of the files is a wheel.
    pub fn has_wheel(&self) -> bool {
        self.files.iter().any(|file| file.kind == FileKind::Wheel)
    }

    /// Returns the package facts from the reader of `kind`.
    pub fn contents_of(&self, kind: &str) -> Option<&Value> {
        self.contents
            .as_ref()
            .filter(|contents| contents.kind == kind)
            .map(|contents| &contents.facts)
    }

    /// Returns `true` if only the manifest is known and nothing can be installed.
    pub fn is_manifest_alone(&self) -> bool {
        !self.files.is_empty()
            && self
                .files
                .iter()
                .all(|file| file.kind == FileKind::Manifest)
    }

    fn fitness(&self) -> ReleaseStatus {
        match (self.yanked, self.is_prerelease()) {
            (true, _) => ReleaseStatus::Yanked,
            (false, true) => ReleaseStatus::Prerelease,
            (false, false) => ReleaseStatus::Final,
        }
    }
}

impl Project {
    /// Returns the release to show and its usability: the newest final release. A pre-release or
    /// yanked release is returned only if nothing else exists; a release without files never.
    pub fn newest_release(&self) -> Option<(&Release, ReleaseStatus)> {
        let mut second_best: Option<(&Release, ReleaseStatus, bool)> = None;
        // Newest first: nearly always the first one is final.
        for release in self
            .releases
            .iter()
            .rev()
            .filter(|release| !release.files.is_empty())
        {
            let (fitness, is_final) = (release.fitness(), !release.is_prerelease());
            if fitness == ReleaseStatus::Final {
                return Some((release, fitness));
            }
            if second_best
                .is_none_or(|(_, known, known_final)| (fitness, is_final) > (known, known_final))
            {
                second_best = Some((release, fitness, is_final));
            }
        }
        second_best.map(|(release, fitness, _)| (release, fitness))
    }

    /// Returns the newest-release facts of the registry if they describe `release`.
    pub fn facts_of(&self, release: &Release) -> Option<&NewestFacts> {
        (self.newest.version.as_deref() == Some(release.version.as_str())).then_some(&self.newest)
    }

    /// Returns the registry's data on the attestation of `release`.
    pub fn attestation_of(&self, release: &Release) -> Option<&Attestation> {
        self.attestations
            .iter()
            .find(|it| it.version == release.version)
    }

    /// Returns `true` if the registry reports the project's status as `status` (PEP 792).
    pub fn is(&self, status: &str) -> bool {
        self.status
            .as_deref()
            .is_some_and(|told| told.eq_ignore_ascii_case(status))
    }

    /// Sorts the releases by PEP 440; versions that it cannot parse come first, by text.
    pub fn sort(&mut self) {
        let mut keyed: Vec<(Option<Version>, Release)> = self
            .releases
            .drain(..)
            .map(|release| (release.parsed(), release))
            .collect();
        keyed.sort_by(|(left, a), (right, b)| {
            compare(left.as_ref(), right.as_ref()).then_with(|| a.version.cmp(&b.version))
        });
        self.releases = keyed.into_iter().map(|(_, release)| release).collect();
    }
}

fn compare(left: Option<&Version>, right: Option<&Version>) -> Ordering {
    left.cmp(&right)
}

impl Project {
    /// Returns the facts of the newest release that a registry states: no modules and no file
    /// contents.
    pub fn facts(&self) -> Facts {
        let newest = &self.newest;
        Facts {
            name: self.name.clone(),
            title: None,
            version: newest.version.clone().unwrap_or_default(),
            summary: newest.summary.clone(),
            lead: newest.summary.as_deref().and_then(lead_of_summary),
            author: newest.author.clone(),
            license: newest.license.clone(),
            license_text: None,
            keywords: newest.keywords.clone(),
            links: Links::of(
                newest
                    .links
                    .iter()
                    .map(|link| (link.label.as_str(), link.url.as_str())),
            ),
            requires_python: None,
            requires_dist: newest.requires_dist.clone().unwrap_or_default(),
            modules: Vec::new(),
            entry_points: Vec::new(),
            platforms: Vec::new(),
            files: 0,
            size: 0,
            unpacked: 0,
        }
    }
}
