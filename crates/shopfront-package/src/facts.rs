//! What a package says of itself, as the fields of a snippet want it: gathered, cleaned, never
//! guessed.

use std::collections::BTreeSet;

use serde::Serialize;

use super::Package;
use super::file_name::FileName;
use super::lead::{self, LONGEST, first_sentence};
use super::metadata::Metadata;
use shopfront_text::names::normal_project;

/// What a package says of itself.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Facts {
    /// The name of its project, as it writes it.
    pub name: String,
    /// What it calls itself before people, where it says that apart from its name.
    pub title: Option<String>,
    /// Its version.
    pub version: String,
    /// One line.
    pub summary: Option<String>,
    /// What stands for a summary: where there is none, the first paragraph of the long
    /// description, or its first sentence, when it plainly is prose; where it is too long for
    /// a listing, its own first sentence.
    pub lead: Option<String>,
    /// Who made it: `Author`, else the name in `Author-email`, `Maintainer`, `Maintainer-email`.
    pub author: Option<String>,
    /// An SPDX expression; the free text of `License` where it is one.
    pub license: Option<String>,
    /// The free text of `License`, where nothing says the licence as an SPDX expression.
    pub license_text: Option<String>,
    /// Words to find it by.
    pub keywords: Vec<String>,
    /// Links by their well-known meaning.
    pub links: Links,
    /// Python versions (PEP 440 specifiers).
    pub requires_python: Option<String>,
    /// What it requires (PEP 508), as it writes it.
    pub requires_dist: Vec<String>,
    /// The modules that importing can begin with.
    pub modules: Vec<String>,
    /// Its entry points: group, name and what it names.
    pub entry_points: Vec<EntryPointFact>,
    /// The platforms that it is for; `any` for all.
    pub platforms: Vec<String>,
    /// How many files it holds.
    pub files: usize,
    /// Bytes of the package.
    pub size: u64,
    /// Bytes of its files, unpacked.
    pub unpacked: u64,
}

/// Links by their well-known meaning (the labels of PEP 753).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Links {
    /// Its own page.
    pub homepage: Option<String>,
    /// Its manual.
    pub documentation: Option<String>,
    /// Its source code.
    pub repository: Option<String>,
    /// Where faults are reported.
    pub issues: Option<String>,
}

/// One entry point.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EntryPointFact {
    /// The group: `datasette`.
    pub group: String,
    /// Its name.
    pub name: String,
    /// `module` or `module:attribute`.
    pub value: String,
}

impl Facts {
    /// What `package` says.
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
    /// The same, with a licence in free text as the expression that it is, where it is one.
    pub fn with_license_sorted(mut self) -> Facts {
        let is_expression = |text: &String| spdx::Expression::parse(text).is_ok();
        if self.license.is_none() && self.license_text.as_ref().is_some_and(is_expression) {
            self.license = self.license_text.take();
        }
        self
    }
}

impl Links {
    /// The links of a package by their labels, compared as PEP 753 says: without punctuation,
    /// blanks and case. Of several that mean one thing the first counts.
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

/// The first sentence of a summary that is too long for a listing.
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

/// Values of single-line fields may be folded over several.
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

/// The names in a list of addresses (RFC 5322): `Mira Example <mira@ocean.example>, Sol
/// <sol@ocean.example>` gives `Mira Example, Sol`; so does the old form, `mira@ocean.example (Mira
/// Example)`. Addresses alone give nothing: a store shows no e-mail addresses.
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

/// The parts between commas; one within quotes is part of a name.
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

/// The expression (PEP 639), else the free text where it is an SPDX expression as it stands or but
/// for its spelling, else the one licence that the classifiers name without doubt.
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

/// Names of licences that mean one and no other, in lower case; `BSD`, `GPL` and their like mean
/// several.
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

/// Classifiers that mean one licence; `BSD License` and its like mean several, and are no answer.
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

/// Keywords beyond these are not read; a snippet takes far fewer.
const MAX_KEYWORDS: usize = 1_000;

/// Separated by commas; by blanks in the metadata of old tools, where no comma is.
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
