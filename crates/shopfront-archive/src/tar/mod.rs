//! Tar archives, gzipped or not: source distributions, npm packages.
//!
//! The blocks are traversed here, and the crate `tar` parses the fields of a header. Its own
//! traversal would load names of any length, and skip data that other parsers do not skip.

mod extended;
mod stream;

use std::io::{self, Read, Seek, SeekFrom};

use sha1::{Digest, Sha1};
use tar::{EntryType, GnuExtSparseHeader, Header};

use super::AnomalyKind::{Ambiguous, Corrupt, Escaping, Link, TooLarge, Unreadable};
use super::notes::AnomalyLog;
use super::source::Source;
use super::unpack::{KeepBudget, MemberSink};
use super::{ArchiveScan, Depth, Form, Limits, Member, MemberKind, ScanOptions, names};
use extended::Extended;
use shopfront_text::digest;
use stream::{Stop, Stream};

const BLOCK: usize = 512;
/// Maximum size in bytes of a long name or an extended header. No file system has longer names,
/// and tools write a few hundred bytes.
const MOST_EXTENDED: u64 = 64 << 10;

/// Scans a tar archive, see [`super::scan`].
pub(super) fn scan<R: Read + Seek>(
    bytes: R,
    form: Form,
    limits: &Limits,
    look: &ScanOptions<'_>,
) -> io::Result<ArchiveScan> {
    let mut source = Source::new(bytes)?;
    let mut notes = AnomalyLog::default();
    let mut scan = ArchiveScan::of(source.len());
    if may_be_read(&mut source, form, limits, &mut notes)? {
        let mut walk = Walk {
            scan: &mut scan,
            shelf: KeepBudget::new(limits, look),
            depth: look.depth,
            limits,
            notes: &mut notes,
            named: 0,
        };
        match walk.all(&mut Stream::new(&mut source, form, limits)) {
            // A plain tar ends with its file.
            Ok(true) if form == Form::TarGz => behind(&mut source, &mut notes)?,
            Ok(true) => {}
            Ok(false) => {}
            Err(Stop::World(error)) => return Err(error),
            // No member was read: a truncated download, or another format.
            Err(Stop::Corrupt(says)) if scan.members.is_empty() => {
                notes.whole(Unreadable, format!("{says}, before its first member"))
            }
            Err(Stop::Corrupt(says)) => notes.whole(Corrupt, says),
            Err(Stop::TooLarge(says)) => notes.whole(TooLarge, says),
        }
        names::judge(scan.members.as_slice(), form, &mut notes);
    }
    scan.anomalies = notes.into_oddities();
    Ok(scan)
}

/// Returns `true` if the archive has the format of its name and is not too large.
fn may_be_read<R: Read + Seek>(
    source: &mut Source<R>,
    form: Form,
    limits: &Limits,
    notes: &mut AnomalyLog,
) -> io::Result<bool> {
    let packed = source.len();
    if let Some(says) = limits.refuse_packed(packed) {
        notes.whole(TooLarge, says);
        return Ok(false);
    }
    let is_gzip = source
        .bytes(0, 3)?
        .is_some_and(|start| start == [0x1f, 0x8b, 8]);
    if form == Form::Tar && is_gzip {
        notes.whole(
            Unreadable,
            "is compressed, and its name ends like that of a plain tar",
        );
        return Ok(false);
    }
    if form == Form::TarGz && !is_gzip {
        notes.whole(Unreadable, "is no gzip file");
        return Ok(false);
    }
    source.seek(SeekFrom::Start(0))?;
    Ok(true)
}

/// Checks the data after the gzip stream.
fn behind<R: Read + Seek>(source: &mut Source<R>, notes: &mut AnomalyLog) -> io::Result<()> {
    let at = source.stream_position()?;
    let left = source.len() - at;
    if left == 0 {
        return Ok(());
    }
    let is_gzip = source
        .bytes(at, 2)?
        .is_some_and(|start| start == [0x1f, 0x8b]);
    let says = if is_gzip {
        "has a second gzip stream behind the first".to_owned()
    } else {
        format!("has {left} bytes behind its end")
    };
    notes.whole(Ambiguous, says);
    Ok(())
}

/// Traversal of an archive.
struct Walk<'w, 'l> {
    scan: &'w mut ArchiveScan,
    shelf: KeepBudget<'l>,
    depth: Depth,
    limits: &'w Limits,
    notes: &'w mut AnomalyLog,
    /// Size of all names so far in bytes.
    named: u64,
}

