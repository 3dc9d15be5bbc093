//! Tests of the package readers: file names, the modules in a list of members, the bindings of a
//! source file.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use shopfront_package::bindings::Bindings;
use shopfront_package::file_name::FileName;
use shopfront_package::modules;

use crate::golden;
use crate::scratch::fixtures;

/// Compares the result of `read` for each file of `folder` that ends with `ending` with the
/// expected text beside it.
fn assert_read(folder: &str, ending: &str, read: fn(&str) -> String) {
    let mut inputs: Vec<PathBuf> = fs::read_dir(fixtures().join("readers").join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    inputs.retain(|path| path.to_str().unwrap().ends_with(ending));
    inputs.sort();
    assert!(!inputs.is_empty());
    let difference = |path: &PathBuf| {
        golden::difference(&beside(path), &read(&fs::read_to_string(path).unwrap()))
    };
    golden::assert_none(&inputs.iter().filter_map(difference).collect::<Vec<_>>());
}

fn beside(path: &Path) -> PathBuf {
    path.with_extension("expected")
}

#[test]
fn every_file_name_says_what_stands_beside_it() {
    assert_read("file-names", ".txt", |text| {
        let mut said = String::new();
        for name in text.lines() {
            match FileName::parse(name) {
                Ok(parsed) => writeln!(said, "{name}\n  {parsed:?}").unwrap(),
                Err(why) => writeln!(said, "{name}\n  {why}").unwrap(),
            }
        }
        said
    });
}

#[test]
fn every_list_of_members_gives_the_modules_beside_it() {
    assert_read("modules", ".txt", |text| {
        // The text below the line of dashes is that of `namespace_packages.txt`.
        let (members, namespaces) = text.split_once("---\n").unwrap_or((text, ""));
        let mut said = String::new();
        for module in modules::modules(members.lines(), namespaces) {
            writeln!(
                said,
                "{} {:?} {}",
                module.name,
                module.kind,
                module.source.as_deref().unwrap_or("-")
            )
            .unwrap();
        }
        said
    });
}

#[test]
fn every_source_binds_what_stands_beside_it() {
    assert_read("bindings", ".py", |source| {
        let bindings = Bindings::parse(source);
        let mut said = String::new();
        for (name, binding) in &bindings.names {
            let line = source[..binding.bytes.start].matches('\n').count() + 1;
            writeln!(said, "{line}: {name} {:?}", binding.value).unwrap();
        }
        writeln!(said, "open: {}", bindings.is_open).unwrap();
        if let Some((bytes, says)) = bindings.error {
            writeln!(said, "error at {bytes:?}: {says}").unwrap();
        }
        said
    });
}
