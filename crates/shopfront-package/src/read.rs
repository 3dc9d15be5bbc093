//! Reader from the bytes of a package file to a [`Package`]: first the texts of its metadata,
//! then the sources that they name.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Seek};
use std::str::FromStr;

use pep440_rs::Version;

use super::bindings::Bindings;
use super::entry_points::EntryPoints;
use super::file_name::FileName;
use super::metadata::Metadata;
use super::modules::{self, Module};
use super::record::Record;
use super::{Package, ParseIssue};
use shopfront_archive::{self as archive, ArchiveScan, Depth, Limits, MemberKind, ScanOptions};
use shopfront_text::names::normal_project;

/// Texts of the metadata directory that are read.
const TEXTS: &[&str] = &[
    "METADATA",
    "WHEEL",
    "RECORD",
    "entry_points.txt",
    "top_level.txt",
    "namespace_packages.txt",
];

/// Maximum number of parsed sources, which limits the time for any wheel.
const MOST_SOURCES: usize = 32;

impl Package {
    /// Reads the package at `path` from its `bytes`. `depth` is [`Depth::Directory`] if each read
    /// is a request.
    ///
    /// # Errors
    /// Returns an error if the bytes cannot be read. An invalid package is a [`Package`] with
    /// anomalies.
    pub fn read<R: Read + Seek>(
        path: &str,
        file_name: FileName,
        bytes: R,
        limits: &Limits,
        depth: Depth,
    ) -> std::io::Result<Package> {
        match &file_name {
            FileName::Wheel(_) => wheel(path, file_name, bytes, limits, depth),
            FileName::Sdist(_) => sdist(path, file_name, bytes, limits, depth),
        }
    }
}

/// Reads a wheel in two passes. The first reads only the directory and the metadata. The list of
/// members and the entry points then determine the sources of the second.
fn wheel<R: Read + Seek>(
    path: &str,
    file_name: FileName,
    mut bytes: R,
    limits: &Limits,
    depth: Depth,
) -> std::io::Result<Package> {
    let first = archive::scan(
        &mut bytes,
        file_name.form(),
        limits,
        &ScanOptions {
            depth: Depth::Directory,
            keep: &is_wanted_text,
        },
    )?;
    let mut package = described(path, file_name, first);
    let sources = sources(&package);
    if depth == Depth::Directory && sources.is_empty() {
        return Ok(package);
    }
    let keep = |name: &str| is_wanted_text(name) || sources.contains(name);
    package.scan = archive::scan(
        &mut bytes,
        package.file_name.form(),
        limits,
        &ScanOptions { depth, keep: &keep },
    )?;
    let parsed = |source: &String| Some((source.clone(), Bindings::parse(package.text(source)?)));
    package.bindings = sources.iter().filter_map(parsed).collect();
    Ok(package)
}

fn sdist<R: Read + Seek>(
    path: &str,
    file_name: FileName,
    bytes: R,
    limits: &Limits,
    depth: Depth,
) -> std::io::Result<Package> {
    let keep = |name: &str| {
        name.split_once('/')
            .is_some_and(|(_, file)| file == "PKG-INFO")
    };
    let scan = archive::scan(
        bytes,
        file_name.form(),
        limits,
        &ScanOptions { depth, keep: &keep },
    )?;
    Ok(described(path, file_name, scan))
}

/// Returns the package without the bindings of its sources.
fn described(path: &str, file_name: FileName, scan: ArchiveScan) -> Package {
    let info_folder = info_folder(&file_name, &scan);
    let nothing = Package {
        path: path.to_owned(),
        file_name,
        scan,
        info_folder,
        metadata: None,
        record: None,
        entry_points: None,
        modules: Vec::new(),
        bindings: BTreeMap::new(),
    };
    let is_wheel = matches!(nothing.file_name, FileName::Wheel(_));
    let text_of = |member: Option<String>| member.and_then(|member| text(&nothing.scan, &member));
    let info_text = |file: &str| text_of(nothing.info_member(file).filter(|_| is_wheel));
    let metadata = text_of(nothing.metadata_member())
        .map(|text| text.map_or_else(Metadata::unreadable, Metadata::parse));
    let record =
        info_text("RECORD").map(|text| text.map_or_else(Record::unreadable, Record::parse));
    let entry_points = info_text("entry_points.txt")
        .map(|text| text.map_or_else(EntryPoints::unreadable, EntryPoints::parse));
    let namespaces = info_text("namespace_packages.txt")
        .and_then(Result::ok)
        .unwrap_or_default();
    let names = nothing
        .scan
        .files()
        .map(|member| member.name.as_str())
        .filter(|_| is_wheel);
    let modules = modules::modules(names, namespaces);
    Package {
        metadata,
        record,
        entry_points,
        modules,
        ..nothing
    }
}

