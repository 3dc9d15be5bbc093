//! Versions of Bitcart that a plugin declares as compatible.

use std::str::FromStr;

use pep440_rs::{Version, VersionSpecifiers};

/// Versions that a plugin allows.
pub(super) enum Constraint {
    /// All versions.
    Any,
    /// Versions of a specifier set (PEP 440).
    Set(VersionSpecifiers),
}

/// Error of an invalid constraint, with help.
pub(super) struct Fault {
    pub(super) says: String,
    pub(super) help: String,
}

impl Constraint {
    /// Parses a constraint. The installer appends `written` to `bitcart` and parses the result as
    /// a requirement (PEP 508). A URL, an extra, a marker and a bare number are therefore valid
    /// requirements, but do not limit the version. Only a specifier set does.
    pub(super) fn parse(written: &str) -> Result<Constraint, Fault> {
        const LONGEST: usize = 400;
        let text = written.trim();
        if text.is_empty() {
            return Ok(Constraint::Any);
        }
        if text.len() > LONGEST {
            return Err(Fault {
                says: format!("is longer than {LONGEST} characters"),
                help: HELP.to_owned(),
            });
        }
        VersionSpecifiers::from_str(text)
            .map(Constraint::Set)
            .map_err(|_| fault(text))
    }

    /// Returns `true` if `version` is allowed.
    pub(super) fn allows(&self, version: &Version) -> bool {
        match self {
            Constraint::Any => true,
            Constraint::Set(set) => set.contains(version),
        }
    }
}

const HELP: &str = "write a specifier set such as `>=0.10.0,<0.11`, or `\"\"` for any version";

fn fault(text: &str) -> Fault {
    let is_version = Version::from_str(text).is_ok();
    let (says, help) = match text.chars().next() {
        _ if is_version => (
            "has no operator, and the installer reads it as no limit at all",
            format!("write `>={text}` or `=={text}`"),
        ),
        Some('^') => (
            "is a range of npm, which the installer refuses",
            npm_range(text),
        ),
        _ if text.contains("&&") || text.contains("||") => (
            "joins ranges as other languages do, which the installer refuses",
            HELP.to_owned(),
        ),
        Some('@') => (
            "is an address, and the installer reads it as no limit at all",
            HELP.to_owned(),
        ),
        Some('[') => (
            "is an extra, and the installer reads what has no range as no limit at all",
            HELP.to_owned(),
        ),
        _ if text.contains(';') => (
            "has a marker, for which the installer does not look",
            HELP.to_owned(),
        ),
        _ => ("is no specifier set of PEP 440", HELP.to_owned()),
    };
    Fault {
        says: says.to_owned(),
        help,
    }
}

/// Returns the specifier set equivalent to `^0.10`.
fn npm_range(text: &str) -> String {
    let Ok(least) = Version::from_str(text.trim_start_matches('^').trim()) else {
        return HELP.to_owned();
    };
    let numbers: Vec<u64> = least.release().to_vec();
    // The first nonzero number may not change; if all are zero, the last one.
    let fixed = numbers
        .iter()
        .position(|number| *number > 0)
        .unwrap_or(numbers.len() - 1);
    let mut next: Vec<u64> = numbers[..=fixed].to_vec();
    next[fixed] = next[fixed].saturating_add(1);
    let next: Vec<String> = next.iter().map(u64::to_string).collect();
    format!("write `>={least},<{}`", next.join("."))
}