impl Walk<'_, '_> {
    /// Handles the end of the stream. Missing end blocks are valid, but Python does not open an
    /// archive without any block.
    fn stop(&mut self) -> bool {
        if self.scan.members.is_empty() {
            self.notes.whole(
                Unreadable,
                "holds nothing, not even the blocks that end an archive",
            );
        }
        true
    }

    /// Traverses all members; returns `true` if the stream was read to its end.
    fn all<R: Read + Seek>(&mut self, stream: &mut Stream<'_, R>) -> Result<bool, Stop> {
        let mut extended = Extended::default();
        let mut block = [0; BLOCK];
        loop {
            match stream.fill(&mut block)? {
                0 => return Ok(self.stop()),
                BLOCK => {}
                _ => return Err(Stop::Corrupt("breaks off".to_owned())),
            }
            if block == [0; BLOCK] {
                return self.end(stream);
            }
            let header = Header::from_byte_slice(&block);
            let Some(size) = sound_size(header) else {
                self.no_header();
                return Ok(false);
            };
            match header.entry_type() {
                EntryType::GNULongName => extended.gnu_name(&text(stream, size)?),
                EntryType::GNULongLink => extended.gnu_link(&text(stream, size)?),
                EntryType::XHeader => extended.pax(&text(stream, size)?),
                EntryType::XGlobalHeader => self.global(&text(stream, size)?),
                _ => self.member(stream, header, size, &std::mem::take(&mut extended))?,
            }
        }
    }

    /// Handles the end marker, a block of zeros: Python stops there, others continue.
    fn end<R: Read + Seek>(&mut self, stream: &mut Stream<'_, R>) -> Result<bool, Stop> {
        let is_end = stream.is_zero_to_its_end()?;
        if !is_end {
            self.notes
                .whole(Ambiguous, "goes on behind the block that ends it");
        }
        Ok(is_end)
    }

    fn no_header(&mut self) {
        match self.scan.members.len() {
            0 => self.notes.whole(Unreadable, "holds no tar archive"),
            count => self.notes.whole(
                Corrupt,
                format!("has a broken header behind {count} members"),
            ),
        }
    }

    fn global(&mut self, text: &[u8]) {
        let mut extended = Extended::default();
        extended.pax(text);
        if extended.says_something() {
            self.notes.whole(
                Ambiguous,
                "gives all of its members one name or size by a global header",
            );
        }
    }

    fn member<R: Read + Seek>(
        &mut self,
        stream: &mut Stream<'_, R>,
        header: &Header,
        size: u64,
        extended: &Extended,
    ) -> Result<(), Stop> {
        let name = extended.name(header, self.notes);
        let size = self.size(header, size, extended, &name);
        self.named += name.len() as u64;
        if self.scan.members.len() >= self.limits.members {
            return Err(Stop::TooLarge(format!(
                "has more than {} members",
                self.scan.members.len()
            )));
        }
        if self.named > self.limits.names {
            return Err(Stop::TooLarge(format!(
                "has names of more than {} bytes",
                self.limits.names
            )));
        }
        let kind = kind(header.entry_type(), &name);
        self.judge(header, extended, &name, kind);
        skip_map(stream, header)?;
        let is_kept = kind == MemberKind::File && self.shelf.takes(&name, size);
        // Source distributions contain no hashes of their members. Without hashing, a
        // decompression bomb costs half.
        let mut basin = if is_kept {
            MemberSink::keeping()
        } else {
            MemberSink::counting()
        };
        let mut sum = (self.depth == Depth::Sums && kind == MemberKind::File).then(Sha1::new);
        stream.body(size, |piece| {
            basin.take(piece);
            if let Some(sum) = &mut sum {
                sum.update(piece);
            }
        })?;
        self.scan.unpacked += basin.size;
        let size = basin.size;
        let (sha256, bytes) = if kind == MemberKind::File {
            basin.finish()
        } else {
            (None, None)
        };
        let sha1 = sum.map(|sum| digest::hex(&sum.finalize()));
        self.scan.members.push(Member {
            name,
            kind,
            size,
            sha256,
            sha1,
            bytes,
        });
        Ok(())
    }

    /// Returns the number of bytes after the header.
    fn size(&mut self, header: &Header, size: u64, extended: &Extended, name: &str) -> u64 {
        if extended.size.is_some_and(|other| other != size) {
            self.notes.member(
                Ambiguous,
                name,
                "has another size in its extended header than in its own",
            );
        }
        let size = extended.size.unwrap_or(size);
        let has_body = !matches!(header.entry_type().as_byte(), b'1'..=b'6');
        if !has_body && size > 0 {
            self.notes.member(
                Ambiguous,
                name,
                "is no file and has a size, which some readers skip and others do not",
            );
        }
        if has_body { size } else { 0 }
    }

