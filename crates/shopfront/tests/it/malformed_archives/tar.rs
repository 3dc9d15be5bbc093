//! Handwritten tar archives, gzipped or plain, with arbitrary contents.

use ::tar::{EntryType, Header};

use super::deflate::{crc, deflated, flushed};
use super::{Trick, Tricks};

/// Returns a `.tar.gz` of `members` with the modifications of `tricks`.
pub(crate) fn tar_gz(members: Vec<(String, Vec<u8>)>, tricks: &Tricks) -> Vec<u8> {
    let mut plain = all_of(members, tricks);
    let mut packed = flushed(&plain);
    let alike = flushed(&block(b"zeros", b'0', &vec![0; 1 << 20]));
    packed.extend(alike.repeat(tricks.mebibytes));
    let end = if tricks.endless {
        Vec::new()
    } else {
        vec![0; 1024]
    };
    packed.extend(deflated(&end));
    plain.extend(end);
    let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];
    out.extend(packed);
    // Correct as long as nothing is repeated: repeated data is never read to its end.
    out.extend(crc(&plain).to_le_bytes());
    out.extend(tricks.says.unwrap_or(plain.len() as u32).to_le_bytes());
    if tricks.twice {
        out.extend(out.clone());
    }
    out.extend(tricks.behind.as_bytes());
    out.truncate(out.len() - tricks.cut);
    out
}

/// Returns a `.tar` of `members` with the modifications of `tricks`.
pub(crate) fn tar(members: Vec<(String, Vec<u8>)>, tricks: &Tricks) -> Vec<u8> {
    let mut out = all_of(members, tricks);
    out.extend(vec![0; if tricks.endless { 0 } else { 1024 }]);
    out.extend(tricks.behind.as_bytes());
    out.truncate(out.len() - tricks.cut);
    out
}

/// Returns everything before the end blocks.
fn all_of(members: Vec<(String, Vec<u8>)>, tricks: &Tricks) -> Vec<u8> {
    let mut plain = tricks.before.clone().into_bytes();
    if !tricks.global.is_empty() {
        plain.extend(block(
            b"pax_global_header",
            b'g',
            record(&tricks.global).as_bytes(),
        ));
    }
    for (trick, bytes) in tricks.parts(members) {
        plain.extend(member(&trick, &bytes));
    }
    plain
}

/// Returns a member with its headers.
fn member(trick: &Trick, bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    if !trick.long_name.is_empty() {
        out.extend(block(
            b"././@LongLink",
            b'L',
            format!("{}\0", trick.long_name).as_bytes(),
        ));
    }
    if !trick.pax.is_empty() {
        let records: String = trick.pax.iter().map(|it| record(it)).collect();
        out.extend(block(b"PaxHeader", b'x', records.as_bytes()));
    }
    let kind = trick.kind.map_or(
        if trick.name.ends_with('/') {
            b'5'
        } else {
            b'0'
        },
        |it| it as u8,
    );
    let mut header = header(
        &trick.name_bytes(),
        kind,
        trick.size.unwrap_or(bytes.len() as u64),
    );
    header.set_link_name_literal(&trick.link).unwrap();
    header.set_cksum();
    if trick.broken {
        header.as_mut_bytes()[0] ^= 1;
    }
    out.extend(header.as_bytes());
    out.extend(filled(bytes));
    out.extend(trick.gap.as_bytes());
    out
}

fn header(name: &[u8], kind: u8, size: u64) -> Header {
    let mut header = Header::new_ustar();
    header.as_old_mut().name[..name.len().min(100)].copy_from_slice(&name[..name.len().min(100)]);
    header.set_entry_type(EntryType::new(kind));
    header.set_mode(0o644);
    header.set_size(size);
    header.set_mtime(0);
    header.set_cksum();
    header
}

fn block(name: &[u8], kind: u8, bytes: &[u8]) -> Vec<u8> {
    let mut out = header(name, kind, bytes.len() as u64).as_bytes().to_vec();
    out.extend(filled(bytes));
    out
}

/// Returns `bytes` padded with zeros to the next block.
fn filled(bytes: &[u8]) -> Vec<u8> {
    let mut out = bytes.to_vec();
    out.resize(bytes.len().div_ceil(512) * 512, 0);
    out
}

/// Returns a pax record, whose length includes the length field itself.
fn record(text: &str) -> String {
    let rest = text.len() + 2;
    let digits = if rest + 2 < 100 { 2 } else { 3 };
    format!("{} {text}\n", rest + digits)
}
