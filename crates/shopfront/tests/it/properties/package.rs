//! Properties of package files: for any bytes, they are read within limits, checked, and reported.

use std::io::Cursor;
use std::ops::Range;

use shopfront_archive::{ArchiveScan, Depth, Limits, Member, MemberKind};
use shopfront_check::checks::{self, PackageContext};
use shopfront_diagnostics::Span;
use shopfront_hosts as kinds;
use shopfront_model::adapter::HostVersions;
use shopfront_model::catalogue::Catalogue;
use shopfront_package::Package;
use shopfront_package::bindings::Bindings;
use shopfront_package::entry_points::EntryPoints;
use shopfront_package::facts::Facts;
use shopfront_package::file_name::FileName;
use shopfront_package::metadata::Metadata;
use shopfront_package::record::Record;

use super::{memory, snippet};

const FILE: &str = "fiab_plugin_ocean-6.0.0-py3-none-any.whl";
const INFO: &str = "fiab_plugin_ocean-6.0.0.dist-info";

/// Checks bytes as a wheel.
pub(super) fn wheel_holds(bytes: &[u8]) {
    let limits = Limits {
        unpacked: 1 << 20,
        kept: 64 << 10,
        kept_in_all: 256 << 10,
        ..Limits::of(1)
    };
    let file_name = FileName::parse(FILE).expect("the name of a wheel");
    let read = |depth| {
        Package::read(FILE, file_name.clone(), Cursor::new(bytes), &limits, depth)
            .expect("memory does not fail")
    };
    let package = read(Depth::Whole);
    assert!(package.scan.members.iter().all(|it| {
        it.bytes
            .as_ref()
            .is_none_or(|kept| kept.len() <= limits.kept)
    }));
    judge(&package);
    is_bounded(&package);
    judge(&read(Depth::Directory));
}

/// Fails unless the total number of member visits is bounded per member, for any package.
fn is_bounded(package: &Package) {
    const HOSTS: usize = 2;
    let (members, visits) = (package.scan.members.len(), package.scan.members.visits());
    assert!(
        visits <= (members + 10) * 100 * HOSTS,
        "{visits} visits of {members} members"
    );
}

/// Checks bytes as the `METADATA` of a wheel.
pub(super) fn metadata_holds(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let metadata = Metadata::parse(text);
    let mut from = 0;
    for field in &metadata.fields {
        let written = text[from..]
            .get(..field.bytes.start - from)
            .expect("fields stand in the order of the text");
        assert!(
            written
                .trim_end_matches([' ', '\t', ':'])
                .ends_with(&field.name),
            "`{}` stands before its value",
            field.name
        );
        let value: Vec<&str> = text[field.bytes.clone()]
            .split(['\n', '\r'])
            .filter(|line| !line.is_empty())
            .collect();
        assert_eq!(
            field
                .value
                .split('\n')
                .filter(|line| !line.is_empty())
                .collect::<Vec<_>>(),
            value
        );
        from = field.bytes.end;
    }
    assert!(
        metadata
            .body
            .as_ref()
            .is_none_or(|body| from <= body.start && body.end == text.len())
    );
    all_are_in(text, metadata.flaws.iter().map(|flaw| &flaw.bytes));
    let mut package = with_text("METADATA", text);
    package.metadata = Some(metadata);
    judge(&package);
}

/// Checks bytes as the `RECORD` of a wheel.
pub(super) fn record_holds(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let record = Record::parse(text);
    let mut from = 0;
    for line in &record.lines {
        assert!(
            from <= line.bytes.start,
            "lines stand in the order of the text"
        );
        assert!(line.sha256().is_none_or(|it| it.len() == 64));
        from = line.bytes.end;
        // The line alone gives the same result, except for line ends within quotes.
        if text[line.bytes.clone()].contains(['\n', '\r']) {
            continue;
        }
        let alone = Record::parse(&text[line.bytes.clone()]);
        assert_eq!(
            alone.lines.first().map(|it| (&it.path, &it.hash, it.size)),
            Some((&line.path, &line.hash, line.size)),
            "{line:?}"
        );
    }
    all_are_in(
        text,
        record
            .lines
            .iter()
            .map(|line| &line.bytes)
            .chain(record.flaws.iter().map(|flaw| &flaw.bytes)),
    );
    let mut package = with_text("RECORD", text);
    package.record = Some(record);
    judge(&package);
}

