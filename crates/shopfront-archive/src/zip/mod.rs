//! Zip archives: wheels, and old source distributions.
//!
//! The records are parsed here, by the specification (APPNOTE 6.3.10), because lenient parsers
//! hide the relevant problems. These are duplicate names, unused bytes, and contradictory
//! records. The crate `zip` reads the same directory for comparison.

mod bytes;
mod directory;
mod end;
mod extra;
mod layout;
mod local;
mod member;
mod crosscheck;

use std::io::{self, Read, Seek};

use super::notes::AnomalyLog;
use super::source::Source;
use super::unpack::{KeepBudget, MemberSink};
use super::{AnomalyKind, ArchiveScan, Depth, Form, Limits, MemberKind, ScanOptions, names};
use directory::Entry;
use layout::{Layout, Slot};

/// Number of bytes at the end that are read at once if each read is a request. Build tools write
/// the metadata last: with a directory of ordinary size, these bytes contain all needed data.
const TAIL: u64 = 256 << 10;
/// Maximum gap in bytes between two needed members that are read at once.
const STEP: u64 = 64 << 10;

/// Scans a zip archive, see [`super::scan`].
pub(super) fn scan<R: Read + Seek>(
    bytes: R,
    limits: &Limits,
    look: &ScanOptions<'_>,
) -> io::Result<ArchiveScan> {
    let mut source = Source::new(bytes)?;
    let mut notes = AnomalyLog::default();
    let mut scan = ArchiveScan::of(source.len());
    if let Some((entries, layout)) = read(&mut source, limits, look.depth, &mut scan, &mut notes)? {
        let fits = layout::fits(&entries, scan.packed, limits, &mut notes);
        // Rejected archives are not unpacked; the few kept members still identify the package.
        let depth = if layout.is_sound && fits {
            look.depth
        } else {
            Depth::Directory
        };
        unpack(
            &mut source,
            &entries,
            &layout.slots,
            &mut KeepBudget::new(limits, look),
            depth,
            &mut scan,
            &mut notes,
        )?;
    }
    scan.anomalies = notes.into_oddities();
    Ok(scan)
}

/// Reads the directory into `scan`; returns its contents, if readable.
fn read<R: Read + Seek>(
    source: &mut Source<R>,
    limits: &Limits,
    depth: Depth,
    scan: &mut ArchiveScan,
    notes: &mut AnomalyLog,
) -> io::Result<Option<(Vec<Entry>, Layout)>> {
    if let Some(says) = limits.refuse_packed(scan.packed) {
        notes.whole(AnomalyKind::TooLarge, says);
        return Ok(None);
    }
    let tail = if depth == Depth::Directory { TAIL } else { 0 };
    let Some(frame) = end::find(source, tail, notes)? else {
        return Ok(None);
    };
    let Some(entries) = directory::read(source, &frame, limits, notes)? else {
        return Ok(None);
    };
    scan.members = entries.iter().map(Entry::member).collect::<Vec<_>>().into();
    scan.unpacked = entries
        .iter()
        .fold(0, |sum, entry| sum.saturating_add(entry.size));
    names::judge(scan.members.as_slice(), Form::Zip, notes);
    let layout = layout::of(&entries, &frame, notes);
    if !notes.has(AnomalyKind::Ambiguous) && !notes.has(AnomalyKind::Unreadable) {
        crosscheck::compare(source, &entries, notes)?;
    }
    Ok(Some((entries, layout)))
}

/// Unpacks the requested members: all, or only the kept ones.
fn unpack<R: Read + Seek>(
    source: &mut Source<R>,
    entries: &[Entry],
    slots: &[Slot],
    shelf: &mut KeepBudget<'_>,
    depth: Depth,
    scan: &mut ArchiveScan,
    notes: &mut AnomalyLog,
) -> io::Result<()> {
    let is_kept = kept(entries, shelf);
    let mut inflater = member::Inflater::default();
    let wanted: Vec<&Slot> = slots
        .iter()
        .filter(|slot| depth != Depth::Directory || is_kept[slot.index])
        .collect();
    for (place, slot) in wanted.iter().enumerate() {
        let entry = &entries[slot.index];
        // Members in memory are not planned again: an archive may have very many small members
        // that are kept.
        if depth == Depth::Directory && !source.holds(&(entry.at..slot.end)) {
            source.hold(entry.at..reach(&wanted[place..], entries))?;
        }
        let Some(data) = local::read(source, entry, slot.end, notes)? else {
            continue;
        };
        if entry.kind == MemberKind::Folder || !entry.is_plain() {
            continue;
        }
        let mut basin = if is_kept[slot.index] {
            MemberSink::keeping()
        } else {
            MemberSink::hashing()
        };
        let is_sound = inflater.unpack(source, entry, data, &mut basin, notes)?;
        let member = scan.members.at_mut(slot.index);
        scan.unpacked = scan
            .unpacked
            .saturating_sub(member.size)
            .saturating_add(basin.size);
        member.size = basin.size;
        if is_sound {
            (member.sha256, member.bytes) = basin.finish();
        }
    }
    Ok(())
}

/// Selects the members to keep: the needed ones, smallest first, within the budget.
fn kept(entries: &[Entry], shelf: &mut KeepBudget<'_>) -> Vec<bool> {
    let mut order: Vec<usize> = (0..entries.len()).collect();
    order.sort_by_key(|index| entries[*index].size);
    let mut is_kept = vec![false; entries.len()];
    for index in order {
        let entry = &entries[index];
        is_kept[index] = entry.kind == MemberKind::File
            && entry.is_plain()
            && shelf.takes(&entry.name, entry.size);
    }
    is_kept
}

/// Returns the end of a read that starts with the first of `wanted`: the end of the last nearby
/// member, at most 4 MiB.
fn reach(wanted: &[&Slot], entries: &[Entry]) -> u64 {
    const MOST: u64 = 4 << 20;
    let (mut start, mut end) = (None, 0);
    for slot in wanted {
        let at = entries[slot.index].at;
        let start = *start.get_or_insert(at);
        if end > 0 && (at > end + STEP || slot.end > start + MOST) {
            break;
        }
        end = slot.end.min(start + MOST);
    }
    end
}
