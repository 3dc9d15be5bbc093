//! Properties of untrusted archives: results are bounded, reports are short, and other readers
//! agree on archives without anomalies.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

use flate2::Compression;
use flate2::bufread::GzDecoder;
use flate2::write::GzEncoder;
use shopfront_archive::{ArchiveScan, Depth, Form, Limits, MemberKind, ScanOptions, scan};
use shopfront_text::digest::sha256;

/// Small limits, so that the fuzzer is fast.
const LIMITS: Limits = Limits {
    packed: 1 << 20,
    unpacked: 4 << 20,
    members: 500,
    names: 16 << 10,
    ratio: 50,
    ratio_floor: 1 << 20,
    kept: 4 << 20,
    kept_in_all: 8 << 20,
};

/// Checks an archive. The first byte selects the format of the others: a zip, a gzipped tar, or a
/// tar that is gzipped here.
pub(super) fn holds(bytes: &[u8]) {
    let Some((first, rest)) = bytes.split_first() else {
        return;
    };
    match first {
        b'G' => all_holds(rest, Form::TarGz),
        b'T' => all_holds(&gzipped(rest), Form::TarGz),
        _ => all_holds(rest, Form::Zip),
    }
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("memory takes all");
    encoder.finish().expect("memory takes all")
}

fn all_holds(bytes: &[u8], form: Form) {
    let look = |depth| ScanOptions {
        depth,
        keep: &|name: &str| !name.ends_with(".bin"),
    };
    let of = |depth| {
        scan(Cursor::new(bytes), form, &LIMITS, &look(depth))
            .expect("no archive is an error of the world")
    };
    let (whole, directory) = (of(Depth::Whole), of(Depth::Directory));
    bounded(&whole, bytes);
    bounded(&directory, bytes);
    let names = |scan: &ArchiveScan| {
        scan.members
            .iter()
            .map(|member| member.name.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        names(&whole),
        names(&directory),
        "both depths list the same members"
    );
    if whole.anomalies.is_empty() {
        assert!(
            directory.anomalies.is_empty(),
            "what is sound as a whole is sound at first sight"
        );
        let others = if form == Form::Zip {
            Some(by_zip(bytes))
        } else {
            by_tar(bytes)
        };
        let differs = others.is_some_and(|others| others != files(&whole));
        assert!(
            !differs,
            "nothing is odd, and other readers find other files"
        );
    }
}

fn bounded(scan: &ArchiveScan, bytes: &[u8]) {
    assert_eq!(scan.packed, bytes.len() as u64);
    assert!(scan.members.len() <= LIMITS.members + 1);
    assert!(scan.anomalies.len() <= 8 * 17);
    let kept: Vec<_> = scan
        .members
        .iter()
        .filter_map(|member| Some((member, member.bytes.as_ref()?)))
        .collect();
    assert!(kept.iter().map(|(_, bytes)| bytes.len()).sum::<usize>() <= LIMITS.kept_in_all);
    for (member, bytes) in kept {
        assert_eq!(member.size, bytes.len() as u64);
        assert_eq!(member.sha256.as_deref(), Some(sha256(bytes).as_str()));
    }
}

/// Regular files by name, with their sizes, and their contents if requested.
type Files = BTreeMap<String, (u64, Option<Vec<u8>>)>;

fn files(scan: &ArchiveScan) -> Files {
    scan.files()
        .map(|member| (member.name.clone(), (member.size, member.bytes.clone())))
        .collect()
}

fn told(name: &str, bytes: Vec<u8>) -> (String, (u64, Option<Vec<u8>>)) {
    let size = bytes.len() as u64;
    (
        name.to_owned(),
        (size, (!name.ends_with(".bin")).then_some(bytes)),
    )
}

/// Reads the archive with the crate `zip`.
fn by_zip(bytes: &[u8]) -> Files {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a sound zip");
    let mut found = BTreeMap::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).expect("a sound member");
        if !file.is_file() {
            continue;
        }
        let mut content = Vec::new();
        file.read_to_end(&mut content).expect("a sound member");
        let name = file.name().expect("a sound name").into_owned();
        found.extend([told(&name, content)]);
    }
    found
}

/// Reads the archive with the crate `tar`. It does not support line breaks in pax values, which are
/// valid.
fn by_tar(bytes: &[u8]) -> Option<Files> {
    let mut archive = tar::Archive::new(GzDecoder::new(bytes));
    let mut found = BTreeMap::new();
    for entry in archive.entries().ok()? {
        let mut entry = entry.ok()?;
        let name = String::from_utf8(entry.path_bytes().into_owned()).expect("a sound name");
        let mut content = Vec::new();
        entry.read_to_end(&mut content).ok()?;
        if matches!(kind(entry.header().entry_type(), &name), MemberKind::File) {
            found.extend([told(&name, content)]);
        }
    }
    Some(found)
}

fn kind(entry_type: tar::EntryType, name: &str) -> MemberKind {
    match entry_type {
        tar::EntryType::Regular | tar::EntryType::Continuous if !name.ends_with('/') => {
            MemberKind::File
        }
        _ => MemberKind::Other,
    }
}
