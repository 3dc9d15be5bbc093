//! Directory of a zip: one header per member (APPNOTE 6.3.10, 4.3.12).

use std::io::{self, Read, Seek};

use super::bytes::{u16_at, u32_at};
use super::end::Frame;
use super::extra::{self, Extra};
use crate::AnomalyKind::{Ambiguous, Link, TooLarge, Unreadable};
use crate::notes::AnomalyLog;
use crate::source::Source;
use crate::{Limits, Member, MemberKind};

const HEADER: &[u8] = b"PK\x01\x02";
const HEADER_LEN: usize = 46;
/// Encrypted, patched data, strongly encrypted, masked headers.
const NEEDS_MORE: u16 = 1 | 1 << 5 | 1 << 6 | 1 << 13;
/// 6.3 (APPNOTE 6.3.10, 4.4.3): Python's `zipfile` rejects later versions.
const NEWEST_VERSION: u8 = 63;
/// UTF-8 name.
const IS_UTF8: u16 = 1 << 11;

/// Directory header of one member.
pub(super) struct Entry {
    /// Name as written in the directory; invalid UTF-8 is replaced.
    pub(super) name: String,
    /// Original name, if `name` differs.
    pub(super) other_bytes: Option<Vec<u8>>,
    pub(super) kind: MemberKind,
    pub(super) flags: u16,
    pub(super) method: u16,
    pub(super) crc: u32,
    pub(super) packed: u64,
    pub(super) size: u64,
    /// Offset of its local header.
    pub(super) at: u64,
}

impl Entry {
    pub(super) fn name_bytes(&self) -> &[u8] {
        self.other_bytes.as_deref().unwrap_or(self.name.as_bytes())
    }

    /// Returns `true` if installers can unpack it.
    pub(super) fn is_plain(&self) -> bool {
        self.flags & NEEDS_MORE == 0 && matches!(self.method, 0 | 8)
    }

    pub(super) fn member(&self) -> Member {
        Member {
            name: self.name.clone(),
            kind: self.kind,
            size: self.size,
            sha256: None,
            sha1: None,
            bytes: None,
        }
    }
}

/// Reads the directory as far as possible. Returns `None`, with an anomaly, if it is too large.
pub(super) fn read<R: Read + Seek>(
    source: &mut Source<R>,
    frame: &Frame,
    limits: &Limits,
    notes: &mut AnomalyLog,
) -> io::Result<Option<Vec<Entry>>> {
    if frame.count > limits.members as u64 {
        notes.whole(
            TooLarge,
            format!(
                "says that it has {} members; {} is the most",
                frame.count, limits.members
            ),
        );
        return Ok(None);
    }
    if frame.len > limits.names {
        notes.whole(
            TooLarge,
            format!(
                "has a directory of {} bytes; {} is the most",
                frame.len, limits.names
            ),
        );
        return Ok(None);
    }
    source.hold(frame.start..frame.start + frame.len)?;
    let bytes = source
        .bytes(
            frame.start,
            usize::try_from(frame.len).unwrap_or(usize::MAX),
        )?
        .unwrap_or_default();
    let (mut rest, mut entries) = (bytes.as_slice(), Vec::new());
    while !rest.is_empty() && entries.len() <= limits.members {
        let Some((entry, after)) = entry(rest, frame, notes) else {
            notes.whole(
                Unreadable,
                format!(
                    "has a directory that breaks off behind {} members",
                    entries.len()
                ),
            );
            break;
        };
        entries.push(entry);
        rest = after;
    }
    if rest.is_empty() && entries.len() as u64 != frame.count {
        // Python reads to the end of the directory, others the announced number of members.
        notes.whole(
            Ambiguous,
            format!(
                "says that it has {} members, and its directory has {}",
                frame.count,
                entries.len()
            ),
        );
    }
    Ok(Some(entries))
}

