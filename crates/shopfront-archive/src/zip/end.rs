//! Location of a zip's directory, by the records at its end (APPNOTE 6.3.10, 4.3.14 to 4.3.16).

use std::io::{self, Read, Seek};

use super::bytes::{u16_at, u32_at, u64_at};
use crate::AnomalyKind::{Ambiguous, Unreadable};
use crate::notes::AnomalyLog;
use crate::source::Source;

const END: &[u8] = b"PK\x05\x06";
const END_LEN: usize = 22;
const LOCATOR: &[u8] = b"PK\x06\x07";
const LOCATOR_LEN: usize = 20;
const END64: &[u8] = b"PK\x06\x06";
const END64_LEN: usize = 56;
/// Size of the longest comment and of the records before it.
const REACH: u64 = (u16::MAX as usize + END_LEN + LOCATOR_LEN + END64_LEN) as u64;

/// Location of a zip's directory.
pub(super) struct Frame {
    /// Offset of its first byte.
    pub(super) start: u64,
    /// Size in bytes.
    pub(super) len: u64,
    /// Declared number of members.
    pub(super) count: u64,
    /// Number of bytes before the archive that its offsets do not include.
    pub(super) shift: u64,
}

/// Contents of the end records; with zip64, of its record.
struct Said {
    count: u64,
    len: u64,
    start: u64,
    /// Required end of the directory.
    end: u64,
}

/// Finds the directory. Returns `None`, with an anomaly, if there is none. `tail` is the number
/// of bytes that are read from the end at once.
pub(super) fn find<R: Read + Seek>(
    source: &mut Source<R>,
    tail: u64,
    notes: &mut AnomalyLog,
) -> io::Result<Option<Frame>> {
    let len = source.len();
    let (tail_start, tail) = source.hold_tail(tail.max(REACH))?;
    // No parser searches for an end record before this offset.
    let first = tail.len().saturating_sub(END_LEN + usize::from(u16::MAX));
    let places: Vec<usize> = (first..tail.len().saturating_sub(END_LEN - 1))
        .filter(|at| tail[*at..].starts_with(END))
        .collect();
    let end_of = |at: usize| at + END_LEN + usize::from(u16_at(tail, at + 20));
    let exact: Vec<usize> = places
        .iter()
        .copied()
        .filter(|at| end_of(*at) == tail.len())
        .collect();
    let Some(at) = exact.last().or(places.last()).copied() else {
        notes.whole(
            Unreadable,
            "is no zip: it has no end record, so it was cut off or is another file",
        );
        return Ok(None);
    };
    judge_end(tail, at, &exact, notes);
    let end_at = tail_start + at as u64;
    let end = tail[at..at + END_LEN].to_vec();
    let Some(said) = said(source, end_at, &end, notes)? else {
        return Ok(None);
    };
    // Python uses the directory that ends at the start of the records, and ignores the declared
    // offset.
    let Some(start) = said.end.checked_sub(said.len).filter(|start| *start <= len) else {
        notes.whole(
            Unreadable,
            "says that its directory is larger than the archive",
        );
        return Ok(None);
    };
    let Some(shift) = start.checked_sub(said.start) else {
        notes.whole(Unreadable, "says that its directory lies where it can not");
        return Ok(None);
    };
    if shift > 0 {
        notes.whole(
            Ambiguous,
            format!("has {shift} bytes in front that the places in its directory do not count"),
        );
    }
    Ok(Some(Frame {
        start,
        len: said.len,
        count: said.count,
        shift,
    }))
}

