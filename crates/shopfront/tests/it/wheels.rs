//! Packages built in memory from directories: a valid one, with the files of a case over it.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zip::write::SimpleFileOptions;

use crate::malformed_archives::{self, Tricks};
use crate::scratch::fixtures;

/// Members by name.
pub(crate) type Members = BTreeMap<String, Vec<u8>>;

/// Everything below a folder; `absent.txt` and `malformed.json` are notes.
pub(crate) fn members_of(folder: &Path) -> Members {
    let entries = walkdir::WalkDir::new(folder)
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().is_file());
    entries
        .map(|entry| {
            (
                entry
                    .path()
                    .strip_prefix(folder)
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .to_owned(),
                fs::read(entry.path()).unwrap(),
            )
        })
        .filter(|(name, _)| !matches!(name.as_str(), "absent.txt" | "malformed.json"))
        .collect()
}

/// The sound package whose distribution the name of `file` begins with; Forecast in a Box's, where
/// none does. `None` where it is no package for Python: such a folder has all of its plugin.
pub(crate) fn sound_package(file: &str) -> Option<PathBuf> {
    if !is_for_python(file) {
        return None;
    }
    let base = if file.ends_with(".tar.gz") {
        "fiab_plugin_ocean-6.0.0.tar.gz"
    } else if file.starts_with("datasette") {
        "datasette_tide_tables-0.4.1-py3-none-any.whl"
    } else {
        "fiab_plugin_ocean-6.0.0-py3-none-any.whl"
    };
    Some(fixtures().join("wheels").join(base))
}

/// Returns `true` if a file with this name is a wheel, or a source distribution of one of the valid
/// packages.
pub(crate) fn is_for_python(file: &str) -> bool {
    file.ends_with(".whl") || (file.ends_with(".tar.gz") && file.contains("_plugin_"))
}

/// Returns the members of the package in `folder` (`…/<file name>.whl`): those of the valid one,
/// without the names in `absent.txt`, with those of `folder` over them. A name that ends with `/`
/// is a directory. Adds a correct `RECORD`, unless `folder` has one or omits it.
pub(crate) fn members(folder: &Path) -> Members {
    let file = folder.file_name().unwrap().to_str().unwrap();
    let mut members = sound_package(file)
        .map(|sound| members_of(&sound))
        .unwrap_or_default();
    let absent = fs::read_to_string(folder.join("absent.txt")).unwrap_or_default();
    for name in absent.lines().filter(|line| !line.is_empty()) {
        members.retain(|member, _| {
            member != name && !(name.ends_with('/') && member.starts_with(name))
        });
    }
    members.extend(members_of(folder));
    for (name, text) in Tricks::read(folder).added() {
        members.entry(name).or_insert(text);
    }
    let info = members
        .keys()
        .find_map(|name| name.split_once(".dist-info/"))
        .map(|(stem, _)| format!("{stem}.dist-info"));
    if let Some(record) = info
        .map(|info| format!("{info}/RECORD"))
        .filter(|it| !absent.lines().any(|line| line == it))
    {
        let text = record_of(&members, &record);
        members.entry(record).or_insert(text);
    }
    members
}

/// Returns `members` with a correct `RECORD`.
pub(crate) fn with_record(mut members: Members) -> Members {
    let info = members
        .keys()
        .find_map(|name| name.split_once(".dist-info/"))
        .map(|(stem, _)| format!("{stem}.dist-info/RECORD"))
        .unwrap();
    let text = record_of(&members, &info);
    members.insert(info, text);
    members
}

/// Returns the `RECORD` of `members`, with its own line last.
pub(crate) fn record_of(members: &Members, record: &str) -> Vec<u8> {
    let mut text = String::new();
    for (name, bytes) in members.iter().filter(|(name, _)| *name != record) {
        let digest = hex_bytes(&shopfront_text::digest::sha256(bytes));
        text.push_str(&format!(
            "{name},sha256={},{}\n",
            URL_SAFE_NO_PAD.encode(digest),
            bytes.len()
        ));
    }
    text.push_str(&format!("{record},,\n"));
    text.into_bytes()
}

fn hex_bytes(hex: &str) -> Vec<u8> {
    (0..hex.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
        .collect()
}

/// The file that `folder` stands for: as build tools write it, unless its `malformed.json` wants it
/// otherwise.
fn built(folder: &Path) -> Vec<u8> {
    let (members, tricks) = (members(folder), Tricks::read(folder));
    let is_called = |endings: &[&str]| {
        endings
            .iter()
            .any(|ending| folder.to_str().unwrap().ends_with(ending))
    };
    if is_called(&[".tar.gz", ".tgz", ".fp"]) {
        malformed_archives::tar_gz(members.into_iter().collect(), &tricks)
    } else if is_called(&[".tar"]) {
        malformed_archives::tar(members.into_iter().collect(), &tricks)
    } else if folder.join("malformed.json").exists() {
        malformed_archives::zip(metadata_last(members), &tricks)
    } else {
        zipped(&members)
    }
}

fn metadata_last(members: Members) -> Vec<(String, Vec<u8>)> {
    let (info, code): (Vec<_>, Vec<_>) = members
        .into_iter()
        .partition(|(name, _)| name.contains(".dist-info/"));
    code.into_iter().chain(info).collect()
}

/// Returns a zip of `members` as build tools write it: deflated, the metadata last, no dates.
pub(crate) fn zipped(members: &Members) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    for (name, bytes) in &metadata_last(members.clone()) {
        writer.start_file(name.as_str(), options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Builds every package of a case, `<case>/dist/<file name>/`, into `dist/` below `target`. Returns
/// their paths below it.
pub(crate) fn build_all(case: &Path, target: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(case.join("dist")) else {
        return Vec::new();
    };
    let mut folders: Vec<PathBuf> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    let build = |folder: &PathBuf| {
        let path = format!("dist/{}", folder.file_name().unwrap().to_str().unwrap());
        let file = target.join(&path);
        // The directory may be at the path of the new file: it is read first.
        let bytes = built(folder);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        if file.is_dir() {
            fs::remove_dir_all(&file).unwrap();
        }
        fs::write(&file, bytes).unwrap();
        path
    };
    folders.iter().map(build).collect()
}
