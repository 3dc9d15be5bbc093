//! Names of members that leave their directory, or that some systems map to the same file.

use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::notes::AnomalyLog;
use super::{AnomalyKind, Form, Member, MemberKind};
use shopfront_text::{self as text, HiddenKind};

/// Checks the names of all members, individually and together.
pub(super) fn judge(members: &[Member], form: Form, notes: &mut AnomalyLog) {
    for member in members {
        alone(&member.name, notes);
    }
    together(members, form, notes);
}

/// Checks one name.
fn alone(name: &str, notes: &mut AnomalyLog) {
    if name.is_empty() {
        notes.member(AnomalyKind::Ambiguous, name, "has no name");
    }
    if name.contains('\0') {
        // Python's zipfile truncates the name there, other parsers do not.
        notes.member(
            AnomalyKind::Ambiguous,
            name,
            "has a NUL in its name, at which some readers cut it",
        );
    } else if name.contains(char::is_control) {
        notes.member(
            AnomalyKind::Ambiguous,
            name,
            "has a control character in its name",
        );
    } else if text::first_hidden(name)
        .is_some_and(|it| matches!(it.kind, HiddenKind::Bidirectional | HiddenKind::Invisible))
    {
        notes.member(
            AnomalyKind::Ambiguous,
            name,
            "has an invisible character in its name",
        );
    }
    if let Some(says) = escape(name) {
        notes.member(AnomalyKind::Escaping, name, says);
    }
}

/// Returns the reason why a path leaves the directory that it is unpacked into, on any system.
pub(super) fn escape(path: &str) -> Option<&'static str> {
    let mut characters = path.chars();
    let has_drive = characters.next().is_some_and(|it| it.is_ascii_alphabetic())
        && characters.next() == Some(':');
    if path.starts_with('/') {
        Some("has an absolute path")
    } else if has_drive {
        Some("has a drive in its path")
    } else if path.split(['/', '\\']).any(|part| part == "..") {
        Some("climbs out of its folder with `..`")
    } else if path.contains('\\') {
        Some("has a backslash in its path, which is a folder on Windows")
    } else {
        None
    }
}

/// Returns the significant components of a path: `./a//b` is `a/b`.
fn parts(path: &str) -> impl Iterator<Item = &str> {
    path.split('/')
        .filter(|part| !part.is_empty() && *part != ".")
}

/// Separator between the components of a key: in sorted order, the contents of a directory
/// directly follow it.
const BETWEEN: &str = "\0";

/// Returns a path as identified by file systems without case and with one normal form: Windows,
/// macOS.
fn key(path: &str) -> String {
    let path = parts(path).collect::<Vec<_>>().join(BETWEEN);
    if path.is_ascii() {
        return path.to_ascii_lowercase();
    }
    let lower: String = path.nfd().flat_map(char::to_lowercase).collect();
    if is_nfc(&lower) {
        lower
    } else {
        lower.nfc().collect()
    }
}

/// Compares names with each other. Equal keys are neighbors in sorted order: no pair is compared
/// twice.
fn together(members: &[Member], form: Form, notes: &mut AnomalyLog) {
    let mut sorted: Vec<(String, usize)> = members
        .iter()
        .enumerate()
        .map(|(at, member)| (key(&member.name), at))
        .collect();
    sorted.sort_unstable();
    let mut rest = sorted.as_slice();
    let mut before = "";
    while let Some((key, at)) = rest.first() {
        let name = members[*at].name.as_str();
        if let Some((one, other)) = folder_twins(before, name) {
            notes.member(
                AnomalyKind::CaseCollision,
                name,
                format!(
                    "lies in `{}`, and another member in `{}`",
                    cut(other),
                    cut(one)
                ),
            );
        }
        before = name;
        let (group, behind) =
            rest.split_at(rest.iter().take_while(|(other, _)| other == key).count());
        if group.len() > 1 {
            same(members, group, form, notes);
        }
        let is_file = group
            .iter()
            .any(|(_, at)| members[*at].kind != MemberKind::Folder);
        let lies_within = |(other, _): &(String, usize)| {
            other
                .strip_prefix(key.as_str())
                .is_some_and(|rest| rest.starts_with(BETWEEN))
        };
        if is_file && behind.first().is_some_and(lies_within) {
            notes.member(
                AnomalyKind::Duplicate,
                name,
                "is a file, and a folder that holds others",
            );
        }
        rest = behind;
    }
}

/// Reports members that are one file on some systems.
fn same(members: &[Member], group: &[(String, usize)], form: Form, notes: &mut AnomalyLog) {
    let first = &members[group[0].1];
    // A tar may list a directory several times, without loss. The public index rejects such zips.
    if form != Form::Zip
        && group
            .iter()
            .all(|(_, at)| members[*at].kind == MemberKind::Folder)
    {
        return;
    }
    let times = group
        .iter()
        .filter(|(_, at)| parts(&members[*at].name).eq(parts(&first.name)))
        .count();
    if times > 1 {
        let says = if times == 2 {
            "is stored twice".to_owned()
        } else {
            format!("is stored {times} times")
        };
        notes.member(AnomalyKind::Duplicate, &first.name, says);
    }
    let other = group
        .iter()
        .map(|(_, at)| &members[*at])
        .find(|other| !parts(&other.name).eq(parts(&first.name)));
    if let Some(other) = other {
        let differs = if other.name.eq_ignore_ascii_case(&first.name) {
            "case"
        } else {
            "case or in how Unicode composes it"
        };
        notes.member(
            AnomalyKind::CaseCollision,
            &first.name,
            format!("differs from `{}` only in {differs}", cut(&other.name)),
        );
    }
}

/// Returns the first directories of two neighbors that are different here and equal on some
/// systems.
fn folder_twins<'n>(one: &'n str, other: &'n str) -> Option<(&'n str, &'n str)> {
    let (a, b) = parts(one).zip(parts(other)).find(|(a, b)| a != b)?;
    // Names that are equal to their end have been reported as one file.
    let goes_on = |name: &str, part: &str| {
        parts(name)
            .last()
            .is_some_and(|last| !std::ptr::eq(last, part))
    };
    (goes_on(one, a) && goes_on(other, b) && key(a) == key(b)).then_some((a, b))
}

/// Truncates a name within the text of an anomaly.
pub(super) fn cut(name: &str) -> String {
    name.chars().take(120).collect()
}
