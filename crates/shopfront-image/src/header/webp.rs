//! WebP (RFC 9649), chunk by chunk.

use super::{Header, Size, little_endian};

/// Size in bytes of the fields of a frame before its chunks.
const FRAME: usize = 16;

/// Returns the header of the WebP in `bytes`: the canvas of `VP8X`, each frame, and each
/// bitstream in it.
pub(super) fn header(bytes: &[u8]) -> Option<Header> {
    let len = usize::try_from(little_endian(bytes, 4, 4)?).ok()?;
    // Old encoders count a final padding byte and omit it.
    let is_whole = bytes.starts_with(b"RIFF")
        && bytes.get(8..12)? == b"WEBP"
        && len.checked_add(8)? <= bytes.len() + 1;
    let mut sizes = Vec::new();
    for (kind, data) in chunks(bytes.get(12..).filter(|_| is_whole)?)? {
        match kind {
            b"VP8X" => sizes.push(canvas(data, 4)?),
            b"ANMF" => {
                sizes.push(canvas(data, 6)?);
                for (kind, data) in chunks(data.get(FRAME..)?)? {
                    sizes.extend(bitstream(*kind, data)?);
                }
            }
            kind => sizes.extend(bitstream(*kind, data)?),
        }
    }
    let mut sizes = sizes.into_iter();
    Some(Header {
        size: sizes.next()?,
        others: sizes.collect(),
        is_cut: false,
    })
}

/// Type of a chunk, and its data.
type Chunk<'b> = (&'b [u8; 4], &'b [u8]);

/// Returns the chunks of `bytes`; `None` if one is truncated.
fn chunks(mut bytes: &[u8]) -> Option<Vec<Chunk<'_>>> {
    let mut chunks = Vec::new();
    while bytes.len() >= 8 {
        let (kind, len) = (
            bytes.first_chunk::<4>()?,
            usize::try_from(little_endian(bytes, 4, 4)?).ok()?,
        );
        chunks.push((kind, bytes.get(8..len.checked_add(8)?)?));
        // Chunks are padded to an even length.
        bytes = bytes.get(8 + len + len % 2..).unwrap_or_default();
    }
    Some(chunks)
}

/// Returns the size of the image in a chunk of this `kind`; nothing for other chunks. Returns
/// `None` if the size is unreadable.
fn bitstream(kind: [u8; 4], data: &[u8]) -> Option<Option<Size>> {
    match &kind {
        b"VP8 " => lossy(data).map(Some),
        b"VP8L" => lossless(data).map(Some),
        _ => Some(None),
    }
}

/// Returns two numbers of three bytes, each stored minus one.
fn canvas(data: &[u8], at: usize) -> Option<Size> {
    Some(Size {
        width: little_endian(data, at, 3)? + 1,
        height: little_endian(data, at + 3, 3)? + 1,
    })
}

/// Parses the key frame of VP8 (RFC 6386, 9.1): 14 bits each, with the scale in the upper bits.
fn lossy(data: &[u8]) -> Option<Size> {
    const START_CODE: &[u8] = b"\x9d\x01\x2a";
    let side = |at| Some(little_endian(data, at, 2)? & 0x3fff);
    data.get(3..).filter(|rest| rest.starts_with(START_CODE))?;
    Some(Size {
        width: side(6)?,
        height: side(8)?,
    })
}

/// Parses the header of VP8L (RFC 9649, 3.4): 14 bits each, stored minus one.
fn lossless(data: &[u8]) -> Option<Size> {
    let bits = little_endian(data, 1, 4).filter(|_| data.first() == Some(&0x2f))?;
    Some(Size {
        width: (bits & 0x3fff) + 1,
        height: ((bits >> 14) & 0x3fff) + 1,
    })
}
