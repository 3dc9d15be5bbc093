//! Self-description of a package in the fields of a snippet: collected, normalized, never
//! guessed.

use std::collections::BTreeSet;

use serde::Serialize;

use super::Package;
use super::file_name::FileName;
use super::lead::{self, LONGEST, first_sentence};
use super::metadata::Metadata;
use shopfront_text::names::normal_project;

/// Self-description of a package.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Facts {
    /// Project name in the package's spelling.
    pub name: String,
    /// Title for readers, if declared separately from the name.
    pub title: Option<String>,
    /// Version of the package.
    pub version: String,
    /// Summary in one line.
    pub summary: Option<String>,
    /// Replacement for a missing or long summary. Without a summary, it is the first paragraph or
    /// sentence of the long description, if clearly prose. For a summary that is too long for a
    /// listing, it is the first sentence of that.
    pub lead: Option<String>,
    /// Author: `Author`, otherwise the name in `Author-email`, `Maintainer`, `Maintainer-email`.
    pub author: Option<String>,
    /// SPDX expression, which may come from the free text of `License`.
    pub license: Option<String>,
    /// Free text of `License`, if no field has an SPDX expression.
    pub license_text: Option<String>,
    /// Search terms.
    pub keywords: Vec<String>,
    /// Links by their well-known meaning.
    pub links: Links,
    /// Supported Python versions (PEP 440 specifiers).
    pub requires_python: Option<String>,
    /// Requirements (PEP 508) in the package's spelling.
    pub requires_dist: Vec<String>,
    /// Top-level importable modules.
    pub modules: Vec<String>,
    /// Entry points with group, name and reference.
    pub entry_points: Vec<EntryPointFact>,
    /// Supported platforms; `any` for all.
    pub platforms: Vec<String>,
    /// Number of files.
    pub files: usize,
    /// Size of the package in bytes.
    pub size: u64,
    /// Unpacked size of its files in bytes.
    pub unpacked: u64,
}

/// Links by their well-known meaning (the labels of PEP 753).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Links {
    /// URL of the website.
    pub homepage: Option<String>,
    /// URL of the manual.
    pub documentation: Option<String>,
    /// URL of the source code.
    pub repository: Option<String>,
    /// URL of the issue tracker.
    pub issues: Option<String>,
}

/// Entry point.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EntryPointFact {
    /// Group: `datasette`.
    pub group: String,
    /// Name within the group.
    pub name: String,
    /// Reference: `module` or `module:attribute`.
    pub value: String,
}

impl Facts {
    /// Returns the self-description of `package`.
    pub fn of(package: &Package) -> Facts {
        let nothing = Metadata::default();
        let metadata = package.metadata.as_ref().unwrap_or(&nothing);
        let text = |name: &str| metadata.value(name).map(one_line);
        Facts {
            name: text("Name").unwrap_or_else(|| normal_project(package.file_name.distribution())),
            title: None,
            version: text("Version").unwrap_or_else(|| package.file_name.version().to_owned()),
            summary: text("Summary"),
            lead: match text("Summary") {
                None => lead(package, metadata),
                Some(summary) => lead_of_summary(&summary),
            },
            author: author(metadata),
            license: license(metadata),
            license_text: text("License").filter(|_| license(metadata).is_none()),
            keywords: keywords(metadata),
            links: links(metadata),
            requires_python: text("Requires-Python"),
            requires_dist: metadata
                .all("Requires-Dist")
                .map(|field| one_line(&field.value))
                .collect(),
            modules: package
                .modules
                .iter()
                .map(|module| module.name.clone())
                .collect(),
            entry_points: entry_points(package),
            platforms: match &package.file_name {
                FileName::Wheel(name) => name.platforms.clone(),
                FileName::Sdist(_) => Vec::new(),
            },
            files: package.scan.files().count(),
            size: package.scan.packed,
            unpacked: package.scan.unpacked,
        }
    }
}

impl Facts {
    /// Converts a free-text license to its SPDX expression, if it is one.
    pub fn with_license_sorted(mut self) -> Facts {
        let is_expression = |text: &String| spdx::Expression::parse(text).is_ok();
        if self.license.is_none() && self.license_text.as_ref().is_some_and(is_expression) {
            self.license = self.license_text.take();
        }
        self
    }
}

