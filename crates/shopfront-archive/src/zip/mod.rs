//! Zip archives: wheels, and the source distributions of old.
//!
//! The records are read here, by the specification (APPNOTE 6.3.10), because what matters is what a lenient reader
//! hides: names that stand twice, bytes that belong to nobody, two places that disagree. The crate `zip` reads the same
//! directory as a second opinion.

mod bytes;
mod directory;
mod end;
mod extra;
mod layout;
mod local;
mod member;
mod second;

use std::io::{self, Read, Seek};

use super::notes::Notes;
use super::source::Source;
use super::unpack::{Basin, Shelf};
use super::{Depth, Form, Limits, Look, MemberKind, OddityKind, Survey, names};
use directory::Entry;
use layout::{Layout, Slot};

/// Bytes at the end that are read at once where each read is a request: build tools write the metadata last, and with a
/// directory of ordinary size all that is wanted is among them.
const TAIL: u64 = 256 << 10;
/// Bytes between two members that are wanted, below which both are read at once.
const STEP: u64 = 64 << 10;

/// See [`super::survey`].
pub(super) fn survey<R: Read + Seek>(bytes: R, limits: &Limits, look: &Look<'_>) -> io::Result<Survey> {
    let mut source = Source::new(bytes)?;
    let mut notes = Notes::default();
    let mut survey = Survey::of(source.len());
    if let Some((entries, layout)) = read(&mut source, limits, look.depth, &mut survey, &mut notes)? {
        let fits = layout::fits(&entries, survey.packed, limits, &mut notes);
        // What is refused is not unpacked; the few members that are kept still tell what it is.
        let depth = if layout.is_sound && fits { look.depth } else { Depth::Directory };
        unpack(&mut source, &entries, &layout.slots, &mut Shelf::new(limits, look), depth, &mut survey, &mut notes)?;
    }
    survey.oddities = notes.into_oddities();
    Ok(survey)
}

/// Reads the directory into `survey`; gives what it says, if it can be read at all.
fn read<R: Read + Seek>(
    source: &mut Source<R>,
    limits: &Limits,
    depth: Depth,
    survey: &mut Survey,
    notes: &mut Notes,
) -> io::Result<Option<(Vec<Entry>, Layout)>> {
    if let Some(says) = limits.refuse_packed(survey.packed) {
        notes.whole(OddityKind::TooLarge, says);
        return Ok(None);
    }
    let tail = if depth == Depth::Directory { TAIL } else { 0 };
    let Some(frame) = end::find(source, tail, notes)? else { return Ok(None) };
    let Some(entries) = directory::read(source, &frame, limits, notes)? else { return Ok(None) };
    survey.members = entries.iter().map(Entry::member).collect::<Vec<_>>().into();
    survey.unpacked = entries.iter().fold(0, |sum, entry| sum.saturating_add(entry.size));
    names::judge(survey.members.as_slice(), Form::Zip, notes);
    let layout = layout::of(&entries, &frame, notes);
    if !notes.has(OddityKind::Ambiguous) && !notes.has(OddityKind::Unreadable) {
        second::compare(source, &entries, notes)?;
    }
    Ok(Some((entries, layout)))
}

/// Unpacks what is looked at: everything, or what is kept alone.
fn unpack<R: Read + Seek>(
    source: &mut Source<R>,
    entries: &[Entry],
    slots: &[Slot],
    shelf: &mut Shelf<'_>,
    depth: Depth,
    survey: &mut Survey,
    notes: &mut Notes,
) -> io::Result<()> {
    let is_kept = kept(entries, shelf);
    let mut inflater = member::Inflater::default();
    let wanted: Vec<&Slot> = slots.iter().filter(|slot| depth != Depth::Directory || is_kept[slot.index]).collect();
    for (place, slot) in wanted.iter().enumerate() {
        let entry = &entries[slot.index];
        // What one read brought in is not planned again: an archive may have very many small members that are kept.
        if depth == Depth::Directory && !source.holds(&(entry.at..slot.end)) {
            source.hold(entry.at..reach(&wanted[place..], entries))?;
        }
        let Some(data) = local::read(source, entry, slot.end, notes)? else { continue };
        if entry.kind == MemberKind::Folder || !entry.is_plain() {
            continue;
        }
        let mut basin = if is_kept[slot.index] { Basin::keeping() } else { Basin::hashing() };
        let is_sound = inflater.unpack(source, entry, data, &mut basin, notes)?;
        let member = survey.members.at_mut(slot.index);
        survey.unpacked = survey.unpacked.saturating_sub(member.size).saturating_add(basin.size);
        member.size = basin.size;
        if is_sound {
            (member.sha256, member.bytes) = basin.finish();
        }
    }
    Ok(())
}

/// Which members are kept: those that are wanted, the small ones first, as long as there is room.
fn kept(entries: &[Entry], shelf: &mut Shelf<'_>) -> Vec<bool> {
    let mut order: Vec<usize> = (0..entries.len()).collect();
    order.sort_by_key(|index| entries[*index].size);
    let mut is_kept = vec![false; entries.len()];
    for index in order {
        let entry = &entries[index];
        is_kept[index] = entry.kind == MemberKind::File && entry.is_plain() && shelf.takes(&entry.name, entry.size);
    }
    is_kept
}

/// How far to read at once from the first of `wanted`: to the end of the last that lies close behind, 4 MiB at most.
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