fn is_wanted_text(name: &str) -> bool {
    // Python reads a file of paths at every start, and may execute lines of it.
    let is_path_file = name.ends_with(".pth")
        && modules::installed_path(name).is_some_and(|path| !path.contains('/'));
    is_path_file
        || name
            .split_once('/')
            .is_some_and(|(folder, file)| folder.ends_with(".dist-info") && TEXTS.contains(&file))
}

/// Returns the text of an existing member, or a problem if it cannot be read as text.
fn text<'s>(scan: &'s ArchiveScan, member: &str) -> Option<Result<&'s str, ParseIssue>> {
    let found = scan
        .member(member)
        .filter(|found| found.kind == MemberKind::File)?;
    let flaw = |says: String| ParseIssue {
        bytes: 0..0,
        says,
        help: None,
    };
    let Some(bytes) = &found.bytes else {
        return Some(Err(flaw(format!(
            "`{member}` can not be read: it is too large, or broken"
        ))));
    };
    Some(std::str::from_utf8(bytes).map_err(|cause| {
        let mut flaw = flaw(format!(
            "`{member}` is not UTF-8: byte {} is no character",
            cause.valid_up_to() + 1
        ));
        flaw.help = Some("save it as UTF-8".to_owned());
        flaw
    }))
}

/// Returns the `.dist-info` directory with the name of the file, otherwise one of its project,
/// otherwise the first. The root directory of an sdist is selected in the same way.
fn info_folder(file_name: &FileName, scan: &ArchiveScan) -> Option<String> {
    let is_wheel = matches!(file_name, FileName::Wheel(_));
    let mut folders: Vec<&str> = Vec::new();
    for member in scan.members.iter() {
        let top = member
            .name
            .split_once('/')
            .map(|(top, rest)| (top, rest, top.strip_suffix(".dist-info")));
        let Some((top, rest, stem)) = top else {
            continue;
        };
        let is_one = if is_wheel {
            stem.is_some()
        } else {
            rest == "PKG-INFO"
        };
        if is_one && folders.len() < 100 && !folders.contains(&top) {
            folders.push(top);
        }
    }
    let weight = |folder: &&&str| {
        let stem = folder.strip_suffix(".dist-info").unwrap_or(folder);
        let (name, version) = stem.rsplit_once('-').unwrap_or((stem, ""));
        let has_name = normal_project(name) == normal_project(file_name.distribution());
        (!has_name, !same_version(version, file_name.version()))
    };
    folders
        .iter()
        .min_by_key(weight)
        .map(|folder| (*folder).to_owned())
}

/// Returns `true` if two spellings represent one version (PEP 440).
pub(crate) fn same_version(one: &str, other: &str) -> bool {
    match (Version::from_str(one), Version::from_str(other)) {
        (Ok(one), Ok(other)) => one == other,
        _ => one == other,
    }
}

/// Returns the members whose bindings are needed: the sources of the modules, and of the modules
/// in entry points.
fn sources(package: &Package) -> BTreeSet<String> {
    let installed: BTreeMap<&str, &str> = package
        .scan
        .files()
        .filter_map(|it| Some((modules::installed_path(&it.name)?, it.name.as_str())))
        .collect();
    let named = package
        .entry_points
        .iter()
        .flat_map(|it| &it.all)
        .filter_map(|it| member_of(&it.module, &installed));
    let own = package
        .modules
        .iter()
        .filter_map(|module: &Module| module.source.clone());
    let mut sources = BTreeSet::new();
    // Entry points come first: in a package with very many modules, they are the most relevant.
    for source in named.chain(own) {
        if sources.len() < MOST_SOURCES {
            sources.insert(source);
        }
    }
    sources
}

fn member_of(module: &str, installed: &BTreeMap<&str, &str>) -> Option<String> {
    modules::sources_of(module)
        .iter()
        .find_map(|path| installed.get(path.as_str()))
        .map(|member| (*member).to_owned())
}