impl Links {
    /// Returns the links of a package by their labels, normalized as in PEP 753: without
    /// punctuation, blanks and case. Of several with the same meaning, the first one is used.
    pub fn of<'l>(labelled: impl Iterator<Item = (&'l str, &'l str)>) -> Links {
        let mut links = Links::default();
        for (label, url) in labelled {
            let label: String = label
                .chars()
                .filter(char::is_ascii_alphanumeric)
                .collect::<String>()
                .to_ascii_lowercase();
            let slot = match label.as_str() {
                "homepage" | "home" | "website" => &mut links.homepage,
                "source" | "repository" | "sourcecode" | "github" | "gitlab" | "code" => {
                    &mut links.repository
                }
                "documentation" | "docs" => &mut links.documentation,
                "issues" | "bugs" | "issue" | "tracker" | "issuetracker" | "bugtracker"
                | "bugreports" => &mut links.issues,
                _ => continue,
            };
            slot.get_or_insert_with(|| url.trim().to_owned());
        }
        links
    }
}

/// Returns the first sentence of a summary that is too long for a listing.
pub fn lead_of_summary(summary: &str) -> Option<String> {
    let is_too_long = summary.chars().count() > LONGEST;
    is_too_long
        .then(|| first_sentence(summary).map(str::to_owned))
        .flatten()
}

fn lead(package: &Package, metadata: &Metadata) -> Option<String> {
    let text = package.text(&package.metadata_member()?)?;
    lead::lead(
        text.get(metadata.body.clone()?)?,
        metadata.value("Description-Content-Type"),
    )
}

/// Joins the lines of a folded single-line field.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn author(metadata: &Metadata) -> Option<String> {
    let plain = |name: &str| metadata.value(name).map(one_line);
    let of_address = |name: &str| metadata.value(name).and_then(names_of_addresses);
    plain("Author")
        .or_else(|| of_address("Author-email"))
        .or_else(|| plain("Maintainer"))
        .or_else(|| of_address("Maintainer-email"))
}

/// Returns the names in a list of e-mail addresses (RFC 5322). `Mira Example
/// <mira@ocean.example>, Sol <sol@ocean.example>` becomes `Mira Example, Sol`. The old form
/// `mira@ocean.example (Mira Example)` is supported as well. Addresses alone are ignored: a store
/// shows no e-mail addresses.
fn names_of_addresses(list: &str) -> Option<String> {
    let names: Vec<String> = split_outside_quotes(list)
        .into_iter()
        .filter_map(|address| {
            let name = match address.rsplit_once('<') {
                Some((name, _)) => name,
                None => {
                    address
                        .trim()
                        .strip_suffix(')')?
                        .split_once('(')
                        .filter(|(before, _)| before.contains('@'))?
                        .1
                }
            };
            let name = one_line(name.trim().trim_matches('"'));
            (!name.is_empty() && !name.contains('@')).then_some(name)
        })
        .collect();
    (!names.is_empty()).then(|| names.join(", "))
}

/// Splits at commas, except within quotes, which are part of a name.
fn split_outside_quotes(list: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut is_quoted = false;
    for character in list.chars() {
        match character {
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => parts.push(String::new()),
            _ => {}
        }
        if let (Some(last), true) = (parts.last_mut(), character != ',' || is_quoted) {
            last.push(character);
        }
    }
    parts
}

/// Returns the license expression (PEP 639). Otherwise returns the free text if it is an SPDX
/// expression, possibly with another spelling. Otherwise returns the single unambiguous license
/// of the classifiers.
fn license(metadata: &Metadata) -> Option<String> {
    let parsed = |text: &str| spdx::Expression::parse(text).ok().map(|_| text.to_owned());
    if let Some(expression) = metadata.value("License-Expression") {
        return Some(one_line(expression));
    }
    let free = metadata
        .value("License")
        .filter(|text| text.len() <= 100)
        .map(one_line);
    let respelt = |text: &str| {
        spdx::Expression::canonicalize(text)
            .ok()
            .flatten()
            .and_then(|text| parsed(&text))
    };
    let named = |text: &str| {
        let text = text.trim_end_matches('.').to_ascii_lowercase();
        NAMES
            .iter()
            .find(|(name, _)| *name == text)
            .map(|(_, expression)| (*expression).to_owned())
    };
    free.as_deref()
        .and_then(|text| {
            parsed(text)
                .or_else(|| named(text))
                .or_else(|| respelt(text))
        })
        .or_else(|| by_classifier(metadata))
}

