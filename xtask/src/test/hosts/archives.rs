//! Step `archives`: Python extracts the same contents as this program from every archive without
//! anomalies.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::Path;

use serde::Deserialize;

use super::super::TestHarness;
use super::super::prerequisites;
use super::{Known, all_known, told};
use shopfront_archive::{
    self as archive, ArchiveScan, Depth, Form, Limits, MemberKind, ScanOptions,
};
use shopfront_diagnostics::error::{Context, Error};
use shopfront_text::digest;

/// Malformed archives of the tests.
const CORPORA: &[&str] = &["fuzz/corpus/archive", "fuzz/corpus/wheel"];
/// Archives that only Python refuses, with reasons.
const KNOWN: &str = "xtask/tests/fixtures/others/python/archives.json";
/// Directory of the archives, below `target/`.
const FOLDER: &str = "test-hosts/archives";

/// Output of Python for an archive.
#[derive(Deserialize)]
struct RunOutput {
    file: String,
    /// Reason why Python refuses it.
    refused: Option<String>,
    files: Option<Files>,
}

/// Files by name with the SHA-256 of their contents, directories without one. Other members have a
/// word instead.
type Files = BTreeMap<String, Option<String>>;

/// Number of archives per result.
#[derive(Default)]
struct Counts {
    same: usize,
    both_refuse: usize,
    only_we_refuse: BTreeMap<String, usize>,
}

/// Reads archives with Python and with this program, and compares the results.
pub(super) fn run(bench: &TestHarness<'_>) -> Vec<String> {
    try_run(bench).unwrap_or_else(|error| vec![error.to_string()])
}

fn try_run(bench: &TestHarness<'_>) -> Result<Vec<String>, Error> {
    let folder = bench.empty_folder(FOLDER)?;
    let out = folder.display().to_string();
    let script = bench
        .root
        .join(super::SCRIPTS)
        .join("read_archives.py")
        .display()
        .to_string();
    let arguments = [
        &["-X", "utf8", "-W", "ignore", &script][..],
        CORPORA,
        &[&out],
    ]
    .concat();
    let faults = bench.run_in(
        &bench.root,
        &prerequisites::packaging_python(bench),
        &arguments,
        &[],
    );
    if !faults.is_empty() {
        return Ok(faults);
    }
    let theirs: Vec<RunOutput> = serde_json::from_str(&bench.text(&folder, "theirs.json")?)
        .with_context(|| "reading theirs.json".to_owned())?;
    let mut known = all_known(bench, KNOWN)?;
    let mut counts = Counts::default();
    let mut faults = Vec::new();
    for it in &theirs {
        faults.extend(compare(
            it,
            &scan(bench, &folder, &it.file)?,
            &mut known,
            &mut counts,
        ));
    }
    let refused = counts.only_we_refuse.values().sum::<usize>();
    let Counts {
        same,
        both_refuse,
        only_we_refuse,
    } = counts;
    bench.say(&format!("{} archives: both read the same in {same}, both refuse {both_refuse}, only we refuse {refused}:", theirs.len()));
    for (kind, count) in only_we_refuse {
        bench.say(&format!("{count:6} {kind}"));
    }
    Ok(told(bench, faults, KNOWN, &known))
}

/// Returns the differences for one archive.
fn compare(
    theirs: &RunOutput,
    ours: &ArchiveScan,
    known: &mut [Known],
    counts: &mut Counts,
) -> Option<String> {
    let file = &theirs.file;
    match (&theirs.files, ours.anomalies.first()) {
        (None, Some(_)) => counts.both_refuse += 1,
        (Some(_), Some(anomaly)) => {
            *counts
                .only_we_refuse
                .entry(format!("{:?}", anomaly.kind))
                .or_default() += 1
        }
        (Some(files), None) if *files == files_of(ours) => counts.same += 1,
        (Some(files), None) => {
            return Some(format!(
                "{file}: Python reads {files:?}, and we read {:?}",
                files_of(ours)
            ));
        }
        (None, None) => {
            let why = format!(
                "{file}: only Python refuses it: {}",
                theirs.refused.as_deref().unwrap_or_default()
            );
            return (!Known::explains(known, &why)).then_some(why);
        }
    }
    None
}

fn files_of(scan: &ArchiveScan) -> Files {
    let told = |kind, bytes: Option<&[u8]>| match kind {
        MemberKind::File => Some(bytes.map_or_else(|| "not kept".to_owned(), digest::sha256)),
        MemberKind::Folder => None,
        MemberKind::Link | MemberKind::Other => Some("neither".to_owned()),
    };
    let name = |name: &str, kind| {
        if kind == MemberKind::Folder {
            name.trim_end_matches('/').to_owned()
        } else {
            name.to_owned()
        }
    };
    scan.members
        .iter()
        .map(|it| (name(&it.name, it.kind), told(it.kind, it.bytes.as_deref())))
        .collect()
}

fn scan(bench: &TestHarness<'_>, folder: &Path, file: &str) -> Result<ArchiveScan, Error> {
    let bytes = Cursor::new(bench.bytes(folder, file)?);
    let form = match file {
        _ if file.ends_with(".zip") => Form::Zip,
        _ if file.ends_with(".tar.gz") => Form::TarGz,
        _ => Form::Tar,
    };
    let look = ScanOptions {
        depth: Depth::Whole,
        keep: &|_| true,
    };
    archive::scan(bytes, form, &Limits::of(1), &look).with_context(|| format!("reading {file}"))
}
