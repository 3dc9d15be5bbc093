//! What a list of PEP 508 requirements says of one project.

use std::str::FromStr;

use pep440_rs::{Version, VersionSpecifiers};
use pep508_rs::{Requirement, VerbatimUrl, VersionOrUrl};

use crate::names::normal_project;

/// The versions of a project that its dependants allow.
#[derive(Clone, Debug)]
pub struct Range {
    specifiers: Vec<VersionSpecifiers>,
    /// The requirements that say so, as their author wrote them.
    pub written: Vec<String>,
}

impl Range {
    /// Whether `version` is allowed; a pre-release is taken at its word, not left out as installers do.
    pub fn contains(&self, version: &Version) -> bool {
        self.specifiers.iter().all(|it| it.contains(version))
    }
}

/// What `required` says of `project` where no extra is asked for; `None` when it does not require it.
///
/// A requirement behind an extra does not count. One with a marker of the environment counts, but its range does
/// not: it may be meant for other machines than the reader's.
pub fn range_of(project: &str, required: &[String]) -> Option<Range> {
    let mut range = Range { specifiers: Vec::new(), written: Vec::new() };
    for written in required {
        if !begins_with_name(written, project) {
            continue;
        }
        let Ok(requirement) = Requirement::<VerbatimUrl>::from_str(written) else { continue };
        if !requirement.marker.evaluate_extras(&[]) {
            continue;
        }
        if let (Some(VersionOrUrl::VersionSpecifier(specifiers)), true) = (requirement.version_or_url, requirement.marker.is_true()) {
            range.specifiers.push(specifiers);
        }
        range.written.push(written.clone());
    }
    (!range.written.is_empty()).then_some(range)
}

/// Parsing a requirement is dear; most of a list are of other projects.
fn begins_with_name(written: &str, project: &str) -> bool {
    let end = written.find(|it: char| !(it.is_ascii_alphanumeric() || matches!(it, '.' | '_' | '-'))).unwrap_or(written.len());
    normal_project(&written[..end]) == project
}
