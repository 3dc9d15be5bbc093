//! Layout of a zip's members: consecutive, from its first byte to its directory.

use super::directory::Entry;
use super::end::Frame;
use super::local::HEADER_LEN;
use crate::AnomalyKind::{Ambiguous, TooLarge, Unreadable};
use crate::notes::AnomalyLog;
use crate::{Limits, MemberKind};

/// Member by its index in the directory, with the start of the next member or the directory.
pub(super) struct Slot {
    pub(super) index: usize,
    pub(super) end: u64,
}

/// Layout of the members.
pub(super) struct Layout {
    /// Members in the order of their bytes.
    pub(super) slots: Vec<Slot>,
    /// `true` if no two members share bytes. Overlapping members may be small, and together
    /// larger than any disk.
    pub(super) is_sound: bool,
}

/// Determines the layout of the members.
pub(super) fn of(entries: &[Entry], frame: &Frame, notes: &mut AnomalyLog) -> Layout {
    let mut order: Vec<usize> = (0..entries.len()).collect();
    order.sort_by_key(|index| entries[*index].at);
    let first = order
        .first()
        .map_or(frame.start, |index| entries[*index].at);
    let is_whole = !entries.is_empty() || frame.count == 0;
    if is_whole && first > frame.shift {
        notes.whole(
            Ambiguous,
            format!("has {} bytes before its first member", first - frame.shift),
        );
    }
    let mut is_sound = true;
    let mut slots = Vec::with_capacity(entries.len());
    for (place, index) in order.iter().enumerate() {
        let entry = &entries[*index];
        let next = order.get(place + 1).map(|next| &entries[*next]);
        let end = next.map_or(frame.start, |next| next.at);
        // Names may differ in length between local header and directory; the known part suffices
        // to limit the unpacked size.
        let needs = entry
            .packed
            .checked_add(HEADER_LEN)
            .and_then(|needs| needs.checked_add(entry.at));
        if needs.is_none_or(|needs| needs > end) {
            is_sound = false;
            notes.member(
                Ambiguous,
                &entry.name,
                next.map_or_else(
                    || "reaches into the directory".to_owned(),
                    |next| {
                        format!(
                            "shares bytes with `{}`",
                            super::super::names::cut(&next.name)
                        )
                    },
                ),
            );
        }
        slots.push(Slot { index: *index, end });
    }
    Layout { slots, is_sound }
}

/// Returns `true` if the declared sizes allow unpacking all members. Sizes that are too small are
/// detected while unpacking.
pub(super) fn fits(
    entries: &[Entry],
    packed: u64,
    limits: &Limits,
    notes: &mut AnomalyLog,
) -> bool {
    let all = entries
        .iter()
        .filter(|entry| entry.kind != MemberKind::Folder)
        .fold(0u64, |sum, entry| sum.saturating_add(entry.size));
    if let Some(says) = limits.refuse(all, packed) {
        notes.whole(TooLarge, says);
        return false;
    }
    // If no member can be unpacked, one diagnostic for the archive is enough.
    if !entries.is_empty() && entries.iter().all(|entry| !entry.is_plain()) {
        notes.whole(Unreadable, "holds nothing that installers can unpack");
        return false;
    }
    true
}
