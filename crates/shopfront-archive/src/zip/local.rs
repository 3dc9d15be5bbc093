//! Local header of each member and the data after it, compared with the directory (APPNOTE
//! 6.3.10, 4.3.7 and 4.3.9).

use std::io::{self, Read, Seek};
use std::ops::Range;

use super::bytes::{u16_at, u32_at, u64_at};
use super::directory::Entry;
use super::extra::{self, Extra};
use crate::AnomalyKind::{Ambiguous, Corrupt};
use crate::notes::AnomalyLog;
use crate::source::Source;

const HEADER: &[u8] = b"PK\x03\x04";
/// Size in bytes of the header before the name.
pub(super) const HEADER_LEN: u64 = 30;
const DESCRIPTOR: &[u8] = b"PK\x07\x08";
/// Sizes and checksum follow the data.
const HAS_DESCRIPTOR: u16 = 1 << 3;
/// Flags that affect reading: encryption, and the location of the sizes. The others are hints,
/// and tools differ in them.
const FLAGS_THAT_MATTER: u16 = 1 | HAS_DESCRIPTOR | 1 << 5 | 1 << 6 | 1 << 13;

/// Returns the packed bytes of `entry`, whose next neighbor begins at `end`. Returns `None`, with
/// an anomaly, if there is no header at the declared offset, or not enough data after it.
pub(super) fn read<R: Read + Seek>(
    source: &mut Source<R>,
    entry: &Entry,
    end: u64,
    notes: &mut AnomalyLog,
) -> io::Result<Option<Range<u64>>> {
    let header = source
        .bytes(entry.at, HEADER_LEN as usize)?
        .filter(|it| it.starts_with(HEADER));
    let Some(header) = header else {
        notes.member(
            Corrupt,
            &entry.name,
            "does not begin where the directory says",
        );
        return Ok(None);
    };
    let [name_len, extra_len] = [26, 28].map(|at| usize::from(u16_at(&header, at)));
    let Some(words) = source.bytes(entry.at + HEADER_LEN, name_len + extra_len)? else {
        notes.member(Corrupt, &entry.name, "breaks off within its header");
        return Ok(None);
    };
    let (name, extra) = words.split_at(name_len);
    judge(entry, &header, name, extra, notes);
    let start = entry.at + HEADER_LEN + words.len() as u64;
    let Some(data_end) = start
        .checked_add(entry.packed)
        .filter(|data_end| *data_end <= end)
    else {
        notes.member(Ambiguous, &entry.name, "overlaps what follows it");
        return Ok(None);
    };
    behind(source, entry, data_end..end, notes)?;
    Ok(Some(start..data_end))
}

/// Compares the header with the directory.
fn judge(entry: &Entry, header: &[u8], name: &[u8], extra: &[u8], notes: &mut AnomalyLog) {
    let mut differs = |says: &str| notes.member(Ambiguous, &entry.name, says);
    if name != entry.name_bytes() {
        differs(&format!(
            "is called `{}` in its own header",
            super::super::names::cut(&String::from_utf8_lossy(name))
        ));
    }
    if (u16_at(header, 6) ^ entry.flags) & FLAGS_THAT_MATTER != 0 {
        differs("has other flags in its own header than in the directory");
    }
    if u16_at(header, 8) != entry.method {
        differs("has another method of compression in its own header than in the directory");
    }
    let said = [u32_at(header, 22), u32_at(header, 18), 0];
    let Extra { size, packed, .. } = extra::read(extra, said, name, &mut differs);
    let crc = u32_at(header, 14);
    // With a descriptor, tools write zero here, or the values of the directory.
    let may_be_unknown = entry.flags & HAS_DESCRIPTOR != 0;
    let agrees = |here: u64, there: u64| here == there || (may_be_unknown && here == 0);
    if !agrees(size, entry.size) || !agrees(packed, entry.packed) {
        differs("has other sizes in its own header than in the directory");
    }
    if !agrees(crc.into(), entry.crc.into()) {
        differs("has another checksum in its own header than in the directory");
    }
}

/// Checks the data between a member and the next one: a descriptor if announced, otherwise
/// nothing.
fn behind<R: Read + Seek>(
    source: &mut Source<R>,
    entry: &Entry,
    room: Range<u64>,
    notes: &mut AnomalyLog,
) -> io::Result<()> {
    let count = room.end - room.start;
    if entry.flags & HAS_DESCRIPTOR == 0 {
        if count > 0 {
            notes.member(
                Ambiguous,
                &entry.name,
                format!("is followed by {count} bytes that belong to no member"),
            );
        }
        return Ok(());
    }
    let descriptor = match count {
        12 | 16 | 20 | 24 => source.bytes(room.start, count as usize)?,
        _ => None,
    };
    let is_right = descriptor.is_some_and(|it| {
        let numbers = if matches!(count, 16 | 24) {
            it.strip_prefix(DESCRIPTOR).unwrap_or_default()
        } else {
            &it
        };
        let (crc, packed, size) = match numbers.len() {
            12 => (
                u32_at(numbers, 0),
                u32_at(numbers, 4).into(),
                u32_at(numbers, 8).into(),
            ),
            _ => (u32_at(numbers, 0), u64_at(numbers, 4), u64_at(numbers, 12)),
        };
        !numbers.is_empty() && (crc, packed, size) == (entry.crc, entry.packed, entry.size)
    });
    if !is_right {
        notes.member(
            Ambiguous,
            &entry.name,
            "is not followed by the sizes and the checksum that the directory says",
        );
    }
    Ok(())
}
