//! Extra fields of a header: sizes too large for it (zip64), and a second name (APPNOTE 6.3.10,
//! 4.5.3 and 4.6.9).

use super::bytes::{u16_at, u64_at};

const ZIP64: u16 = 0x0001;
const UNICODE_PATH: u16 = 0x7075;

/// Sizes and offset of a member.
pub(super) struct Extra {
    pub(super) size: u64,
    pub(super) packed: u64,
    /// Offset of its local header.
    pub(super) at: u64,
}

/// Returns the sizes and the offset in the header, `said`, or those in `extra` if they are too
/// large for it. A local header has no offset: callers pass 0. `odd` receives descriptions of
/// data that parsers interpret differently.
pub(super) fn read(
    extra: &[u8],
    said: [u32; 3],
    name: &[u8],
    mut odd: impl FnMut(&'static str),
) -> Extra {
    let mut numbers = said.map(u64::from);
    let mut is_long = said.map(|number| number == u32::MAX);
    let mut rest = extra;
    let mut has_zip64 = false;
    while let Some((head, after)) = rest.split_at_checked(4) {
        let Some((field, after)) = after.split_at_checked(usize::from(u16_at(head, 2))) else {
            // Python rejects such an archive, others continue.
            odd("has an extra field that breaks off");
            break;
        };
        rest = after;
        match u16_at(head, 0) {
            ZIP64 if has_zip64 => odd("has two zip64 fields"),
            ZIP64 => {
                has_zip64 = true;
                let longer = numbers
                    .iter_mut()
                    .zip(&mut is_long)
                    .filter(|(_, is_long)| **is_long);
                for ((number, is_long), bytes) in longer.zip(field.chunks_exact(8)) {
                    (*number, *is_long) = (u64_at(bytes, 0), false);
                }
            }
            // Version and checksum precede the name.
            UNICODE_PATH if field.get(5..) != Some(name) => {
                odd("has a second name, which some readers prefer")
            }
            _ => {}
        }
    }
    if is_long.contains(&true) {
        odd("has a size or a place that stands nowhere");
    }
    let [size, packed, at] = numbers;
    Extra { size, packed, at }
}
