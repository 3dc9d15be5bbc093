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

/// What is done to an archive.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Tricks {
    /// Members that are added.
    add: Vec<Trick>,
    /// Members that are there, by name, and what is changed of them.
    change: BTreeMap<String, Trick>,
    /// Whether the members that are added come first.
    first: bool,
    /// In front of everything.
    before: String,
    /// Behind everything.
    behind: String,
    /// The comment of a zip.
    comment: String,
    /// A zip: its whole self once more, behind it and as its comment.
    twice: bool,
    /// A zip: bytes between the last member and the directory.
    gap: String,
    /// A zip: how many members the end record says.
    count: Option<u16>,
    /// A zip: with zip64 end records that are `right`, `wrong` or `elsewhere`.
    zip64: String,
    /// A zip: a second archive that is put in front, of one member with this name.
    in_front: String,
    /// What a gzip stream says that it holds.
    says: Option<u32>,
    /// Bytes that are cut off at the end.
    cut: usize,
    /// A tar: without the blocks that end it.
    endless: bool,
    /// A tar: members of a mebibyte each that are added behind the others, all alike.
    mebibytes: usize,
    /// A tar: a global header with this record, `path=…`.
    global: String,
}

/// One member.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Trick {
    name: String,
    /// Bytes that are no text, in hexadecimal.
    name_hex: String,
    text: String,
    /// As many zeros in the place of a text.
    zeros: u64,
    /// Unix mode, octal.
    mode: String,
    flags: Option<u16>,
    method: Option<u16>,
    /// A zip: the version of the format that it wants of a reader, ten times over.
    needs: Option<u16>,
    size: Option<u64>,
    crc: Option<u32>,
    /// What its own header says in another way.
    local_name: Option<String>,
    local_size: Option<u64>,
    local_crc: Option<u32>,
    local_method: Option<u16>,
    /// How often it stands in the directory.
    times: Option<usize>,
    /// It begins where this member begins.
    at: Option<String>,
    /// Its packed bytes reach so much further than they do.
    reach: u64,
    /// Sizes behind its data: `signed`, `plain` or `wrong`.
    descriptor: String,
    /// Bytes behind its packed data that count as its own.
    junk: String,
    /// Bytes that are cut off its packed data.
    cut: usize,
    /// Bytes behind it that count as nobody's.
    gap: String,
    /// Beside its entry in the directory, in hexadecimal.
    extra: String,
    /// With zip64 fields that nobody needs.
    zip64: bool,
    /// A tar: its type.
    kind: Option<char>,
    link: String,
    /// A tar: records of an extended header.
    pax: Vec<String>,
    /// A tar: a long name of GNU's.
    long_name: String,
    /// A tar: a checksum that is wrong.
    broken: bool,
}

impl Tricks {
    /// The tricks of the case in `folder`; none where it has none.
    pub(crate) fn read(folder: &Path) -> Tricks {
        let path = folder.join("malformed.json");
        fs::read_to_string(&path).map_or_else(|_| Tricks::default(), |text| Tricks::parse(&text))
    }

    pub(crate) fn parse(text: &str) -> Tricks {
        serde_json::from_str(text).unwrap_or_else(|why| panic!("{why} in {text}"))
    }

    /// The members that are added and are files with a text, for their lines in `RECORD`.
    pub(crate) fn added(&self) -> impl Iterator<Item = (String, Vec<u8>)> {
        let files = self
            .add
            .iter()
            .filter(|it| !it.name.is_empty() && !it.name.ends_with('/'));
        files.map(|it| (it.name.clone(), it.bytes()))
    }

    /// Every member with what is done to it, in the order in which they are written.
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
    /// What is in it, unless that is more than anybody would have in memory.
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
