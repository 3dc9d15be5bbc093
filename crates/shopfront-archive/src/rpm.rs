//! RPM packages: their header, and their list of files. The payload after the header is not
//! unpacked.
//!
//! A package consists of a lead of 96 bytes that contains only the format, a signature header,
//! and the main header (RPM's `docs/manual/format_v4.md`). Both headers are tables of tags
//! followed by a store of bytes.

use std::io::{self, Read, Seek};

use super::AnomalyKind::{Corrupt, TooLarge, Unreadable};
use super::notes::AnomalyLog;
use super::source::Source;
use super::{ArchiveScan, Form, Limits, Member, MemberKind, names};

/// Header of an RPM package.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// `Name`; empty if missing, like the other texts.
    pub name: String,
    /// `Version`.
    pub version: String,
    /// `Release`: the build of that version.
    pub release: String,
    /// `BuildArch`: `noarch` if independent of the architecture.
    pub arch: String,
    /// `Summary`.
    pub summary: String,
    /// `Description`.
    pub description: String,
    /// `License`.
    pub license: String,
    /// `Url`.
    pub url: String,
    /// `Vendor`.
    pub vendor: String,
    /// `true` for a source package.
    pub is_source: bool,
}

const LEAD: u64 = 96;
const LEAD_MAGIC: [u8; 4] = [0xed, 0xab, 0xee, 0xdb];
const HEADER_MAGIC: [u8; 4] = [0x8e, 0xad, 0xe8, 1];
/// Size in bytes of a header's preface, and of one row of its table.
const PREFACE: usize = 16;
const LINE: usize = 16;

mod tag {
    pub(super) const NAME: u32 = 1000;
    pub(super) const VERSION: u32 = 1001;
    pub(super) const RELEASE: u32 = 1002;
    pub(super) const SUMMARY: u32 = 1004;
    pub(super) const DESCRIPTION: u32 = 1005;
    pub(super) const VENDOR: u32 = 1011;
    pub(super) const LICENSE: u32 = 1014;
    pub(super) const URL: u32 = 1020;
    pub(super) const ARCH: u32 = 1022;
    pub(super) const FILE_SIZES: u32 = 1028;
    pub(super) const FILE_MODES: u32 = 1030;
    pub(super) const FOLDER_OF: u32 = 1116;
    pub(super) const BASE_NAMES: u32 = 1117;
    pub(super) const FOLDERS: u32 = 1118;
}

/// Scans an RPM package, see [`super::scan`].
pub(super) fn scan<R: Read + Seek>(bytes: R, limits: &Limits) -> io::Result<ArchiveScan> {
    let mut source = Source::new(bytes)?;
    let mut notes = AnomalyLog::default();
    let mut scan = ArchiveScan::of(source.len());
    match read(&mut source, limits)? {
        Ok((header, members)) => {
            scan.unpacked = members
                .iter()
                .fold(0, |sum, member| member.size.saturating_add(sum));
            scan.members = members.into();
            scan.rpm = Some(header);
            names::judge(scan.members.as_slice(), Form::Rpm, &mut notes);
        }
        Err((kind, says)) => notes.whole(kind, says),
    }
    scan.anomalies = notes.into_oddities();
    Ok(scan)
}

type Fault = (super::AnomalyKind, String);

fn read<R: Read + Seek>(
    source: &mut Source<R>,
    limits: &Limits,
) -> io::Result<Result<(Header, Vec<Member>), Fault>> {
    if let Some(says) = limits.refuse_packed(source.len()) {
        return Ok(Err((TooLarge, says)));
    }
    let Some(lead) = source
        .bytes(0, LEAD as usize)?
        .filter(|lead| lead.starts_with(&LEAD_MAGIC))
    else {
        return Ok(Err((Unreadable, "is no RPM package".to_owned())));
    };
    let is_source = lead[6..8] == [0, 1];
    let signatures = match extent(source, LEAD, limits)? {
        Ok(extent) => extent,
        Err(fault) => return Ok(Err(fault)),
    };
    // Only the header after the signatures is aligned to eight bytes.
    let at = (LEAD + signatures.len).next_multiple_of(8);
    let table = match extent(source, at, limits)? {
        Ok(extent) => match source.bytes(at + PREFACE as u64, extent.len as usize - PREFACE)? {
            Some(bytes) => Table {
                lines: extent.lines,
                bytes,
            },
            None => return Ok(Err((Corrupt, "breaks off".to_owned()))),
        },
        Err(fault) => return Ok(Err(fault)),
    };
    let members = table.members(limits);
    Ok(members.map(|members| {
        (
            Header {
                is_source,
                ..table.header()
            },
            members,
        )
    }))
}

/// Extent of a header.
struct Extent {
    lines: usize,
    /// Total size in bytes, including the preface.
    len: u64,
}

fn extent<R: Read + Seek>(
    source: &mut Source<R>,
    at: u64,
    limits: &Limits,
) -> io::Result<Result<Extent, Fault>> {
    let Some(preface) = source.bytes(at, PREFACE)? else {
        return Ok(Err((Corrupt, "breaks off".to_owned())));
    };
    if !preface.starts_with(&HEADER_MAGIC) {
        return Ok(Err((Corrupt, format!("has no header at byte {at}"))));
    }
    let (lines, store) = (number(&preface, 8), number(&preface, 12));
    let len = PREFACE as u64 + u64::from(lines) * LINE as u64 + u64::from(store);
    if len > limits.kept as u64 {
        return Ok(Err((
            TooLarge,
            format!("has a header of {len} bytes; {} is the most", limits.kept),
        )));
    }
    Ok(Ok(Extent {
        lines: lines as usize,
        len,
    }))
}

