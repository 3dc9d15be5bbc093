//! What lies in a stranger's archive, told without unpacking it to a disk and without trusting a
//! byte of it.
//!
//! [`scan`] walks an archive once, counts and hashes what is asked for, keeps the few members whose
//! text is wanted, and notes every anomaly: what one reader would take one way and another reader
//! another way, what would leave its folder, what would fill a disk. It decides nothing; the checks
//! do.

mod members;
mod names;
mod notes;
pub mod rpm;
mod source;
mod tar;
mod unpack;
mod zip;

use std::collections::BTreeMap;
use std::io::{Read, Seek};

pub use members::Members;

/// The forms of archives that packages come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Wheels, and the sdists of old.
    Zip,
    /// Sdists (PEP 625), npm's packages: `.tar.gz`, `.tgz`.
    TarGz,
    /// A tar that is not compressed.
    Tar,
    /// An RPM package: its header, and the list of files in it; its payload is not unpacked.
    Rpm,
}

/// What no archive may go beyond, whatever it says of itself.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of the archive itself.
    pub packed: u64,
    /// Bytes of all members together, unpacked.
    pub unpacked: u64,
    /// Members.
    pub members: usize,
    /// Bytes of all names together, with what stands beside them in the directory.
    pub names: u64,
    /// How many times larger than its archive the unpacked whole may be, once it is larger than
    /// [`Limits::ratio_floor`].
    pub ratio: u64,
    /// Bytes; below, any ratio is fine: a page of zeros hurts nobody.
    pub ratio_floor: u64,
    /// Bytes of one member that is kept.
    pub kept: usize,
    /// Bytes of all members that are kept.
    pub kept_in_all: usize,
}

impl Limits {
    /// The limits for an archive of at most `megabytes`. Ratio and floor are those of the public
    /// index: 50 above 64 MiB.
    pub fn of(megabytes: u64) -> Limits {
        Limits {
            packed: megabytes.saturating_mul(1_000_000),
            unpacked: 4 << 30,
            members: 100_000,
            names: 12 << 20,
            ratio: 50,
            ratio_floor: 64 << 20,
            // The RECORD of a wheel with 58,000 files has 7 MB.
            kept: 8 << 20,
            kept_in_all: 24 << 20,
        }
    }

    /// Bytes that an archive of `packed` bytes may have at most, unpacked.
    fn most_of(&self, packed: u64) -> u64 {
        self.unpacked
            .min(self.ratio_floor.max(packed.saturating_mul(self.ratio)))
    }

    /// Why an archive of `packed` bytes is refused before it is read.
    fn refuse_packed(&self, packed: u64) -> Option<String> {
        (packed > self.packed).then(|| format!("has {packed} bytes; {} is the most", self.packed))
    }

    /// Why an archive of `packed` bytes that has `unpacked`, or more, is refused.
    fn refuse(&self, unpacked: u64, packed: u64) -> Option<String> {
        if unpacked > self.unpacked {
            return Some(format!(
                "unpacks to {unpacked} bytes or more; {} is the most",
                self.unpacked
            ));
        }
        let times = self.ratio;
        (unpacked > self.most_of(packed)).then(|| {
            format!("unpacks to {unpacked} bytes or more, over {times} times its {packed}")
        })
    }
}

/// What to look at.
pub struct ScanOptions<'l> {
    /// How deep.
    pub depth: Depth,
    /// Whether the bytes of the member with this name are wanted.
    pub keep: &'l dyn Fn(&str) -> bool,
}

/// How deep a scan goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// Names and sizes as the directory tells them, and the members that are kept: enough where
    /// each read is a request.
    Directory,
    /// Every member is unpacked, counted and, in a zip, hashed.
    Whole,
    /// The same, and in a tar the SHA-1 of every file is taken: where a list in it says what they
    /// should be.
    Sums,
}

/// What was seen.
#[derive(Debug, Default)]
pub struct ArchiveScan {
    /// Everything in it, in the order of the archive.
    pub members: Members,
    /// Everything about it that is not as it should be.
    pub anomalies: Vec<Anomaly>,
    /// Bytes of the archive itself.
    pub packed: u64,
    /// Bytes of all members, as far as they were unpacked; else as they say.
    pub unpacked: u64,
    /// The header of an RPM package.
    pub rpm: Option<rpm::Header>,
}

