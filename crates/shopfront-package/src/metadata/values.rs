//! Validation of fields and their values against the core metadata specification.

use std::ops::Range;
use std::str::FromStr;

use pep440_rs::{Version, VersionSpecifiers};

use super::super::ParseIssue;
use super::{Field, Metadata};
use crate::requirement::{self, Reading};
use shopfront_text::names::{is_project, nearest};
use shopfront_text::one_line;

/// Versions of the format. 2.0 was never accepted as a standard, but tools wrote it for years.
const VERSIONS: &[&str] = &[
    "1.0", "1.1", "1.2", "2.0", "2.1", "2.2", "2.3", "2.4", "2.5",
];

/// Fields that may occur at most once.
const SINGLE: &[&str] = &[
    "metadata-version",
    "name",
    "version",
    "summary",
    "description",
    "description-content-type",
    "keywords",
    "home-page",
    "download-url",
    "author",
    "author-email",
    "maintainer",
    "maintainer-email",
    "license",
    "license-expression",
    "requires-python",
];

/// Fields that may occur more than once.
const MULTIPLE: &[&str] = &[
    "platform",
    "supported-platform",
    "classifier",
    "requires",
    "requires-dist",
    "requires-external",
    "provides",
    "provides-dist",
    "provides-extra",
    "obsoletes",
    "obsoletes-dist",
    "project-url",
    "license-file",
    "dynamic",
    "import-name",
    "import-namespace",
];

/// Maximum number of problems; more add no information.
const MOST_FLAWS: usize = 50;

/// Maximum length in bytes of a value that is parsed; longer untrusted values match no grammar.
const LONGEST: usize = 16 << 10;

/// Maximum number of bytes of values that are validated; the metadata of 1000 requirements has a
/// tenth of it.
const MOST_BYTES: usize = 1 << 20;

/// Returns all problems of the fields of `metadata`, which was read from `text`.
pub(super) fn flaws(metadata: &Metadata, text: &str) -> Vec<ParseIssue> {
    if metadata.fields.is_empty() {
        let says = "the metadata has no field; it ends at its first blank line".to_owned();
        return vec![ParseIssue {
            bytes: first_line(text),
            says,
            help: None,
        }];
    }
    let mut flaws = Vec::new();
    for required in ["Metadata-Version", "Name", "Version"] {
        if metadata.one(required).is_none() && metadata.is_whole {
            let bytes = first_line(text);
            flaws.push(ParseIssue {
                bytes,
                says: format!("the metadata has no `{required}`"),
                help: None,
            });
        }
    }
    let (mut seen, mut read): (Vec<&str>, usize) = (Vec::new(), 0);
    for field in &metadata.fields {
        read += field.value.len().min(LONGEST);
        if flaws.len() >= MOST_FLAWS || read > MOST_BYTES {
            break;
        }
        let name = field.name.to_ascii_lowercase();
        if let Some(single) = SINGLE.iter().find(|it| **it == name) {
            if seen.contains(single) {
                flaws.push(at(
                    field,
                    format!("`{}` stands twice in the metadata", field.name),
                    "keep one; readers take different ones",
                ));
            }
            seen.push(single);
        }
        flaws.extend(of_value(&name, field));
    }
    if let (Some(field), Some(_)) = (metadata.one("Description"), &metadata.body) {
        flaws.push(at(
            field,
            "the metadata has two long descriptions, a field and a body".to_owned(),
            "keep the body",
        ));
    }
    flaws
}

fn first_line(text: &str) -> Range<usize> {
    0..text.find(['\r', '\n']).unwrap_or(text.len())
}

fn at(field: &Field, says: String, help: &str) -> ParseIssue {
    ParseIssue {
        bytes: field.bytes.clone(),
        says,
        help: Some(help.to_owned()).filter(|it| !it.is_empty()),
    }
}

/// Returns the problem of a field's value. The type of the description is validated with the
/// description itself. Old tools wrote an empty value or `UNKNOWN` for a missing one.
fn of_value(name: &str, field: &Field) -> Option<ParseIssue> {
    let value = field.value.trim();
    if value.is_empty() || value == super::NOTHING {
        return None;
    }
    let fault_of: fn(&str) -> Option<Fault> = match name {
        "metadata-version" => metadata_version,
        "name" | "provides-extra" => project_name,
        "version" => version,
        "summary" => summary,
        "requires-dist" => requires_dist,
        "requires-python" => specifiers,
        "license-expression" => license_expression,
        "license-file" => license_file,
        "project-url" => project_url,
        "dynamic" => dynamic,
        "import-name" | "import-namespace" => import_name,
        _ => return None,
    };
    let Fault { says, help } = if value.len() > LONGEST {
        fault("is longer than any reader takes")
    } else {
        fault_of(value)?
    };
    let shown = one_line(value, 120);
    Some(ParseIssue {
        bytes: field.bytes.clone(),
        says: format!("`{}: {shown}` {says}", field.name),
        help,
    })
}

