//! Handwritten zip archives (APPNOTE 6.3.10), with arbitrary contents.

use super::deflate::{bomb, crc, deflated};
use super::{Trick, Tricks, hex};

/// Parts of one member.
struct Part<'t> {
    trick: &'t Trick,
    packed: Vec<u8>,
    flags: u16,
    method: u16,
    crc: u32,
    size: u64,
    at: u64,
}

/// Returns a zip of `members` with the modifications of `tricks`.
pub(crate) fn zip(members: Vec<(String, Vec<u8>)>, tricks: &Tricks) -> Vec<u8> {
    let all = tricks.parts(members);
    let mut out = tricks.before.clone().into_bytes();
    if !tricks.in_front.is_empty() {
        let inner = [(tricks.in_front.clone(), b"in_front = True\n".to_vec())];
        out.extend(zip(inner.to_vec(), &Tricks::default()));
    }
    let mut parts: Vec<Part<'_>> = all
        .iter()
        .map(|(trick, bytes)| part(trick, bytes))
        .collect();
    for index in 0..parts.len() {
        let shared = parts[index]
            .trick
            .at
            .as_ref()
            .map(|name| parts.iter().find(|it| it.trick.name == *name).unwrap().at);
        parts[index].at = shared.unwrap_or(out.len() as u64);
        if shared.is_none() {
            let part = &parts[index];
            out.extend(local(part));
            out.extend(&part.packed);
            out.extend(descriptor(part));
            out.extend(part.trick.gap.as_bytes());
        }
    }
    out.extend(tricks.gap.as_bytes());
    let start = out.len() as u64;
    let entries = parts
        .iter()
        .flat_map(|part| std::iter::repeat_n(part, part.trick.times.unwrap_or(1)));
    let mut count = 0;
    for part in entries {
        out.extend(central(part));
        count += 1;
    }
    end(&mut out, start, count, tricks);
    out.extend(tricks.behind.as_bytes());
    out.truncate(out.len() - tricks.cut);
    out
}

fn part<'t>(trick: &'t Trick, bytes: &[u8]) -> Part<'t> {
    let is_folder = trick.name.ends_with('/');
    let method = trick.method.unwrap_or(if is_folder { 0 } else { 8 });
    let mut packed = match method {
        8 if trick.is_bomb() => bomb(trick.zeros),
        8 => deflated(bytes),
        _ => bytes.to_vec(),
    };
    packed.truncate(packed.len().saturating_sub(trick.cut));
    packed.extend(trick.junk.as_bytes());
    let has_descriptor = u16::from(!trick.descriptor.is_empty()) << 3;
    let is_utf8 = u16::from(!trick.name.is_ascii()) << 11;
    Part {
        trick,
        packed,
        flags: trick.flags.unwrap_or(has_descriptor | is_utf8),
        method,
        crc: trick.crc.unwrap_or_else(|| crc(bytes)),
        size: trick.size.unwrap_or(if trick.is_bomb() {
            trick.zeros
        } else {
            bytes.len() as u64
        }),
        at: 0,
    }
}

/// Returns the local header of a member.
fn local(part: &Part<'_>) -> Vec<u8> {
    let trick = part.trick;
    let name = trick
        .local_name
        .as_ref()
        .map_or_else(|| trick.name_bytes(), |name| name.clone().into_bytes());
    let is_unknown = !trick.descriptor.is_empty();
    let (packed, size) = if is_unknown {
        (0, 0)
    } else {
        (
            part.packed.len() as u64 + trick.reach,
            trick.local_size.unwrap_or(part.size),
        )
    };
    let crc = if is_unknown {
        0
    } else {
        trick.local_crc.unwrap_or(part.crc)
    };
    let extra = if trick.zip64 {
        extra64(&[size, packed])
    } else {
        Vec::new()
    };
    let mut out = b"PK\x03\x04".to_vec();
    for number in [
        trick.needs.unwrap_or(20),
        part.flags,
        trick.local_method.unwrap_or(part.method),
        0,
        0x21,
    ] {
        out.extend(number.to_le_bytes());
    }
    out.extend(crc.to_le_bytes());
    for number in [packed, size] {
        out.extend(if trick.zip64 { u32::MAX } else { number as u32 }.to_le_bytes());
    }
    out.extend((name.len() as u16).to_le_bytes());
    out.extend((extra.len() as u16).to_le_bytes());
    out.extend(name);
    out.extend(extra);
    out
}

