//! Extraction of the files of a plugin from its archive. An archive with any anomaly is refused
//! completely.

use std::io::Cursor;

use super::listed::Listed;
use shopfront_archive::{
    self as archive, ArchiveScan, Depth, Form, Limits, MemberKind, ScanOptions,
};
use shopfront_text::digest;

/// Maximum size of a fetched archive, in bytes.
pub(super) const MAX_PACKED: u64 = 100_000_000;
/// Maximum size of all extracted files, and of one file, in bytes.
const MAX_UNPACKED: u64 = 256 << 20;
/// Maximum number of files and directories.
const MAX_MEMBERS: usize = 10_000;
/// Maximum depth of a file, and maximum length of its path.
const DEEPEST: usize = 20;
const LONGEST_PATH: usize = 400;

/// Files that the backend's installer looks for.
const NEEDED: [&str; 2] = ["__init__.py", "manifest.py"];

/// File of a plugin.
pub(super) struct Member {
    /// Path relative to the directory of the plugin: plain components separated by `/`.
    pub(super) path: String,
    pub(super) bytes: Vec<u8>,
}

/// Checks that the bytes are those that the store listed.
pub(super) fn verify(bytes: &[u8], plugin: &Listed) -> Result<(), String> {
    let found = digest::sha256(bytes);
    if found == plugin.sha256 {
        return Ok(());
    }
    Err(format!(
        "its archive is another one than the store listed: its SHA-256 is {found}, not {}",
        plugin.sha256
    ))
}

/// Returns the files of the plugin in the archive `bytes`.
pub(super) fn members(bytes: Vec<u8>, plugin: &Listed) -> Result<Vec<Member>, String> {
    let most = usize::try_from(MAX_UNPACKED).unwrap_or(usize::MAX);
    let limits = Limits {
        packed: MAX_PACKED,
        unpacked: MAX_UNPACKED,
        members: MAX_MEMBERS,
        kept: most,
        kept_in_all: most,
        ..Limits::of(100)
    };
    let look = ScanOptions {
        depth: Depth::Whole,
        keep: &|_| true,
    };
    let scan = archive::scan(Cursor::new(bytes), Form::Zip, &limits, &look)
        .map_err(|cause| format!("its archive can not be read: {cause}"))?;
    if let Some(anomaly) = scan.anomalies.first() {
        let whose = anomaly
            .member
            .as_deref()
            .map_or("its archive".to_owned(), |name| {
                format!("`{}` in its archive", name.escape_debug())
            });
        return Err(format!("{whose} {}", anomaly.says));
    }
    let root = root(&scan).ok_or_else(|| {
        format!(
            "its archive has no {} side by side at its top or in its one folder",
            NEEDED.join(" and ")
        )
    })?;
    let mut members = Vec::new();
    for member in scan
        .members
        .into_iter()
        .filter(|member| member.kind == MemberKind::File)
    {
        let Some(path) = member.name.strip_prefix(&root) else {
            continue;
        };
        if let Some(says) = fault_of(path) {
            return Err(format!(
                "`{}` in its archive {says}",
                member.name.escape_debug()
            ));
        }
        let bytes = member.bytes.ok_or_else(|| {
            format!(
                "`{}` in its archive is too large",
                member.name.escape_debug()
            )
        })?;
        members.push(Member {
            path: path.to_owned(),
            bytes,
        });
    }
    // The installer would select the inner directory, which was not checked.
    let inner = NEEDED.map(|file| format!("{}/{file}", plugin.name));
    if inner
        .iter()
        .all(|path| members.iter().any(|it| it.path == *path))
    {
        return Err(format!(
            "its archive has a second plugin in the folder `{}`",
            plugin.name
        ));
    }
    Ok(members)
}

/// Returns the directory of the plugin with a trailing slash: the archive itself, or its only
/// directory.
fn root(scan: &ArchiveScan) -> Option<String> {
    let has_all = |root: &str| {
        NEEDED
            .iter()
            .all(|file| scan.files().any(|it| it.name == format!("{root}{file}")))
    };
    if has_all("") {
        return Some(String::new());
    }
    let mut tops: Vec<&str> = scan
        .members
        .iter()
        .filter_map(|member| member.name.split('/').next())
        .collect();
    tops.dedup();
    let &[top] = tops.as_slice() else { return None };
    Some(format!("{top}/")).filter(|root| has_all(root))
}

/// Returns the reason why no file is written at `path`. The scan reports most of them earlier.
/// Paths that are not plain are refused here.
fn fault_of(path: &str) -> Option<&'static str> {
    let parts: Vec<&str> = path.split('/').collect();
    let is_plain = |part: &&str| {
        let has_odd = part.contains(|it: char| {
            it.is_control() || matches!(it, '\\' | ':' | '<' | '>' | '"' | '|' | '?' | '*')
        });
        !part.is_empty() && *part != "." && *part != ".." && !has_odd && !part.ends_with([' ', '.'])
    };
    if !parts.iter().all(is_plain) {
        return Some("has a name that is none on every system");
    }
    if parts.len() > DEEPEST || path.len() > LONGEST_PATH {
        return Some("lies too deep, or its path is too long");
    }
    None
}