/// Checks bytes as the `entry_points.txt` of a wheel.
pub(super) fn entry_points_hold(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let entry_points = EntryPoints::parse(text);
    all_are_in(
        text,
        entry_points
            .all
            .iter()
            .map(|it| &it.bytes)
            .chain(entry_points.flaws.iter().map(|flaw| &flaw.bytes)),
    );
    for it in &entry_points.all {
        assert!(
            text[it.bytes.clone()].starts_with(&it.module)
                && !it.module.is_empty()
                && !it.name.is_empty()
        );
        assert!(it.attribute.is_empty() || text[it.bytes.clone()].contains(&it.attribute));
    }
    if entry_points.flaws.is_empty() {
        let line = |it: &shopfront_package::entry_points::EntryPoint| {
            let object = if it.attribute.is_empty() {
                it.module.clone()
            } else {
                format!("{}:{}", it.module, it.attribute)
            };
            (
                it.group.clone(),
                format!("{} = {object} [{}]\n", it.name, it.extras.join(",")),
            )
        };
        let again: String = entry_points
            .all
            .iter()
            .map(line)
            .map(|(group, line)| format!("[{group}]\n{line}"))
            .collect();
        let same = |one: &EntryPoints| one.all.iter().map(line).collect::<Vec<_>>();
        assert_eq!(
            same(&EntryPoints::parse(&again)),
            same(&entry_points),
            "what was read can be written and read again"
        );
    }
    let mut package = with_text("entry_points.txt", text);
    package.entry_points = Some(entry_points);
    judge(&package);
}

/// Checks bytes as the source of a module.
pub(super) fn bindings_hold(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let bindings = Bindings::parse(text);
    all_are_in(
        text,
        bindings
            .names
            .values()
            .map(|it| &it.bytes)
            .chain(bindings.error.iter().map(|(bytes, _)| bytes)),
    );
    for (name, binding) in &bindings.names {
        // Python normalizes identifiers (NFKC), so other scripts may be written differently.
        let written = &text[binding.bytes.clone()];
        assert!(
            written.starts_with(name.as_str())
                || !written.is_ascii()
                || written.contains(['\\', '\n', '\r', ' ', '\t', '\x0c']),
            "{name} is not {written}"
        );
    }
    assert_eq!(bindings, Bindings::parse(text));
}

/// Returns a wheel with one text file in its metadata directory.
fn with_text(file: &str, text: &str) -> Package {
    let member = Member {
        name: format!("{INFO}/{file}"),
        kind: MemberKind::File,
        size: text.len() as u64,
        sha256: Some(shopfront_text::digest::sha256(text.as_bytes())),
        sha1: None,
        bytes: Some(text.as_bytes().to_vec()),
    };
    let limits = Limits::of(1);
    let file_name = FileName::parse(FILE).expect("the name of a wheel");
    let empty = Package::read(FILE, file_name, Cursor::new([]), &limits, Depth::Directory)
        .expect("memory does not fail");
    let scan = ArchiveScan {
        members: vec![member].into(),
        ..ArchiveScan::default()
    };
    Package {
        scan,
        info_folder: Some(INFO.to_owned()),
        ..empty
    }
}

/// Runs every check for each host, and renders the results.
fn judge(package: &Package) {
    let _ = serde_json::to_string(&Facts::of(package)).expect("facts are JSON");
    let catalogue: &Catalogue = &memory::CATALOGUE;
    let _ = kinds::host_of(package, catalogue);
    let texts = package.texts();
    for host in catalogue.hosts.values() {
        let versions = HostVersions::default();
        let found = checks::run_package(&PackageContext {
            package,
            host: Some(host),
            versions: &versions,
            catalogue,
        });
        for place in found
            .iter()
            .flat_map(|it| std::iter::once(&it.primary).chain(&it.secondary))
            .map(|label| &label.place)
        {
            let Span::Bytes(bytes, _) = &place.spot else {
                continue;
            };
            assert!(
                texts
                    .get(&place.path)
                    .is_none_or(|text| text.get(bytes.clone()).is_some()),
                "{place:?} is in its text"
            );
        }
        let files = texts
            .iter()
            .map(|(path, text)| (path.clone(), text.clone().into_bytes()))
            .collect();
        snippet::told_in_most_formats(&found, &files);
    }
}

fn all_are_in<'r>(text: &str, mut ranges: impl Iterator<Item = &'r Range<usize>>) {
    assert_eq!(
        ranges.find(|range| text.get((*range).clone()).is_none()),
        None,
        "every place is one of the text"
    );
}
