//! JPEG (ITU-T T.81), marker by marker.

use super::{Header, Size, big_endian};

const START: u8 = 0xd8;
const END: u8 = 0xd9;
/// Maximum number of frames that are read; progressive images have about ten.
const MOST_FRAMES: usize = 1_000;

/// Returns the header of the JPEG in `bytes`: all frame headers (SOF), including those after its
/// end.
pub(super) fn header(bytes: &[u8]) -> Option<Header> {
    // The first and the last two bytes identify a complete file.
    if !bytes.starts_with(&[0xff, START, 0xff]) || !bytes.ends_with(&[0xff, END]) {
        return None;
    }
    let (mut sizes, mut rest) = (Vec::new(), bytes);
    while let Some((marker, behind)) = next_marker(rest) {
        rest = behind;
        if has_no_length(marker) {
            continue;
        }
        let len = usize::try_from(big_endian(rest, 0, 2)?)
            .ok()
            .filter(|len| *len >= 2)?;
        let (segment, behind) = rest.split_at_checked(len)?;
        if is_frame(marker) {
            sizes.push(Size {
                height: big_endian(segment, 3, 2)?,
                width: big_endian(segment, 5, 2)?,
            });
        }
        // If the height follows the scan, readers do not know it when they reserve space for the
        // image.
        if sizes.len() > MOST_FRAMES {
            return None;
        }
        rest = behind;
    }
    let mut sizes = sizes.into_iter();
    Some(Header {
        size: sizes.next()?,
        others: sizes.collect(),
        is_cut: false,
    })
}

/// Returns the next marker of `bytes`, and the rest; bytes before the marker are data of a scan.
fn next_marker(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let mut at = 0;
    loop {
        at += bytes.get(at..)?.iter().position(|byte| *byte == 0xff)? + 1;
        match bytes.get(at)? {
            // Stuffed byte of the data, or fill byte.
            0x00 | 0xff => {}
            marker => return Some((*marker, &bytes[at + 1..])),
        }
    }
}

/// Returns `true` for markers without a length: restart markers, the start and the end of an
/// image, and the marker for private use.
fn has_no_length(marker: u8) -> bool {
    matches!(marker, 0x01 | 0xd0..=0xd7 | START | END)
}

/// Returns `true` for SOF: all of `C0` to `CF` except tables (`C4`, `CC`) and extensions (`C8`).
fn is_frame(marker: u8) -> bool {
    matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc)
}