/// Problem of a value, worded to follow it.
struct Fault {
    says: String,
    help: Option<String>,
}

#[allow(clippy::unnecessary_wraps, reason = "the last expression of each rule")]
fn fault(says: impl Into<String>) -> Fault {
    Fault {
        says: says.into(),
        help: None,
    }
}

fn cured(says: impl Into<String>, help: impl Into<String>) -> Fault {
    Fault {
        says: says.into(),
        help: Some(help.into()),
    }
}

fn metadata_version(value: &str) -> Option<Fault> {
    let help = "versions 1.0 to 2.5 are known";
    (!VERSIONS.contains(&value))
        .then(|| cured("is a version of the metadata that nobody knows", help))
}

fn project_name(value: &str) -> Option<Fault> {
    let help =
        "a name has letters, digits, `-`, `_` and `.`, and begins and ends with a letter or digit";
    (!is_project(value)).then(|| cured("is no name (PEP 508)", help))
}

fn version(value: &str) -> Option<Fault> {
    Version::from_str(value).err().map(|_| {
        cured(
            "is no version (PEP 440)",
            "write it as `1.2.3`, `1.2.3rc1` or `1.2.3.post1`",
        )
    })
}

fn summary(value: &str) -> Option<Fault> {
    value.contains('\n').then(|| {
        cured(
            "has more than one line",
            "keep the first line; the rest belongs in the long description",
        )
    })
}

fn requires_dist(value: &str) -> Option<Fault> {
    let Reading::Broken(why) = requirement::read(value) else {
        return None;
    };
    Some(cured(
        format!("is no requirement (PEP 508): {}", one_line(&why, 160)),
        "write it as `name>=1.2` or `name[extra]>=1.2; python_version < '3.12'`",
    ))
}

fn specifiers(value: &str) -> Option<Fault> {
    // Python's parser accepts a trailing comma.
    let plain = value.trim_end_matches(',').trim_end();
    VersionSpecifiers::from_str(plain).err().map(|_| {
        cured(
            "is no set of version specifiers (PEP 440)",
            "write it as `>=3.11`",
        )
    })
}

fn license_expression(value: &str) -> Option<Fault> {
    let lax = spdx::ParseMode {
        allow_deprecated: true,
        allow_slash_as_or_operator: false,
        ..spdx::ParseMode::STRICT
    };
    let is_sound = |text: &str| spdx::Expression::parse_mode(text, lax).is_ok();
    if is_sound(value) {
        return None;
    }
    // SPDX identifiers are compared without case (PEP 639), so a difference in case alone is not
    // an error.
    let better = spdx::Expression::canonicalize(value)
        .ok()
        .flatten()
        .filter(|better| is_sound(better));
    match better {
        Some(better) if better.eq_ignore_ascii_case(value) => None,
        Some(better) => Some(cured("is no SPDX expression", format!("write `{better}`"))),
        None => Some(cured(
            "is no SPDX expression",
            "take the identifiers from https://spdx.org/licenses/, such as `MIT OR Apache-2.0`",
        )),
    }
}

fn license_file(value: &str) -> Option<Fault> {
    let is_plain = !value.starts_with('/')
        && !value.contains(['\\', '*'])
        && value
            .split('/')
            .all(|part| !matches!(part, "" | "." | ".."));
    (!is_plain).then(|| {
        cured(
            "is no plain path below the folder of the metadata",
            "name one file, with `/`",
        )
    })
}

fn project_url(value: &str) -> Option<Fault> {
    let is_pair = value
        .split_once(',')
        .is_some_and(|(label, url)| !label.trim().is_empty() && !url.trim().is_empty());
    (!is_pair).then(|| {
        cured(
            "is no label and address",
            "write it as `Source, https://git.example/name`",
        )
    })
}

fn dynamic(value: &str) -> Option<Fault> {
    let name = value.to_ascii_lowercase();
    if matches!(name.as_str(), "metadata-version" | "name" | "version") {
        return Some(fault(
            "names a field that must never change between source and wheel",
        ));
    }
    let known = || SINGLE.iter().chain(MULTIPLE).copied();
    if known().any(|it| it == name) {
        return None;
    }
    let help = nearest(&name, known()).map(|it| format!("did you mean `{it}`?"));
    Some(Fault {
        says: "names a field that nobody knows".to_owned(),
        help,
    })
}

fn import_name(value: &str) -> Option<Fault> {
    // PEP 794: a dotted name, optionally followed by `; private`. An empty one declares no
    // importable modules.
    let (name, mark) = value.split_once(';').unwrap_or((value, "private"));
    let is_identifier = |part: &str| {
        let mut characters = part.chars();
        characters
            .next()
            .is_some_and(|it| it.is_alphabetic() || it == '_')
            && characters.all(|it| it.is_alphanumeric() || it == '_')
    };
    let is_sound = name.trim().split('.').all(is_identifier) && mark.trim() == "private";
    (!is_sound).then(|| {
        cured(
            "is no name of a module",
            "write it as `package.module` or `package.module; private`",
        )
    })
}