/// Unambiguous license names, in lower case; `BSD`, `GPL` and similar names have several
/// meanings.
const NAMES: &[(&str, &str)] = &[
    ("apache license, version 2.0", "Apache-2.0"),
    ("apache license version 2.0", "Apache-2.0"),
    ("apache license 2.0", "Apache-2.0"),
    ("apache 2.0", "Apache-2.0"),
    ("apache 2", "Apache-2.0"),
    ("mit license", "MIT"),
    ("the mit license", "MIT"),
    ("the mit license (mit)", "MIT"),
    ("bsd 3-clause license", "BSD-3-Clause"),
    ("bsd 3-clause", "BSD-3-Clause"),
    ("bsd 2-clause license", "BSD-2-Clause"),
    ("bsd 2-clause", "BSD-2-Clause"),
    ("isc license", "ISC"),
    ("mozilla public license 2.0", "MPL-2.0"),
    ("mozilla public license 2.0 (mpl 2.0)", "MPL-2.0"),
];

/// Unambiguous license classifiers; `BSD License` and similar ones have several meanings, and are
/// ignored.
const CLASSIFIERS: &[(&str, &str)] = &[
    ("License :: OSI Approved :: MIT License", "MIT"),
    (
        "License :: OSI Approved :: MIT No Attribution License (MIT-0)",
        "MIT-0",
    ),
    (
        "License :: OSI Approved :: Apache Software License",
        "Apache-2.0",
    ),
    ("License :: OSI Approved :: ISC License (ISCL)", "ISC"),
    (
        "License :: OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)",
        "MPL-2.0",
    ),
    (
        "License :: OSI Approved :: GNU General Public License v2 (GPLv2)",
        "GPL-2.0-only",
    ),
    (
        "License :: OSI Approved :: GNU General Public License v2 or later (GPLv2+)",
        "GPL-2.0-or-later",
    ),
    (
        "License :: OSI Approved :: GNU General Public License v3 (GPLv3)",
        "GPL-3.0-only",
    ),
    (
        "License :: OSI Approved :: GNU General Public License v3 or later (GPLv3+)",
        "GPL-3.0-or-later",
    ),
    (
        "License :: OSI Approved :: GNU Lesser General Public License v3 (LGPLv3)",
        "LGPL-3.0-only",
    ),
    (
        "License :: OSI Approved :: GNU Lesser General Public License v3 or later (LGPLv3+)",
        "LGPL-3.0-or-later",
    ),
    (
        "License :: OSI Approved :: GNU Affero General Public License v3",
        "AGPL-3.0-only",
    ),
    (
        "License :: OSI Approved :: GNU Affero General Public License v3 or later (AGPLv3+)",
        "AGPL-3.0-or-later",
    ),
    (
        "License :: OSI Approved :: The Unlicense (Unlicense)",
        "Unlicense",
    ),
    (
        "License :: CC0 1.0 Universal (CC0 1.0) Public Domain Dedication",
        "CC0-1.0",
    ),
];

fn by_classifier(metadata: &Metadata) -> Option<String> {
    let mut named = metadata.all("Classifier").filter(|field| {
        field.value.starts_with("License :: ") && field.value != "License :: OSI Approved"
    });
    let (first, second) = (named.next()?, named.next());
    let known = CLASSIFIERS
        .iter()
        .find(|(classifier, _)| *classifier == first.value);
    known
        .filter(|_| second.is_none())
        .map(|(_, expression)| (*expression).to_owned())
}

/// Maximum number of keywords that are read; a snippet accepts far fewer.
const MAX_KEYWORDS: usize = 1_000;

/// Splits the keywords at commas, or at blanks in metadata of old tools without a comma.
fn keywords(metadata: &Metadata) -> Vec<String> {
    let text = metadata.value("Keywords").unwrap_or_default();
    let parts: Vec<&str> = if text.contains(',') {
        text.split(',').collect()
    } else {
        text.split_whitespace().collect()
    };
    let mut seen = BTreeSet::new();
    let mut keywords: Vec<String> = Vec::new();
    for keyword in parts
        .into_iter()
        .take(MAX_KEYWORDS)
        .map(|part| one_line(part.trim_matches(['"', '\'', '[', ']'])))
    {
        if !keyword.is_empty() && seen.insert(keyword.to_ascii_lowercase()) {
            keywords.push(keyword);
        }
    }
    keywords
}

fn links(metadata: &Metadata) -> Links {
    let labelled = metadata
        .all("Project-URL")
        .filter_map(|field| field.value.split_once(','));
    let home = metadata.value("Home-page").map(|page| ("homepage", page));
    Links::of(labelled.chain(home))
}

fn entry_points(package: &Package) -> Vec<EntryPointFact> {
    let all = package.entry_points.iter().flat_map(|it| &it.all);
    all.map(|it| EntryPointFact {
        group: it.group.clone(),
        name: it.name.clone(),
        value: if it.attribute.is_empty() {
            it.module.clone()
        } else {
            format!("{}:{}", it.module, it.attribute)
        },
    })
    .collect()
}
