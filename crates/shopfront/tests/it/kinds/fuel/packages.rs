//! Directories of plugins, packed into the formats of Fuel. The same directory gives the same
//! bytes.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;

use flate2::{Compression, GzBuilder};
use serde_json::Value;
use sha1::{Digest, Sha1};

use crate::wheels::{Members, members_of};

/// Packing options of a case in `case.json`. Every field is optional.
struct Case {
    /// Directory of `bases/` over which the case is copied.
    base: Option<String>,
    file: String,
    /// Directory in the archive. Empty for none.
    folder: String,
    /// Header of an RPM package.
    header: BTreeMap<String, String>,
}

/// Returns the file name and the bytes of the package of `case`.
pub(super) fn pack(case: &Path) -> (String, Vec<u8>) {
    let Case {
        base,
        file,
        folder,
        header,
    } = read(case);
    let mut members = base
        .map(|base| members_of(&super::folder().join("bases").join(base)))
        .unwrap_or_default();
    let absent = fs::read_to_string(case.join("absent.txt")).unwrap_or_default();
    members.retain(|name, _| {
        !absent
            .lines()
            .any(|line| name == line || (line.ends_with('/') && name.starts_with(line)))
    });
    members.extend(members_of(case).into_iter().filter(|(name, _)| {
        !matches!(
            name.as_str(),
            "case.json" | "expected.txt" | "expected.json"
        )
    }));
    if file.ends_with(".fp") && !absent.contains("checksums.sha1") {
        let list = checksums(&members);
        members.entry("checksums.sha1".to_owned()).or_insert(list);
    }
    let prefix = if folder.is_empty() {
        String::new()
    } else {
        format!("{folder}/")
    };
    let members = members
        .into_iter()
        .map(|(name, bytes)| (format!("{prefix}{name}"), bytes))
        .collect();
    let bytes = match file.rsplit('.').next() {
        Some("rpm") => rpm(&header, &members),
        Some("zip") => zip(&members),
        Some("tar") => tar(&members),
        _ => gzip(&tar(&members)),
    };
    (file, bytes)
}

/// Returns the package that the builder makes of a tree. `folder` consists of its name and its
/// version.
pub(super) fn fp(mut members: Members, folder: &str) -> Vec<u8> {
    members.insert("checksums.sha1".to_owned(), checksums(&members));
    gzip(&tar(&members
        .into_iter()
        .map(|(name, bytes)| (format!("{folder}/{name}"), bytes))
        .collect()))
}

fn read(case: &Path) -> Case {
    let text = fs::read_to_string(case.join("case.json")).unwrap_or_else(|_| "{}".to_owned());
    let value: Value = serde_json::from_str(&text).unwrap();
    let text = |key: &str| value[key].as_str().map(str::to_owned);
    let header = value["header"].as_object().into_iter().flatten();
    Case {
        base: text("base"),
        file: text("file").unwrap_or_else(|| "plugin.tar.gz".to_owned()),
        folder: text("folder").unwrap_or_else(|| "plugin".to_owned()),
        header: header
            .map(|(key, value)| (key.clone(), value.as_str().unwrap().to_owned()))
            .collect(),
    }
}

/// Returns the list of checksums that the builder writes.
fn checksums(members: &Members) -> Vec<u8> {
    let hex = |bytes: &[u8]| shopfront_text::digest::hex(&Sha1::digest(bytes));
    members
        .iter()
        .flat_map(|(name, bytes)| format!("{} {name}\n", hex(bytes)).into_bytes())
        .collect()
}

fn tar(members: &Members) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in members {
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        builder
            .append_data(&mut header, name, bytes.as_slice())
            .unwrap();
    }
    builder.into_inner().unwrap()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut writer = GzBuilder::new()
        .mtime(0)
        .write(Vec::new(), Compression::best());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

fn zip(members: &Members) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer
            .start_file(name, zip::write::SimpleFileOptions::default())
            .unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Returns a package with this header and list of files. Its payload is a few bytes that are never
/// read.
fn rpm(header: &BTreeMap<String, String>, members: &Members) -> Vec<u8> {
    const TEXTS: [(&str, u32); 9] = [
        ("name", 1000),
        ("version", 1001),
        ("release", 1002),
        ("summary", 1004),
        ("description", 1005),
        ("vendor", 1011),
        ("license", 1014),
        ("url", 1020),
        ("arch", 1022),
    ];
    let mut table = Table::default();
    for (key, tag) in TEXTS {
        if let Some(text) = header.get(key) {
            table.add(tag, 6, 1, &[text.as_bytes(), b"\0"].concat());
        }
    }
    let split = |name: &String| {
        name.rsplit_once('/')
            .map_or((String::new(), name.clone()), |(folder, base)| {
                (format!("/{folder}/"), base.to_owned())
            })
    };
    let names: Vec<(String, String)> = members.keys().map(split).collect();
    let mut folders: Vec<&str> = names.iter().map(|(folder, _)| folder.as_str()).collect();
    folders.dedup();
    let count = names.len() as u32;
    let numbers = |numbers: Vec<u32>| {
        numbers
            .into_iter()
            .flat_map(u32::to_be_bytes)
            .collect::<Vec<u8>>()
    };
    let texts = |texts: Vec<&str>| {
        texts
            .into_iter()
            .flat_map(|text| [text.as_bytes(), b"\0"].concat())
            .collect::<Vec<u8>>()
    };
    table.add(
        1028,
        4,
        count,
        &numbers(members.values().map(|bytes| bytes.len() as u32).collect()),
    );
    table.add(1030, 3, count, &[0x81, 0xa4].repeat(names.len()));
    let folder_of =
        |(folder, _): &(String, String)| folders.iter().position(|it| it == folder).unwrap() as u32;
    table.add(
        1116,
        4,
        count,
        &numbers(names.iter().map(folder_of).collect()),
    );
    table.add(
        1117,
        8,
        count,
        &texts(names.iter().map(|(_, base)| base.as_str()).collect()),
    );
    table.add(1118, 8, folders.len() as u32, &texts(folders.clone()));
    let mut signatures = Table::default();
    signatures.add(1000, 4, 1, &[0, 0, 0, 9]);
    let mut bytes = vec![
        0xed,
        0xab,
        0xee,
        0xdb,
        3,
        0,
        0,
        u8::from(header.get("kind").is_some_and(|it| it == "source")),
    ];
    bytes.resize(96, 0);
    bytes.extend(signatures.bytes());
    bytes.resize(bytes.len().next_multiple_of(8), 0);
    bytes.extend(table.bytes());
    bytes.extend(b"payload");
    bytes
}

/// Table of the tags of a header, with its data store.
#[derive(Default)]
struct Table {
    lines: Vec<[u32; 4]>,
    store: Vec<u8>,
}

impl Table {
    fn add(&mut self, tag: u32, kind: u32, count: u32, bytes: &[u8]) {
        if matches!(kind, 3 | 4) {
            self.store.resize(self.store.len().next_multiple_of(4), 0);
        }
        self.lines.push([tag, kind, self.store.len() as u32, count]);
        self.store.extend(bytes);
    }

    fn bytes(&self) -> Vec<u8> {
        let mut bytes = vec![0x8e, 0xad, 0xe8, 1, 0, 0, 0, 0];
        bytes.extend((self.lines.len() as u32).to_be_bytes());
        bytes.extend((self.store.len() as u32).to_be_bytes());
        bytes.extend(
            self.lines
                .iter()
                .flatten()
                .flat_map(|number| number.to_be_bytes()),
        );
        bytes.extend(&self.store);
        bytes
    }
}