    fn judge(&mut self, header: &Header, extended: &Extended, name: &str, kind: MemberKind) {
        if extended.is_sparse || header.entry_type() == EntryType::GNUSparse {
            self.notes.member(
                Ambiguous,
                name,
                "is a sparse file, which is larger for some readers than for others",
            );
        }
        match kind {
            MemberKind::Other => self
                .notes
                .member(Link, name, "is neither a file nor a folder"),
            MemberKind::Link => {
                let target = extended.target(header);
                let is_hard = header.entry_type() == EntryType::Link;
                let (kind, verb) = if leaves(name, &target, is_hard) {
                    (Escaping, "links out of its folder, to")
                } else {
                    (Link, "is a link to")
                };
                self.notes
                    .member(kind, name, format!("{verb} `{}`", names::cut(&target)));
            }
            MemberKind::File | MemberKind::Folder => {}
        }
    }
}

/// Returns the size in a header with a correct checksum.
fn sound_size(header: &Header) -> Option<u64> {
    // The checksum counts its own eight bytes as spaces.
    let sum: u32 = header
        .as_bytes()
        .iter()
        .enumerate()
        .map(|(at, byte)| {
            if (148..156).contains(&at) {
                32
            } else {
                u32::from(*byte)
            }
        })
        .sum();
    // Sizes that are too large for octal are binary after a marker, and parsers differ in how
    // much of the field they read.
    let field = &header.as_old().size;
    let is_beyond_all = field[0] & 0x80 != 0 && (field[0] != 0x80 || field[1..4] != [0; 3]);
    if header.cksum().ok()? != sum || is_beyond_all {
        return None;
    }
    header.entry_size().ok()
}

fn kind(entry_type: EntryType, name: &str) -> MemberKind {
    match entry_type {
        EntryType::Regular | EntryType::Continuous | EntryType::GNUSparse
            if !name.ends_with('/') =>
        {
            MemberKind::File
        }
        // Pre-POSIX archives mark directories only by the trailing slash.
        EntryType::Regular
        | EntryType::Continuous
        | EntryType::GNUSparse
        | EntryType::Directory => MemberKind::Folder,
        EntryType::Link | EntryType::Symlink => MemberKind::Link,
        _ => MemberKind::Other,
    }
}

/// Returns `true` if a link leaves the archive. A symbolic link is relative to its directory, a
/// hard link to the root of the archive.
fn leaves(name: &str, target: &str, is_hard: bool) -> bool {
    let escapes_by_itself =
        names::escape(target).is_some_and(|_| !target.contains("..")) || target.contains('\\');
    let lies_in = if is_hard {
        0
    } else {
        name.split('/')
            .filter(|part| !matches!(*part, "" | "."))
            .count()
            .saturating_sub(1)
    };
    let mut depth = lies_in as i64;
    let climbs = target.split('/').any(|part| {
        depth += match part {
            "" | "." => 0,
            ".." => -1,
            _ => 1,
        };
        // The single directory of a source distribution is the root: files beside it do not
        // belong to the package.
        depth < 1 && part == ".."
    });
    escapes_by_itself || climbs
}

/// Returns the text after a header that describes the next one.
fn text<R: Read + Seek>(stream: &mut Stream<'_, R>, size: u64) -> Result<Vec<u8>, Stop> {
    if size > MOST_EXTENDED {
        return Err(Stop::TooLarge(format!(
            "has a name or an extended header of {size} bytes; {MOST_EXTENDED} is the most"
        )));
    }
    let mut text = Vec::new();
    stream.body(size, |piece| text.extend_from_slice(piece))?;
    Ok(text)
}

/// Skips the map of a GNU sparse file, which may continue in its own blocks.
fn skip_map<R: Read + Seek>(stream: &mut Stream<'_, R>, header: &Header) -> Result<(), Stop> {
    let mut goes_on = header.entry_type() == EntryType::GNUSparse
        && header.as_gnu().is_some_and(tar::GnuHeader::is_extended);
    while goes_on {
        let mut more = GnuExtSparseHeader::new();
        if stream.fill(more.as_mut_bytes())? < BLOCK {
            return Err(Stop::Corrupt("breaks off".to_owned()));
        }
        goes_on = more.is_extended();
    }
    Ok(())
}
