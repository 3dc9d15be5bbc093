//! Costs of archive scans: unpacked bytes, requests, memory. Also tests that a failing disk is not
//! reported as an archive error.

use std::cell::Cell;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use shopfront_archive::{AnomalyKind, ArchiveScan, Depth, Form, Limits, ScanOptions, scan};

use crate::error_pages;
use crate::malformed_archives::{self, Tricks};
use crate::scratch::Scratch;

const WHEEL: &str = "fiab_plugin_ocean-6.0.0-py3-none-any.whl";

fn is_metadata(name: &str) -> bool {
    name.contains(".dist-info/")
}

fn look(depth: Depth) -> ScanOptions<'static> {
    ScanOptions {
        depth,
        keep: &is_metadata,
    }
}

fn whole(bytes: &[u8], form: Form) -> ArchiveScan {
    scan(
        Cursor::new(bytes),
        form,
        &Limits::of(100),
        &look(Depth::Whole),
    )
    .unwrap()
}

fn kinds(scan: &ArchiveScan) -> Vec<AnomalyKind> {
    scan.anomalies.iter().map(|anomaly| anomaly.kind).collect()
}

/// Reader that counts read calls, and fails above a maximum.
struct Counted<'c> {
    bytes: Cursor<&'c [u8]>,
    asked: &'c Cell<usize>,
    most: usize,
}

impl Read for Counted<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.asked.set(self.asked.get() + 1);
        if self.asked.get() > self.most {
            return Err(io::Error::other("the disk is gone"));
        }
        self.bytes.read(into)
    }
}

impl Seek for Counted<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.bytes.seek(to)
    }
}

/// Returns the members of a wheel with this number of modules of 4 KB that compress poorly.
fn large_wheel(modules: usize) -> Vec<u8> {
    let mut state = 1u64;
    let mut noise = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as u8
    };
    let mut members: Vec<(String, Vec<u8>)> = (0..modules)
        .map(|number| {
            (
                format!("ocean/module_{number:05}.py"),
                (0..4096).map(|_| noise()).collect(),
            )
        })
        .collect();
    members.push((
        "ocean-1.0.dist-info/METADATA".to_owned(),
        b"Name: ocean\n".to_vec(),
    ));
    members.push(("ocean-1.0.dist-info/RECORD".to_owned(), vec![b'r'; 500_000]));
    malformed_archives::zip(members, &Tricks::default())
}

#[test]
fn a_directory_is_read_with_few_requests() {
    for (modules, most) in [(10, 1), (5_000, 3)] {
        let bytes = large_wheel(modules);
        let asked = Cell::new(0);
        let source = Counted {
            bytes: Cursor::new(&bytes),
            asked: &asked,
            most: usize::MAX,
        };
        let seen = scan(source, Form::Zip, &Limits::of(100), &look(Depth::Directory)).unwrap();
        assert_eq!(seen.anomalies, Vec::new());
        assert_eq!(seen.members.len(), modules + 2);
        assert_eq!(
            seen.bytes("ocean-1.0.dist-info/METADATA"),
            Some(&b"Name: ocean\n"[..])
        );
        assert!(
            asked.get() <= most,
            "{modules} modules cost {} requests",
            asked.get()
        );
    }
}

#[test]
fn a_disk_that_fails_is_an_error_and_no_oddity() {
    let sdist = malformed_archives::tar_gz(
        vec![("ocean-1.0/PKG-INFO".to_owned(), vec![b'x'; 300_000])],
        &Tricks::default(),
    );
    for (bytes, form) in [(large_wheel(100), Form::Zip), (sdist, Form::TarGz)] {
        let asked = Cell::new(0);
        let of = |most| {
            asked.set(0);
            scan(
                Counted {
                    bytes: Cursor::new(&bytes),
                    asked: &asked,
                    most,
                },
                form,
                &Limits::of(100),
                &look(Depth::Whole),
            )
        };
        assert_eq!(of(usize::MAX).unwrap().anomalies, Vec::new());
        for most in 0..asked.get() {
            let error = of(most).expect_err("a failing disk");
            assert_eq!(error.to_string(), "the disk is gone");
        }
    }
}

#[test]
fn source_distributions_as_tools_write_them_have_no_oddity() {
    let sound = [
        "{}",
        r#"{"endless": true, "global": "comment=made of a revision"}"#,
        r#"{"add": [{"name": "ocean-1.0/"}, {"name": "ocean-1.0/src/"}, {"name": "ocean-1.0/"}]}"#,
        r#"{"add": [{"name": "ocean-1.0/tides.bin", "zeros": 20000000}]}"#,
        r#"{"add": [{"name": "short", "long_name": "ocean-1.0/a/very/long/name/that/has/no/room.py", "text": "tide = 1\n"}]}"#,
        r#"{"add": [{"name": "short", "pax": ["mtime=1700000000.5", "path=ocean-1.0/marée.py", "size=9"], "text": "tide = 1\n"}]}"#,
    ];
    for tricks in sound {
        let members = vec![("ocean-1.0/PKG-INFO".to_owned(), b"Name: ocean\n".to_vec())];
        let seen = whole(
            &malformed_archives::tar_gz(members, &Tricks::parse(tricks)),
            Form::TarGz,
        );
        assert_eq!(seen.anomalies, Vec::new(), "{tricks}");
        assert!(
            seen.members
                .iter()
                .all(|member| member.name.starts_with("ocean-1.0/")),
            "{tricks}"
        );
    }
}