/// Table of tags with its store.
struct Table {
    lines: usize,
    bytes: Vec<u8>,
}

impl Table {
    fn header(&self) -> Header {
        let text = |wanted| {
            self.texts(wanted)
                .into_iter()
                .flatten()
                .next()
                .unwrap_or_default()
        };
        Header {
            name: text(tag::NAME),
            version: text(tag::VERSION),
            release: text(tag::RELEASE),
            arch: text(tag::ARCH),
            summary: text(tag::SUMMARY),
            description: text(tag::DESCRIPTION),
            license: text(tag::LICENSE),
            url: text(tag::URL),
            vendor: text(tag::VENDOR),
            is_source: false,
        }
    }

    /// Returns the listed files; their paths are absolute without the leading slash.
    fn members(&self, limits: &Limits) -> Result<Vec<Member>, Fault> {
        let torn = || (Corrupt, "has a list of files that breaks off".to_owned());
        let Some((_, _, count)) = self.line(tag::BASE_NAMES) else {
            return Ok(Vec::new());
        };
        if count > limits.members {
            return Err((
                TooLarge,
                format!("has {count} members; {} is the most", limits.members),
            ));
        }
        let names = self.texts(tag::BASE_NAMES).ok_or_else(torn)?;
        let folders = self.texts(tag::FOLDERS).ok_or_else(torn)?;
        let folder_of = self.numbers(tag::FOLDER_OF, 4).ok_or_else(torn)?;
        let modes = self.numbers(tag::FILE_MODES, 2).ok_or_else(torn)?;
        let sizes = self.numbers(tag::FILE_SIZES, 4).unwrap_or_default();
        let (mut members, mut left) = (Vec::with_capacity(names.len()), limits.names);
        for (at, name) in names.iter().enumerate() {
            let folder = folder_of
                .get(at)
                .and_then(|index| folders.get(*index as usize))
                .ok_or_else(torn)?;
            let path = format!("{}{name}", folder.strip_prefix('/').unwrap_or(folder));
            left = left.checked_sub(path.len() as u64).ok_or((
                TooLarge,
                format!("has names of more than {} bytes", limits.names),
            ))?;
            let kind = kind(*modes.get(at).ok_or_else(torn)?);
            let size = sizes
                .get(at)
                .copied()
                .filter(|_| kind == MemberKind::File)
                .unwrap_or_default();
            members.push(Member {
                name: path,
                kind,
                size: u64::from(size),
                sha1: None,
                sha256: None,
                bytes: None,
            });
        }
        Ok(members)
    }

    /// Returns type, offset into the store, and number of values of a tag.
    fn line(&self, wanted: u32) -> Option<(u32, usize, usize)> {
        let line = self
            .bytes
            .chunks_exact(LINE)
            .take(self.lines)
            .find(|line| number(line, 0) == wanted)?;
        Some((
            number(line, 4),
            number(line, 8) as usize,
            number(line, 12) as usize,
        ))
    }

    /// Returns the store from the first value of a tag on.
    fn values(&self, offset: usize) -> Option<&[u8]> {
        self.bytes
            .get(self.lines.checked_mul(LINE)?.checked_add(offset)?..)
    }

    /// Returns the strings of a tag: types 6 (one), 8 (a list) and 9 (one in several languages,
    /// the first without).
    fn texts(&self, wanted: u32) -> Option<Vec<String>> {
        let (kind, offset, count) = self.line(wanted)?;
        let values = self.values(offset).filter(|_| matches!(kind, 6 | 8 | 9))?;
        let texts: Vec<String> = values
            .split(|byte| *byte == 0)
            .take(count)
            .map(|text| String::from_utf8_lossy(text).into_owned())
            .collect();
        // The last string is also terminated by a zero.
        let ends = values.iter().filter(|byte| **byte == 0).take(count).count();
        (ends == count).then_some(texts)
    }

    /// Returns the numbers of a tag with `width` bytes each.
    fn numbers(&self, wanted: u32, width: usize) -> Option<Vec<u32>> {
        let (_, offset, count) = self.line(wanted)?;
        let values = self.values(offset)?.get(..count.checked_mul(width)?)?;
        Some(
            values
                .chunks_exact(width)
                .map(|bytes| {
                    bytes
                        .iter()
                        .fold(0, |sum, byte| sum << 8 | u32::from(*byte))
                })
                .collect(),
        )
    }
}

fn number(bytes: &[u8], at: usize) -> u32 {
    bytes[at..at + 4]
        .iter()
        .fold(0, |sum, byte| sum << 8 | u32::from(*byte))
}

/// Returns the type for the mode of a file (`stat.h`).
fn kind(mode: u32) -> MemberKind {
    match mode & 0o170_000 {
        0o100_000 => MemberKind::File,
        0o040_000 => MemberKind::Folder,
        0o120_000 => MemberKind::Link,
        _ => MemberKind::Other,
    }
}
