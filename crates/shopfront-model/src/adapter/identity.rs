//! Comparison of a package with the name and version that its registry or snippet declares.

use std::str::FromStr;

use pep440_rs::Version;

use super::HostVersions;
use crate::answers::{Project, Release};
use crate::catalogue::{Host, Snippet};
use crate::registry_rules;

/// Identity that a package declares, if it differs from the registry or snippet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IdentityMismatch {
    /// Name that the package declares.
    Name(String),
    /// Version that the package declares.
    Version(String),
}

/// Returns the identity of the package of `release` if it differs from its registry or `snippet`.
/// Hosts do not get such a package: they would keep it under the wrong name permanently.
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
    // A branch name or another reference is not a version.
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

/// Returns the major versions of `host` that `release` fits; none if its identity does not match.
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

/// Tags have no fixed format. A snippet has to use the version of the package, because hosts
/// distinguish versions by their text.
fn is_one(one: &str, other: &str) -> bool {
    let parsed = |text: &str| Version::from_str(text).ok();
    one == other || parsed(one).is_some_and(|version| parsed(other) == Some(version))
}
