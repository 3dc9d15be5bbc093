//! Scanner of untrusted archives, which unpacks nothing to disk and trusts no byte of them.
//!
//! [`scan`] processes an archive once, counts and hashes the requested members, and keeps the few
//! whose text is needed. It records every anomaly: data that parsers interpret differently, paths
//! that leave the directory, sizes that would fill a disk. It makes no decisions; the checks do.

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

/// Archive formats of packages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Zip: wheels, and old sdists.
    Zip,
    /// Gzipped tar: sdists (PEP 625) and npm packages, `.tar.gz`, `.tgz`.
    TarGz,
    /// Uncompressed tar.
    Tar,
    /// RPM package: its header, and its list of files; its payload is not unpacked.
    Rpm,
}

/// Limits for every archive, independent of its own declarations.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Maximum size of the archive itself in bytes.
    pub packed: u64,
    /// Maximum unpacked size of all members in bytes.
    pub unpacked: u64,
    /// Maximum number of members.
    pub members: usize,
    /// Maximum size of all names in bytes, including the data beside them in the directory.
    pub names: u64,
    /// Maximum ratio of unpacked to packed size, applied to unpacked sizes above
    /// [`Limits::ratio_floor`].
    pub ratio: u64,
    /// Unpacked size in bytes below which any ratio is allowed: a page of zeros is harmless.
    pub ratio_floor: u64,
    /// Maximum size of one kept member in bytes.
    pub kept: usize,
    /// Maximum size of all kept members in bytes.
    pub kept_in_all: usize,
}

impl Limits {
    /// Returns the limits for an archive of at most `megabytes`. Ratio and floor are those of the
    /// public index: 50 above 64 MiB.
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

    /// Returns the maximum unpacked size in bytes for an archive of `packed` bytes.
    fn most_of(&self, packed: u64) -> u64 {
        self.unpacked
            .min(self.ratio_floor.max(packed.saturating_mul(self.ratio)))
    }

    /// Returns the reason why an archive of `packed` bytes is rejected before it is read.
    fn refuse_packed(&self, packed: u64) -> Option<String> {
        (packed > self.packed).then(|| format!("has {packed} bytes; {} is the most", self.packed))
    }

    /// Returns the reason why an archive of `packed` bytes with at least `unpacked` bytes is
    /// rejected.
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

/// Options of a scan.
pub struct ScanOptions<'l> {
    /// Depth of the scan.
    pub depth: Depth,
    /// Predicate for members whose bytes are needed, by name.
    pub keep: &'l dyn Fn(&str) -> bool,
}

/// Depth of a scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// Names and sizes from the directory, and the kept members: sufficient if each read is a
    /// request.
    Directory,
    /// All members are unpacked, counted and, in a zip, hashed.
    Whole,
    /// Same as [`Depth::Whole`], with the SHA-1 of every file in a tar: for archives with a list
    /// of checksums.
    Sums,
}

/// Result of a scan.
#[derive(Debug, Default)]
pub struct ArchiveScan {
    /// All members in the order of the archive.
    pub members: Members,
    /// All anomalies of the archive.
    pub anomalies: Vec<Anomaly>,
    /// Size of the archive itself in bytes.
    pub packed: u64,
    /// Unpacked size of all members in bytes; declared sizes for members that were not unpacked.
    pub unpacked: u64,
    /// Header of an RPM package.
    pub rpm: Option<rpm::Header>,
}

impl ArchiveScan {
    /// Returns the empty scan of an archive of `packed` bytes.
    fn of(packed: u64) -> ArchiveScan {
        ArchiveScan {
            packed,
            ..ArchiveScan::default()
        }
    }

    /// Returns the member with this name; of several, the first.
    pub fn member(&self, name: &str) -> Option<&Member> {
        self.members.named(name)
    }

    /// Returns the bytes of the member with this name, if kept.
    pub fn bytes(&self, name: &str) -> Option<&[u8]> {
        self.member(name)?.bytes.as_deref()
    }

    /// Returns all kept texts by their path in diagnostics, which starts with the `path` of the
    /// archive.
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

    /// Returns `true` if all members are known. If an archive cannot be read to its end, no
    /// member can be called missing.
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

    /// Returns the plain files.
    pub fn files(&self) -> impl Iterator<Item = &Member> {
        self.members
            .iter()
            .filter(|member| member.kind == MemberKind::File)
    }
}

/// Member of an archive.
#[derive(Clone, Debug)]
pub struct Member {
    /// Name as written in the archive; not a trusted path.
    pub name: String,
    /// Type of the member.
    pub kind: MemberKind,
    /// Unpacked size in bytes: counted if it was read, otherwise as declared.
    pub size: u64,
    /// SHA-256 of its content in hexadecimal; `None` if it was not read, and in a tar unless it
    /// is kept.
    pub sha256: Option<String>,
    /// SHA-1 of its content, in a tar that was scanned with [`Depth::Sums`].
    pub sha1: Option<String>,
    /// Content, if needed and within the limits.
    pub bytes: Option<Vec<u8>>,
}

/// Types of members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberKind {
    /// Plain file.
    File,
    /// Directory.
    Folder,
    /// Symbolic or hard link.
    Link,
    /// Device, pipe, or unknown type.
    Other,
}

/// Anomaly of an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anomaly {
    /// Kind of the anomaly.
    pub kind: AnomalyKind,
    /// Name of the affected member; `None` for the archive as a whole.
    pub member: Option<String>,
    /// Description, worded to follow the name of the member or "the archive": `is stored twice`.
    pub says: String,
}

/// Kinds of anomalies; each has its own code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AnomalyKind {
    /// Not an archive of this format, or one that needs features that installers lack: another
    /// compression, a password.
    Unreadable,
    /// Member whose path is absolute, has a drive or a backslash, or leaves the directory with
    /// `..`.
    Escaping,
    /// Link, device or pipe.
    Link,
    /// Two members with the same name.
    Duplicate,
    /// Two members whose names differ only in case, or in their Unicode composition.
    CaseCollision,
    /// More bytes, members or ratio than [`Limits`] allow.
    TooLarge,
    /// Data that two parsers interpret differently: a second directory, bytes before or after the
    /// archive. Also sizes or names that differ between the directory and the member.
    Ambiguous,
    /// Member whose unpacked data differs from its declaration: checksum, length, stream.
    Corrupt,
}

/// Scans the archive in `bytes`, which has `packed` bytes. Unreadable content is an anomaly too.
///
/// Time and memory are bounded by `limits` for any archive: nothing is unpacked beyond them.
///
/// # Errors
/// Returns an error for I/O failures only: a disk or an index that does not provide the bytes.
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
