//! WebP (RFC 9649), chunk by chunk.

use super::{Header, Size, little_endian};

/// The fields of a frame in front of the chunks in it.
const FRAME: usize = 16;

/// The header of the WebP in `bytes`: the canvas of `VP8X`, each frame, and each bitstream in it.
pub(super) fn header(bytes: &[u8]) -> Option<Header> {
    let len = usize::try_from(little_endian(bytes, 4, 4)?).ok()?;
    // Old writers count a last byte that fills up, and leave it out.
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

/// The type of a chunk, and its data.
type Chunk<'b> = (&'b [u8; 4], &'b [u8]);

/// The chunks of `bytes`; `None` where one breaks off.
fn chunks(mut bytes: &[u8]) -> Option<Vec<Chunk<'_>>> {
    let mut chunks = Vec::new();
    while bytes.len() >= 8 {
        let (kind, len) = (
            bytes.first_chunk::<4>()?,
            usize::try_from(little_endian(bytes, 4, 4)?).ok()?,
        );
        chunks.push((kind, bytes.get(8..len.checked_add(8)?)?));
        // Chunks fill up to an even length.
        bytes = bytes.get(8 + len + len % 2..).unwrap_or_default();
    }
    Some(chunks)
}

/// The size of the image in a chunk of this `kind`; nothing in a chunk that is no image. `None`
/// where it cannot be read.
fn bitstream(kind: [u8; 4], data: &[u8]) -> Option<Option<Size>> {
    match &kind {
        b"VP8 " => lossy(data).map(Some),
        b"VP8L" => lossless(data).map(Some),
        _ => Some(None),
    }
}

/// Two numbers of three bytes each, one less than they mean.
fn canvas(data: &[u8], at: usize) -> Option<Size> {
    Some(Size {
        width: little_endian(data, at, 3)? + 1,
        height: little_endian(data, at + 3, 3)? + 1,
    })
}

/// The key frame of VP8 (RFC 6386, 9.1): 14 bits each, above them how it is scaled.
fn lossy(data: &[u8]) -> Option<Size> {
    const START_CODE: &[u8] = b"\x9d\x01\x2a";
    let side = |at| Some(little_endian(data, at, 2)? & 0x3fff);
    data.get(3..).filter(|rest| rest.starts_with(START_CODE))?;
    Some(Size {
        width: side(6)?,
        height: side(8)?,
    })
}

/// The header of VP8L (RFC 9649, 3.4): 14 bits each, one less than they mean.
fn lossless(data: &[u8]) -> Option<Size> {
    let bits = little_endian(data, 1, 4).filter(|_| data.first() == Some(&0x2f))?;
    Some(Size {
        width: (bits & 0x3fff) + 1,
        height: ((bits >> 14) & 0x3fff) + 1,
    })
}
