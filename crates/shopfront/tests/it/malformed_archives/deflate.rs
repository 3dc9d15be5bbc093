//! Deflated bytes (RFC 1951), as many zeros as one likes without ever having them.

use std::io::Write;

use flate2::write::DeflateEncoder;
use flate2::{Compress, Compression, Crc, FlushCompress};

/// `bytes`, deflated.
pub(super) fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// `bytes`, so many times, deflated: what is flushed whole can be repeated as it stands.
pub(super) fn repeated(bytes: &[u8], times: usize) -> Vec<u8> {
    let piece = flushed(bytes);
    let mut all = piece.repeat(times);
    all.extend(deflated(&[]));
    all
}

/// `bytes`, deflated up to the edge of a byte, without an end.
pub(super) fn flushed(bytes: &[u8]) -> Vec<u8> {
    let mut piece = Vec::with_capacity(bytes.len() + 1024);
    Compress::new(Compression::best(), false)
        .compress_vec(bytes, &mut piece, FlushCompress::Full)
        .unwrap();
    piece
}

/// At least so many zeros, deflated: a thousandth of them.
pub(super) fn bomb(zeros: u64) -> Vec<u8> {
    const PIECE: usize = 1 << 20;
    repeated(&vec![0; PIECE], zeros.div_ceil(PIECE as u64) as usize)
}

/// The checksum of `bytes` (CRC-32).
pub(super) fn crc(bytes: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(bytes);
    crc.sum()
}
