//! Numbers of a zip: little-endian, at an offset of a record.

/// Returns the two bytes at `at`; 0 beyond the end, which does not occur in records of a fixed
/// length.
pub(super) fn u16_at(record: &[u8], at: usize) -> u16 {
    record
        .get(at..at + 2)
        .and_then(|it| it.try_into().ok())
        .map(u16::from_le_bytes)
        .unwrap_or_default()
}

/// Returns the four bytes at `at`.
pub(super) fn u32_at(record: &[u8], at: usize) -> u32 {
    record
        .get(at..at + 4)
        .and_then(|it| it.try_into().ok())
        .map(u32::from_le_bytes)
        .unwrap_or_default()
}

/// Returns the eight bytes at `at`.
pub(super) fn u64_at(record: &[u8], at: usize) -> u64 {
    record
        .get(at..at + 8)
        .and_then(|it| it.try_into().ok())
        .map(u64::from_le_bytes)
        .unwrap_or_default()
}