#[test]
fn a_tar_of_no_block_is_unreadable_and_one_of_no_member_is_empty() {
    assert_eq!(kinds(&whole(b"", Form::Tar)), [AnomalyKind::Unreadable]);
    assert_eq!(
        kinds(&whole(
            &malformed_archives::tar_gz(vec![], &Tricks::parse(r#"{"endless": true}"#)),
            Form::TarGz
        )),
        [AnomalyKind::Unreadable]
    );
    assert_eq!(kinds(&whole(&[0; 1024], Form::Tar)), []);
    assert_eq!(
        kinds(&whole(
            &malformed_archives::tar_gz(vec![], &Tricks::default()),
            Form::TarGz
        )),
        []
    );
}

#[test]
fn a_bomb_is_not_unpacked_beyond_what_the_limits_allow() {
    let module = || vec![("ocean/__init__.py".to_owned(), b"x = 1\n".to_vec())];
    let bombs = [
        // According to its header: none of it is unpacked.
        (
            r#"{"add": [{"name": "ocean/bomb.bin", "zeros": 10000000000}]}"#,
            AnomalyKind::TooLarge,
        ),
        // A hundred bytes according to its header: unpacking stops after them.
        (
            r#"{"add": [{"name": "ocean/bomb.bin", "zeros": 10000000000, "size": 100}]}"#,
            AnomalyKind::Corrupt,
        ),
    ];
    for (tricks, kind) in bombs {
        let seen = whole(
            &malformed_archives::zip(module(), &Tricks::parse(tricks)),
            Form::Zip,
        );
        assert_eq!(kinds(&seen), [kind]);
        let unpacked: u64 = seen
            .members
            .iter()
            .filter(|member| member.sha256.is_some())
            .map(|member| member.size)
            .sum();
        assert!(unpacked <= 6, "{unpacked} bytes of {tricks}");
    }
    let bytes = malformed_archives::tar_gz(module(), &Tricks::parse(r#"{"mebibytes": 10000}"#));
    let seen = whole(&bytes, Form::TarGz);
    assert!(kinds(&seen).contains(&AnomalyKind::TooLarge));
    assert!(
        seen.unpacked <= 50 * bytes.len() as u64,
        "{} bytes of {}",
        seen.unpacked,
        bytes.len()
    );
}

#[test]
fn a_hundred_thousand_members_with_one_name_are_one_fault() {
    let members = (0..50_000)
        .flat_map(|_| {
            [
                ("tides.py".to_owned(), Vec::new()),
                ("TIDES.py".to_owned(), Vec::new()),
            ]
        })
        .collect();
    let tricks = Tricks::parse(r#"{"count": 65535, "zip64": "right"}"#);
    let seen = whole(&malformed_archives::zip(members, &tricks), Form::Zip);
    assert_eq!(
        kinds(&seen),
        [AnomalyKind::Duplicate, AnomalyKind::CaseCollision]
    );
    assert_eq!(seen.anomalies[0].says, "is stored 50000 times");
}

#[test]
fn more_members_than_anybody_needs_are_not_listed() {
    let members = (0..100_001)
        .map(|number| (format!("{number}"), Vec::new()))
        .collect();
    let seen = whole(
        &malformed_archives::zip(
            members,
            &Tricks::parse(r#"{"count": 65535, "zip64": "right"}"#),
        ),
        Form::Zip,
    );
    assert_eq!(kinds(&seen), [AnomalyKind::TooLarge]);
    assert!(seen.members.is_empty());
}

/// Returns the peak memory of a process in KiB, as the system reports it while the process runs.
fn peak_of(mut child: Child) -> u64 {
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().unwrap().is_none() {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        peak = line
            .and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok())
            .unwrap_or(peak);
        thread::sleep(Duration::from_millis(1));
    }
    peak
}

fn inspecting(scratch: &Scratch, file: &Path) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shopfront"));
    command
        .arg("inspect")
        .arg(file)
        .arg("--root")
        .arg(scratch.path());
    command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// What is malformed in the wheel of a case.
#[cfg(target_os = "linux")]
fn bomb(code: &str, title: &str) -> Tricks {
    Tricks::read(
        &error_pages::case(code, title)
            .unpacked()
            .path()
            .join("dist")
            .join(WHEEL),
    )
}

#[test]
#[cfg(target_os = "linux")]
fn a_bomb_of_ten_gigabytes_costs_fifty_megabytes_at_most() {
    let scratch = Scratch::base();
    let file = |name: &str, bytes: &[u8]| {
        let path = scratch.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let module = || {
        vec![(
            "fiab_plugin_ocean/__init__.py".to_owned(),
            b"x = 1\n".to_vec(),
        )]
    };
    let sound = peak_of(inspecting(
        &scratch,
        &file(
            WHEEL,
            &malformed_archives::zip(module(), &Tricks::default()),
        ),
    ));
    assert!(sound > 0, "a process tells what it needs");
    let bombs = [
        (
            WHEEL,
            malformed_archives::zip(module(), &bomb("archive-too-large", "Example")),
        ),
        (
            WHEEL,
            malformed_archives::zip(module(), &bomb("corrupt-member", "bomb that says little")),
        ),
        (
            "fiab_plugin_ocean-6.0.0.tar.gz",
            malformed_archives::tar_gz(module(), &Tricks::parse(r#"{"mebibytes": 10000}"#)),
        ),
    ];
    for (name, bytes) in bombs {
        let peak = peak_of(inspecting(&scratch, &file(name, &bytes)));
        assert!(
            peak < sound + 50_000,
            "{name} of {} bytes: {peak} KiB; a sound wheel needs {sound}",
            bytes.len()
        );
    }
}
