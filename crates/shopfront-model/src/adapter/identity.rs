//! Whether a package is the release that its registry, or its snippet, says it is.

use std::str::FromStr;

use pep440_rs::Version;

use super::HostVersions;
use crate::answers::{Project, Release};
use crate::catalogue::{Host, Snippet};
use crate::registry_rules;

/// What a package calls itself, where it is called identity_mismatch from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IdentityMismatch {
    /// Its name.
    Name(String),
    /// Its version.
    Version(String),
}

/// How the package of `release` calls itself, where that is not what its registry or `snippet`
/// calls it: no host is given that one, for it would know it under the other name for ever.
pub fn identity_mismatch(
    host: &Host,
    snippet: &Snippet,
    release: &Release,
) -> Option<IdentityMismatch> {
    let called = host
        .adapter
        .reader()?
        .called(release.contents_of(host.kind.name)?);
    let source = &snippet.source;
    let is_known_by_name = registry_rules::find(source.registry)
        .is_some_and(|registry| registry.knows_packages_by_name());
    if let Some(name) = called
        .name
        .filter(|name| is_known_by_name && *name != source.name)
    {
        return Some(IdentityMismatch::Name(name));
    }
    // A branch, or whatever else somebody named, is no version.
    let version = called
        .version
        .filter(|_| snippet.locator.reference.is_none())?;
    let is_same = if source.has_registry() {
        is_one(&version, &release.version)
    } else {
        version == release.version
    };
    (!is_same).then_some(IdentityMismatch::Version(version))
}

/// The major versions of `host` that `release` fits; none of one whose package is another.
pub fn compatible_majors(
    host: &Host,
    versions: &HostVersions,
    snippet: &Snippet,
    project: &Project,
    release: &Release,
) -> Vec<usize> {
    match identity_mismatch(host, snippet, release) {
        Some(_) => Vec::new(),
        None => host.adapter.compatible_majors(versions, project, release),
    }
}

/// Tags are written as people like; a snippet has to say what the package says, for hosts tell
/// versions apart by their text.
fn is_one(one: &str, other: &str) -> bool {
    let parsed = |text: &str| Version::from_str(text).ok();
    one == other || parsed(one).is_some_and(|version| parsed(other) == Some(version))
}
