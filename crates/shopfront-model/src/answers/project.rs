//! One project as its registry describes it: all releases, and more of the newest.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::str::FromStr;

use jiff::Timestamp;
use pep440_rs::Version;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shopfront_package::facts::{Facts, Links, lead_of_summary};

use super::Attestation;

/// A project and its releases.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Project {
    /// Its name as the registry writes it.
    pub name: String,
    /// Its status (PEP 792), where the registry tells one that is not `active`.
    pub status: Option<String>,
    /// Why, where the registry says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_reason: Option<String>,
    /// Who published releases that are attested, the newest first: of the newest, and of the one
    /// before it that this store has seen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attestations: Vec<Attestation>,
    /// What is known of one release only: the one that the registry calls newest.
    pub newest: NewestFacts,
    /// Every release, the oldest version first.
    pub releases: Vec<Release>,
}

/// One version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Release {
    /// As its author wrote it.
    pub version: String,
    /// When its first file was uploaded.
    pub released_at: Option<Timestamp>,
    /// Whether its author withdrew it (PEP 592).
    pub yanked: bool,
    /// Why.
    pub yanked_reason: Option<String>,
    /// Python versions (PEP 440 specifiers).
    pub requires_python: Option<String>,
    /// Whether each of its files is attested (PEP 740); `None` where the registry does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attested: Option<bool>,
    /// Whether it is a pre-release, where the registry has a rule of its own; `None` where PEP 440
    /// decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prerelease: Option<bool>,
    /// The ranges of versions that it wants of what it runs on, by name (`node`, `node-red`), each
    /// as its author wrote it and as that world reads ranges.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub requires: BTreeMap<String, String>,
    /// What was read out of its package, where the kind of its host reads packages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contents: Option<Contents>,
    /// Its files; none, when all were deleted.
    pub files: Vec<File>,
}

/// What a kind of host read out of a package.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Contents {
    /// The kind whose reader it was: `oko`.
    pub kind: String,
    /// The file that it was read from, by its SHA-256 or its integrity; empty for a manifest that
    /// stands in a snippet.
    pub of: String,
    /// What that kind wants to know, in a form of its own.
    pub facts: Value,
}

/// One file of a release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: FileKind,
    /// Bytes.
    pub size: Option<u64>,
    /// In hexadecimal.
    pub sha256: Option<String>,
    /// Its hash as npm writes it (Subresource Integrity), where the registry tells that one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub integrity: Option<String>,
    /// Where it lies, from the page of its project on; else its whole address. Only of a registry
    /// whose files hosts fetch from there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

/// The kinds of files that registries hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FileKind {
    /// A wheel (PEP 427).
    Wheel,
    /// A source distribution.
    Sdist,
    /// An archive with one plugin in it.
    Archive,
    /// No package: only what its manifest says is known, and nothing can be installed.
    Manifest,
    /// Eggs, installers and whatever was once allowed.
    Other,
}

/// What a registry tells of its newest release alone.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct NewestFacts {
    /// Which release these facts are of.
    pub version: Option<String>,
    /// One line.
    pub summary: Option<String>,
    /// Who made it.
    pub author: Option<String>,
    /// SPDX expression where the package has one, else its free text, cut.
    pub license: Option<String>,
    /// Keywords.
    pub keywords: Vec<String>,
    /// Links by label.
    pub links: Vec<Link>,
    /// What it requires (PEP 508), as its author wrote it; `None` where the registry does not
    /// tell.
    pub requires_dist: Option<Vec<String>>,
    /// The long description, kept apart.
    pub description: Option<Description>,
    /// Known vulnerabilities.
    pub vulnerabilities: Vec<Vulnerability>,
}

/// A link with its label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// As the package calls it.
    pub label: String,
    /// Where it leads; not to be trusted.
    pub url: String,
}

/// A long description: its text lies in `answers/descriptions/`, by hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Description {
    /// The SHA-256 of the text.
    pub sha256: String,
    /// Its media type.
    pub content_type: Option<String>,
    /// Its length.
    pub bytes: u64,
}

/// A known vulnerability of a release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vulnerability {
    /// `PYSEC-…`, `GHSA-…`
    pub id: String,
    /// Other ids.
    pub aliases: Vec<String>,
    /// What it is.
    pub summary: Option<String>,
    /// Releases that are free of it.
    pub fixed_in: Vec<String>,
    /// Where it is described.
    pub url: Option<String>,
}

/// How usable the newest release is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReleaseStatus {
    /// Every usable release was yanked.
    Yanked,
    /// Only pre-releases exist.
    Prerelease,
    /// A final release, not yanked.
    Final,
}

impl Release {
    /// Its version, where PEP 440 can read it; 1 % of the projects have one that it can not.
    pub fn parsed(&self) -> Option<Version> {
        Version::from_str(&self.version).ok()
    }

    /// Whether its registry, else PEP 440, calls it a pre-release (development releases among
    /// them).
    pub fn is_prerelease(&self) -> bool {
        self.prerelease.unwrap_or_else(|| {
            self.parsed()
                .is_some_and(|version| version.any_prerelease())
        })
    }

    /// Whether one of its files is a wheel.
    pub fn has_wheel(&self) -> bool {
        self.files.iter().any(|file| file.kind == FileKind::Wheel)
    }

    /// What the reader of `kind` read out of its package.
    pub fn contents_of(&self, kind: &str) -> Option<&Value> {
        self.contents
            .as_ref()
            .filter(|contents| contents.kind == kind)
            .map(|contents| &contents.facts)
    }

    /// Whether it is known by its manifest alone, so that nothing of it can be installed.
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
    /// The release to show, and how usable it is: the newest final one; a pre-release or a yanked
    /// one only where nothing else exists; never one without files.
    pub fn newest_release(&self) -> Option<(&Release, ReleaseStatus)> {
        let mut second_best: Option<(&Release, ReleaseStatus, bool)> = None;
        // From the newest on: nearly always the first one is final.
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

    /// What the registry told of `release` alone, where it told it of that one.
    pub fn facts_of(&self, release: &Release) -> Option<&NewestFacts> {
        (self.newest.version.as_deref() == Some(release.version.as_str())).then_some(&self.newest)
    }

    /// What the registry says of the attestation of `release`.
    pub fn attestation_of(&self, release: &Release) -> Option<&Attestation> {
        self.attestations
            .iter()
            .find(|it| it.version == release.version)
    }

    /// Whether the registry says of the project that it is `status` (PEP 792).
    pub fn is(&self, status: &str) -> bool {
        self.status
            .as_deref()
            .is_some_and(|told| told.eq_ignore_ascii_case(status))
    }

    /// Puts the releases into the order of PEP 440; what it can not read comes first, by text.
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
    /// The facts of the newest release, as far as a registry states them: no modules, and nothing
    /// of its files.
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
