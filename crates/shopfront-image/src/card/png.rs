//! PNG file (<https://www.w3.org/TR/png-3/>) of an image with few colors: one palette, one byte
//! per pixel.

use std::io::{self, Write};

use flate2::write::ZlibEncoder;
use flate2::{Compression, Crc};

/// Returns the file; `pixels` are rows of `width` indexes into `palette`.
///
/// # Errors
/// Returns an error if compression fails.
pub(super) fn file(width: u32, palette: &[[u8; 3]], pixels: &[u8]) -> io::Result<Vec<u8>> {
    let row = usize::try_from(width).unwrap_or(usize::MAX);
    let height = u32::try_from(pixels.len() / row).unwrap_or(u32::MAX);
    let mut out = Vec::with_capacity(16 << 10);
    out.extend_from_slice(b"\x89PNG\r\n\x1a\n");
    let mut header = [width.to_be_bytes(), height.to_be_bytes()].concat();
    // Eight bits, palette, deflate, filter per row, not interlaced.
    header.extend_from_slice(&[8, 3, 0, 0, 0]);
    chunk(&mut out, b"IHDR", &header);
    chunk(&mut out, b"PLTE", palette.as_flattened());
    let mut rows = ZlibEncoder::new(Vec::with_capacity(16 << 10), Compression::new(6));
    for pixels in pixels.chunks_exact(row) {
        // No filter: adjacent indexes are not adjacent colors.
        rows.write_all(&[0])?;
        rows.write_all(pixels)?;
    }
    chunk(&mut out, b"IDAT", &rows.finish()?);
    chunk(&mut out, b"IEND", &[]);
    Ok(out)
}

fn chunk(out: &mut Vec<u8>, kind: &[u8; 4], data: &[u8]) {
    let mut crc = Crc::new();
    crc.update(kind);
    crc.update(data);
    out.extend_from_slice(&u32::try_from(data.len()).unwrap_or(u32::MAX).to_be_bytes());
    out.extend_from_slice(kind);
    out.extend_from_slice(data);
    out.extend_from_slice(&crc.sum().to_be_bytes());
}
