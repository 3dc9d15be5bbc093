//! Deflated bytes (RFC 1951), with any number of zeros without holding them in memory.

use std::io::Write;

use flate2::write::DeflateEncoder;
use flate2::{Compress, Compression, Crc, FlushCompress};

/// Returns `bytes`, deflated.
pub(super) fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Returns `bytes`, repeated this many times and deflated: completely flushed blocks can be
/// repeated as they are.
pub(super) fn repeated(bytes: &[u8], times: usize) -> Vec<u8> {
    let piece = flushed(bytes);
    let mut all = piece.repeat(times);
    all.extend(deflated(&[]));
    all
}

/// Returns `bytes`, deflated up to a byte boundary, without an end.
pub(super) fn flushed(bytes: &[u8]) -> Vec<u8> {
    let mut piece = Vec::with_capacity(bytes.len() + 1024);
    Compress::new(Compression::best(), false)
        .compress_vec(bytes, &mut piece, FlushCompress::Full)
        .unwrap();
    piece
}

/// Returns at least this number of zeros, deflated to a thousandth of their size.
pub(super) fn bomb(zeros: u64) -> Vec<u8> {
    const PIECE: usize = 1 << 20;
    repeated(&vec![0; PIECE], zeros.div_ceil(PIECE as u64) as usize)
}

/// Returns the CRC-32 checksum of `bytes`.
pub(super) fn crc(bytes: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(bytes);
    crc.sum()
}