/// Returns the data descriptor of a member.
fn descriptor(part: &Part<'_>) -> Vec<u8> {
    let size = match part.trick.descriptor.as_str() {
        "" => return Vec::new(),
        "wrong" => part.size + 1,
        _ => part.size,
    };
    let mut out = if part.trick.descriptor == "plain" {
        Vec::new()
    } else {
        b"PK\x07\x08".to_vec()
    };
    for number in [u64::from(part.crc), part.packed.len() as u64, size] {
        out.extend((number as u32).to_le_bytes());
    }
    out
}

/// Returns the directory entry of a member.
fn central(part: &Part<'_>) -> Vec<u8> {
    let (trick, name) = (part.trick, part.trick.name_bytes());
    let packed = part.packed.len() as u64 + trick.reach;
    let is_long = part.size > u64::from(u32::MAX);
    let mut extra = hex(&trick.extra);
    if is_long {
        extra.extend(extra64(&[part.size]));
    }
    let mut out = b"PK\x01\x02".to_vec();
    for number in [
        0x0314,
        trick.needs.unwrap_or(20),
        part.flags,
        part.method,
        0,
        0x21,
    ] {
        out.extend(u16::to_le_bytes(number));
    }
    out.extend(part.crc.to_le_bytes());
    out.extend((packed as u32).to_le_bytes());
    out.extend(if is_long { u32::MAX } else { part.size as u32 }.to_le_bytes());
    for number in [name.len(), extra.len(), 0, 0, 0] {
        out.extend((number as u16).to_le_bytes());
    }
    out.extend((trick.mode() << 16).to_le_bytes());
    out.extend((part.at as u32).to_le_bytes());
    out.extend(name);
    out.extend(extra);
    out
}

fn extra64(numbers: &[u64]) -> Vec<u8> {
    let mut out = 1u16.to_le_bytes().to_vec();
    out.extend((numbers.len() as u16 * 8).to_le_bytes());
    numbers
        .iter()
        .for_each(|number| out.extend(number.to_le_bytes()));
    out
}

/// Writes the records after the directory.
fn end(out: &mut Vec<u8>, start: u64, count: u64, tricks: &Tricks) {
    let len = out.len() as u64 - start;
    if !tricks.zip64.is_empty() {
        let at = out.len() as u64 + u64::from(tricks.zip64 == "elsewhere");
        let said = if tricks.zip64 == "wrong" {
            count + 1
        } else {
            count
        };
        out.extend(b"PK\x06\x06");
        out.extend(44u64.to_le_bytes());
        out.extend([45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        for number in [said, said, len, start] {
            out.extend(number.to_le_bytes());
        }
        out.extend(b"PK\x06\x07\0\0\0\0");
        out.extend(at.to_le_bytes());
        out.extend(1u32.to_le_bytes());
    }
    let mut record = b"PK\x05\x06\0\0\0\0".to_vec();
    let said = tricks.count.unwrap_or(count as u16);
    record.extend([said.to_le_bytes(), said.to_le_bytes()].concat());
    record.extend([(len as u32).to_le_bytes(), (start as u32).to_le_bytes()].concat());
    let mut comment = tricks.comment.clone().into_bytes();
    if tricks.twice {
        comment.extend(&record);
        comment.extend([0, 0]);
    }
    out.extend(record);
    out.extend((comment.len() as u16).to_le_bytes());
    out.extend(comment);
}