/// Returns the entry at the start of `bytes`, and the rest.
fn entry<'b>(bytes: &'b [u8], frame: &Frame, notes: &mut AnomalyLog) -> Option<(Entry, &'b [u8])> {
    let (header, rest) = bytes
        .split_at_checked(HEADER_LEN)
        .filter(|(header, _)| header.starts_with(HEADER))?;
    let [name_len, extra_len, comment_len] = [28, 30, 32].map(|at| usize::from(u16_at(header, at)));
    let (name, rest) = rest.split_at_checked(name_len)?;
    let (extra, rest) = rest.split_at_checked(extra_len)?;
    let (_, rest) = rest.split_at_checked(comment_len)?;
    let flags = u16_at(header, 8);
    let text = String::from_utf8_lossy(name).into_owned();
    judge_name(name, &text, flags, notes);
    let said = [u32_at(header, 24), u32_at(header, 20), u32_at(header, 42)];
    let Extra { size, packed, at } = extra::read(extra, said, name, |says| {
        notes.member(Ambiguous, &text, says)
    });
    let entry = Entry {
        other_bytes: (text.as_bytes() != name).then(|| name.to_vec()),
        kind: kind(u32_at(header, 38) >> 16, &text),
        flags,
        method: u16_at(header, 10),
        crc: u32_at(header, 16),
        packed,
        size,
        at: at.saturating_add(frame.shift),
        name: text,
    };
    judge(&entry, u16_at(header, 34), header[6], notes);
    Some((entry, rest))
}

fn judge_name(name: &[u8], text: &str, flags: u16, notes: &mut AnomalyLog) {
    if std::str::from_utf8(name).is_err() {
        notes.member(Ambiguous, text, "has a name that is not UTF-8");
    } else if !name.is_ascii() && flags & IS_UTF8 == 0 {
        // Python decodes such a name as code page 437.
        notes.member(Ambiguous, text, "has a name that does not say that it is UTF-8, and that readers spell in different ways");
    }
}

/// Returns the type for the Unix mode, independent of the declared system: installers do the
/// same.
fn kind(mode: u32, name: &str) -> MemberKind {
    match mode & 0o170_000 {
        0o120_000 => MemberKind::Link,
        0 | 0o100_000 | 0o040_000 if name.ends_with('/') => MemberKind::Folder,
        0 | 0o100_000 => MemberKind::File,
        _ => MemberKind::Other,
    }
}

/// Checks one entry. `needs` is the required version of the format, times ten.
fn judge(entry: &Entry, disk: u16, needs: u8, notes: &mut AnomalyLog) {
    match entry.kind {
        MemberKind::Link => notes.member(Link, &entry.name, "is a symbolic link"),
        MemberKind::Other => notes.member(Link, &entry.name, "is neither a file nor a folder"),
        MemberKind::Folder if entry.size > 0 => notes.member(
            Ambiguous,
            &entry.name,
            "is a folder by its name, and holds bytes",
        ),
        MemberKind::File | MemberKind::Folder => {}
    }
    if entry.flags & NEEDS_MORE != 0 {
        notes.member(Unreadable, &entry.name, "is encrypted");
    } else if !entry.is_plain() {
        notes.member(
            Unreadable,
            &entry.name,
            format!(
                "is compressed by {}, which installers do not know",
                method(entry.method)
            ),
        );
    } else if entry.method == 0 && entry.packed != entry.size {
        notes.member(
            Ambiguous,
            &entry.name,
            format!(
                "is stored as it is, and says that its {} bytes are {}",
                entry.packed, entry.size
            ),
        );
    }
    if needs > NEWEST_VERSION {
        let says = format!(
            "wants a reader of version {}.{} of the format; installers know {}.{}",
            needs / 10,
            needs % 10,
            NEWEST_VERSION / 10,
            NEWEST_VERSION % 10
        );
        notes.member(Unreadable, &entry.name, says);
    }
    if disk != 0 {
        notes.member(
            Unreadable,
            &entry.name,
            "lies in another part of an archive of several",
        );
    }
}

/// Returns the common name of a compression method (APPNOTE 6.3.10, 4.4.5).
fn method(number: u16) -> String {
    match number {
        1 => "method 1 (shrink)".to_owned(),
        6 => "method 6 (implode)".to_owned(),
        9 => "method 9 (deflate64)".to_owned(),
        12 => "method 12 (bzip2)".to_owned(),
        14 => "method 14 (lzma)".to_owned(),
        93 => "method 93 (zstd)".to_owned(),
        95 => "method 95 (xz)".to_owned(),
        other => format!("method {other}"),
    }
}
