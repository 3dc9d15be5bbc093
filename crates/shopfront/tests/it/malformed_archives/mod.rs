//! Archives that no build tool writes: what a case says in its `malformed.json`, built in memory,
//! byte by byte.

mod deflate;
mod tar;
mod zip;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;

pub(crate) use tar::{tar, tar_gz};
pub(crate) use zip::zip;

/// Modifications of an archive.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Tricks {
    /// Members to add.
    add: Vec<Trick>,
    /// Changes of existing members, by name.
    change: BTreeMap<String, Trick>,
    /// `true` if added members come first.
    first: bool,
    /// Text before the archive.
    before: String,
    /// Text after the archive.
    behind: String,
    /// Comment of a zip.
    comment: String,
    /// Zip: a second copy of itself, appended and as its comment.
    twice: bool,
    /// Zip: bytes between the last member and the directory.
    gap: String,
    /// Zip: number of members in the end record.
    count: Option<u16>,
    /// Zip: zip64 end records that are `right`, `wrong` or `elsewhere`.
    zip64: String,
    /// Zip: a second archive before it, of one member with this name.
    in_front: String,
    /// Size in the trailer of a gzip stream.
    says: Option<u32>,
    /// Number of bytes to cut off at the end.
    cut: usize,
    /// Tar: without the blocks that end it.
    endless: bool,
    /// Tar: number of identical members of 1 MiB to append.
    mebibytes: usize,
    /// Tar: a global header with this record, `path=…`.
    global: String,
}

/// Description of one member.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Trick {
    name: String,
    /// Name in hexadecimal, for invalid UTF-8.
    name_hex: String,
    text: String,
    /// Number of zeros in place of a text.
    zeros: u64,
    /// Unix mode, octal.
    mode: String,
    flags: Option<u16>,
    method: Option<u16>,
    /// Zip: required version of the format, times ten.
    needs: Option<u16>,
    size: Option<u64>,
    crc: Option<u32>,
    /// Differing name in the local header.
    local_name: Option<String>,
    local_size: Option<u64>,
    local_crc: Option<u32>,
    local_method: Option<u16>,
    /// Number of entries in the directory.
    times: Option<usize>,
    /// Name of the member at whose offset it begins.
    at: Option<String>,
    /// Number of bytes by which its compressed data is declared too long.
    reach: u64,
    /// Data descriptor: `signed`, `plain` or `wrong`.
    descriptor: String,
    /// Bytes after its compressed data that count as part of it.
    junk: String,
    /// Number of bytes to cut off its compressed data.
    cut: usize,
    /// Bytes after it that belong to no member.
    gap: String,
    /// Extra field in the directory, in hexadecimal.
    extra: String,
    /// `true` for unnecessary zip64 fields.
    zip64: bool,
    /// Tar: type flag.
    kind: Option<char>,
    link: String,
    /// Tar: records of an extended header.
    pax: Vec<String>,
    /// Tar: GNU long name.
    long_name: String,
    /// Tar: a wrong checksum.
    broken: bool,
}

impl Tricks {
    /// Returns the modifications of the case in `folder`. Empty if it has none.
    pub(crate) fn read(folder: &Path) -> Tricks {
        let path = folder.join("malformed.json");
        fs::read_to_string(&path).map_or_else(|_| Tricks::default(), |text| Tricks::parse(&text))
    }

    pub(crate) fn parse(text: &str) -> Tricks {
        serde_json::from_str(text).unwrap_or_else(|why| panic!("{why} in {text}"))
    }

    /// Returns the added members that are text files, for their lines in `RECORD`.
    pub(crate) fn added(&self) -> impl Iterator<Item = (String, Vec<u8>)> {
        let files = self
            .add
            .iter()
            .filter(|it| !it.name.is_empty() && !it.name.ends_with('/'));
        files.map(|it| (it.name.clone(), it.bytes()))
    }

    /// Returns every member with its modification, in output order.
    fn parts(&self, members: Vec<(String, Vec<u8>)>) -> Vec<(Trick, Vec<u8>)> {
        let change = |name: &String| Trick {
            name: name.clone(),
            ..self.change.get(name).cloned().unwrap_or_default()
        };
        let is_added = |name: &String| {
            self.add
                .iter()
                .any(|it| it.name == *name && !self.change.contains_key(name))
        };
        let there = members
            .into_iter()
            .filter(|(name, _)| !is_added(name))
            .map(|(name, bytes)| (change(&name), bytes));
        let added = self.add.iter().map(|it| (it.clone(), it.bytes()));
        if self.first {
            added.chain(there).collect()
        } else {
            there.chain(added).collect()
        }
    }
}

impl Trick {
    /// Returns the contents of the member, unless they are too large for memory.
    fn bytes(&self) -> Vec<u8> {
        if self.is_bomb() {
            Vec::new()
        } else {
            [self.text.as_bytes(), &vec![0; self.zeros as usize]].concat()
        }
    }

    fn is_bomb(&self) -> bool {
        self.zeros > 32 << 20
    }

    fn name_bytes(&self) -> Vec<u8> {
        if self.name_hex.is_empty() {
            self.name.clone().into_bytes()
        } else {
            hex(&self.name_hex)
        }
    }

    fn mode(&self) -> u32 {
        if self.mode.is_empty() {
            0o100_644
        } else {
            u32::from_str_radix(&self.mode, 8).unwrap()
        }
    }
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
        .collect()
}