impl ArchiveScan {
    /// The members of an archive of `packed` bytes, before anything is known of them.
    fn of(packed: u64) -> ArchiveScan {
        ArchiveScan {
            packed,
            ..ArchiveScan::default()
        }
    }

    /// The member with this name; of several, the first.
    pub fn member(&self, name: &str) -> Option<&Member> {
        self.members.named(name)
    }

    /// The bytes of the member with this name, where they were kept.
    pub fn bytes(&self, name: &str) -> Option<&[u8]> {
        self.member(name)?.bytes.as_deref()
    }

    /// Every text that was kept, by the path that diagnostics give it, which starts with the `path`
    /// of the archive.
    pub fn texts(&self, path: &str) -> BTreeMap<String, String> {
        let text = |member: &Member| {
            Some(
                std::str::from_utf8(self.bytes(&member.name)?)
                    .ok()?
                    .to_owned(),
            )
        };
        self.members
            .iter()
            .filter_map(|member| Some((format!("{path}/{}", member.name), text(member)?)))
            .collect()
    }

    /// Whether all its members are known; of an archive that can not be read to its end, nothing is
    /// missing for sure.
    pub fn is_listed_whole(&self) -> bool {
        let is_cut = |kind| {
            matches!(
                kind,
                AnomalyKind::Unreadable
                    | AnomalyKind::TooLarge
                    | AnomalyKind::Ambiguous
                    | AnomalyKind::Corrupt
            )
        };
        !self
            .anomalies
            .iter()
            .any(|anomaly| anomaly.member.is_none() && is_cut(anomaly.kind))
    }

    /// The plain files.
    pub fn files(&self) -> impl Iterator<Item = &Member> {
        self.members
            .iter()
            .filter(|member| member.kind == MemberKind::File)
    }
}

/// One thing in an archive.
#[derive(Clone, Debug)]
pub struct Member {
    /// Its name, as the archive writes it; not to be trusted as a path.
    pub name: String,
    /// What it is.
    pub kind: MemberKind,
    /// Its bytes, unpacked: counted where it was read, else as the archive says.
    pub size: u64,
    /// The SHA-256 of what is in it, in hexadecimal; `None` where it was not read, and in a tar
    /// unless it is kept.
    pub sha256: Option<String>,
    /// The SHA-1 of the same, in a tar that was looked at for [`Depth::Sums`].
    pub sha1: Option<String>,
    /// What is in it, where it was wanted and is not too large.
    pub bytes: Option<Vec<u8>>,
}

/// What a member is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberKind {
    /// A plain file.
    File,
    /// A folder.
    Folder,
    /// A symbolic or a hard link.
    Link,
    /// A device, a pipe, or what nobody knows.
    Other,
}

/// Something that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anomaly {
    /// What.
    pub kind: AnomalyKind,
    /// In which member; `None` when it is of the archive as a whole.
    pub member: Option<String>,
    /// In words that follow the name of the member or "the archive": `is stored twice`.
    pub says: String,
}

/// The kinds of anomalies; each has a code of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AnomalyKind {
    /// No archive of this form, or one that needs what installers do not have: another compression,
    /// a password.
    Unreadable,
    /// A member whose path is absolute, has a drive or a backslash, or climbs out with `..`.
    Escaping,
    /// A link, a device, a pipe.
    Link,
    /// Two members with one name.
    Duplicate,
    /// Two members whose names differ only in case, or in how Unicode composes them.
    CaseCollision,
    /// More bytes, members or ratio than [`Limits`] allow.
    TooLarge,
    /// What two readers would take in two ways: a second directory, bytes before or behind, sizes
    /// or names that differ between the directory and the member itself.
    Ambiguous,
    /// A member that does not unpack to what the archive says: checksum, length, stream.
    Corrupt,
}

/// Looks at the archive in `bytes`, which has `packed` bytes. What can not be read at all is an
/// anomaly too.
///
/// Time and memory are bounded by `limits`, whatever the archive says: nothing is unpacked beyond
/// them.
///
/// # Errors
/// When the world fails, not the archive: a disk or an index that does not give the bytes.
pub fn scan<R: Read + Seek>(
    bytes: R,
    form: Form,
    limits: &Limits,
    look: &ScanOptions<'_>,
) -> std::io::Result<ArchiveScan> {
    match form {
        Form::Zip => zip::scan(bytes, limits, look),
        Form::TarGz | Form::Tar => tar::scan(bytes, form, limits, look),
        Form::Rpm => rpm::scan(bytes, limits),
    }
}
