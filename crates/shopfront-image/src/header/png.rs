//! PNG (third edition), chunk by chunk.

use flate2::Crc;

use super::{Header, Size, big_endian};

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
/// Size in bytes of the length, type and checksum of a chunk.
const AROUND: usize = 12;
/// Maximum number of bytes that deflate creates from one (RFC 1951: 258 bytes from two bits).
const MOST_OF_A_BYTE: u64 = 1_032;

/// Returns the header of the PNG in `bytes`: `IHDR`, and `fcTL` of each frame.
pub(super) fn header(bytes: &[u8]) -> Option<Header> {
    let mut rest = bytes.strip_prefix(SIGNATURE)?;
    let (mut header, mut packed, mut is_ended) = (None, 0, false);
    while !rest.is_empty() {
        // Nothing may follow the end, and the header may occur only once, at the start.
        let (kind, data, behind) = chunk(rest).filter(|_| !is_ended)?;
        match (kind, &mut header) {
            (b"IHDR", None) => {
                header = Some((
                    Header {
                        size: size(data, 0)?,
                        others: Vec::new(),
                        is_cut: false,
                    },
                    needs(data)?,
                ))
            }
            (b"IHDR", Some(_)) | (_, None) => return None,
            (b"fcTL", Some((header, _))) => header.others.push(size(data, 4)?),
            (b"IDAT", Some(_)) => packed += data.len() as u64,
            (b"IEND", Some(_)) => is_ended = true,
            _ => {}
        }
        rest = behind;
    }
    let (header, needs) = header.filter(|_| is_ended)?;
    Some(Header {
        is_cut: packed == 0 || packed.saturating_mul(MOST_OF_A_BYTE) < needs,
        ..header
    })
}

/// Returns the type and the data of the chunk at the start of `bytes`, and the rest. The checksum
/// is verified only for chunks with sizes: readers that ignore it get the same size.
fn chunk(bytes: &[u8]) -> Option<(&[u8; 4], &[u8], &[u8])> {
    let len = usize::try_from(big_endian(bytes, 0, 4)?).ok()?;
    let (chunk, behind) = bytes.split_at_checked(len.checked_add(AROUND)?)?;
    let kind = chunk[4..].first_chunk::<4>()?;
    let data = &chunk[8..8 + len];
    if matches!(kind, b"IHDR" | b"fcTL") {
        let mut crc = Crc::new();
        crc.update(&chunk[4..8 + len]);
        big_endian(chunk, 8 + len, 4).filter(|written| *written == u64::from(crc.sum()))?;
    }
    Some((kind, data, behind))
}

fn size(data: &[u8], at: usize) -> Option<Size> {
    Some(Size {
        width: big_endian(data, at, 4)?,
        height: big_endian(data, at + 4, 4)?,
    })
}

/// Returns the number of unpacked bytes of the pixels that the header in `data` declares.
fn needs(data: &[u8]) -> Option<u64> {
    let Size { width, height } = size(data, 0)?;
    let samples: u64 = match data.get(9)? {
        0 | 3 => 1,
        2 => 3,
        4 => 2,
        6 => 4,
        _ => return None,
    };
    let depth = u64::from(*data.get(8)?);
    (data.len() == 13 && matches!(depth, 1 | 2 | 4 | 8 | 16)).then(|| {
        width
            .saturating_mul(samples * depth)
            .div_ceil(8)
            .saturating_mul(height)
    })
}