/// Checks the data around the end record at `at`.
fn judge_end(tail: &[u8], at: usize, exact: &[usize], notes: &mut AnomalyLog) {
    let (behind, comment) = (
        tail.len() - at - END_LEN,
        usize::from(u16_at(tail, at + 20)),
    );
    if exact.is_empty() {
        let says = if behind < comment {
            "breaks off within its comment".to_owned()
        } else {
            format!("has {} bytes behind its end", behind - comment)
        };
        notes.whole(Ambiguous, says);
    } else if comment > 0 {
        // Parsers that search backwards may find another end record in it.
        notes.whole(
            Ambiguous,
            format!("has a comment of {comment} bytes behind its directory"),
        );
    }
    if exact.len() > 1 {
        notes.whole(
            Ambiguous,
            format!(
                "has {} end records, of which readers choose different ones",
                exact.len()
            ),
        );
    }
}

/// Returns the contents of the record at `end_at` and of the zip64 records before it.
fn said<R: Read + Seek>(
    source: &mut Source<R>,
    end_at: u64,
    end: &[u8],
    notes: &mut AnomalyLog,
) -> io::Result<Option<Said>> {
    let [disk, directory_disk, here, count] = [4, 6, 8, 10].map(|at| u16_at(end, at));
    let (len, start) = (u32_at(end, 12), u32_at(end, 16));
    let locator = match end_at.checked_sub(LOCATOR_LEN as u64) {
        Some(at) => source
            .bytes(at, LOCATOR_LEN)?
            .filter(|it| it.starts_with(LOCATOR)),
        None => None,
    };
    let is_one_disk = |number: u16| number == 0 || (number == u16::MAX && locator.is_some());
    if !is_one_disk(disk) || !is_one_disk(directory_disk) {
        notes.whole(Unreadable, "is one part of an archive of several");
        return Ok(None);
    }
    if here != count {
        notes.whole(
            Ambiguous,
            format!("says that it has {count} members, and that it has {here}"),
        );
    }
    let short = Said {
        count: count.into(),
        len: len.into(),
        start: start.into(),
        end: end_at,
    };
    match locator {
        Some(locator) => said64(source, &locator, &short, notes),
        None => Ok(Some(short)),
    }
}

/// Returns the contents of the zip64 record of `locator`, after a comparison with the short
/// record.
fn said64<R: Read + Seek>(
    source: &mut Source<R>,
    locator: &[u8],
    short: &Said,
    notes: &mut AnomalyLog,
) -> io::Result<Option<Said>> {
    // Python reads directly before the locator, others at its offset.
    let at = short.end.checked_sub((LOCATOR_LEN + END64_LEN) as u64);
    let record = match at {
        Some(at) => source
            .bytes(at, END64_LEN)?
            .filter(|it| it.starts_with(END64)),
        None => None,
    };
    let (Some(at), Some(record)) = (at, record) else {
        notes.whole(
            Unreadable,
            "says that it is zip64, and has no such end record",
        );
        return Ok(None);
    };
    let long = Said {
        count: u64_at(&record, 32),
        len: u64_at(&record, 40),
        start: u64_at(&record, 48),
        end: at,
    };
    let is_whole =
        u64_at(&record, 4) == (END64_LEN - 12) as u64 && u64_at(&record, 24) == long.count;
    let is_one_disk = u32_at(&record, 16) == 0
        && u32_at(&record, 20) == 0
        && u32_at(locator, 4) == 0
        && u32_at(locator, 16) <= 1;
    if !is_whole || !is_one_disk {
        notes.whole(
            Ambiguous,
            "has a zip64 end record that does not agree with itself",
        );
    }
    let shift = at
        .checked_sub(long.len)
        .and_then(|start| start.checked_sub(long.start));
    if shift.is_none_or(|shift| u64_at(locator, 8).checked_add(shift) != Some(at)) {
        notes.whole(Ambiguous, "has a zip64 end record elsewhere than it says");
    }
    let agrees = |short: u64, most: u64, long: u64| short == most || short == long;
    let most = u64::from(u32::MAX);
    if !agrees(short.count, u16::MAX.into(), long.count)
        || !agrees(short.len, most, long.len)
        || !agrees(short.start, most, long.start)
    {
        notes.whole(Ambiguous, "has two end records that do not agree");
    }
    Ok(Some(long))
}
