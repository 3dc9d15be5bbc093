//! Tests of a whole build, file by file: `fixtures/build/small/` contains a catalogue, answers, and
//! the published files.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;
use shopfront::cli::TextFormat;
use shopfront::commands::examine::Workspace;
use shopfront::commands::lagging;

use crate::golden;
use crate::scratch::{Scratch, fixtures};
use crate::support::{built, tree};

/// Returns a comparable text: the size of an image ([`crate::cards`] tests its contents), the
/// digest of other binary files, and text with a placeholder for the public index.
fn told(path: &str, bytes: &[u8]) -> String {
    if path.ends_with(".png") {
        let side = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
        return format!("{} x {}\n", side(16), side(20));
    }
    let public = shopfront_registry::find("pypi")
        .unwrap()
        .default_address()
        .unwrap();
    let text =
        std::str::from_utf8(bytes).map(|text| text.replace(public, "https://registry.example"));
    match text {
        Ok(text) if path.ends_with(".json") => {
            // One line per value, so that changes are readable. Large published documents are
            // compact.
            let value: Value = serde_json::from_str(&text).unwrap();
            serde_json::to_string_pretty(&value).unwrap() + "\n"
        }
        Ok(text) => text,
        Err(_) => format!("{}\n", shopfront_text::digest::sha256(bytes)),
    }
}

/// Returns `true` for files that are the same in every store. They have tests of their own.
fn is_same_everywhere(path: &str) -> bool {
    ["schema/", "errors/", "assets/", "docs/", "about/"]
        .iter()
        .any(|folder| path.starts_with(folder))
        || path == "SHA256SUMS"
}

/// Returns the catalogue and the answers of the store in the directory `case`.
fn store_of(case: &Path) -> Scratch {
    let scratch = Scratch::empty();
    for folder in ["catalogue", "answers"] {
        fs::create_dir(scratch.path().join(folder)).unwrap();
        for (path, bytes) in tree(&case.join(folder)) {
            let target = scratch.path().join(folder).join(path);
            fs::create_dir_all(target.parent().unwrap()).unwrap();
            fs::write(target, bytes).unwrap();
        }
    }
    scratch
}

#[test]
fn what_a_host_left_behind_is_told_as_issues() {
    let case = fixtures().join("build/small");
    let scratch = store_of(&case);
    let workspace = Workspace::open(scratch.path()).unwrap();
    let of = |name: &str, format| {
        golden::difference(
            &case.join(name),
            &lagging::run(&workspace, format).unwrap().stdout,
        )
    };
    let differences = [
        of("lagging.md", TextFormat::Markdown),
        of("lagging.json", TextFormat::Json),
    ];
    golden::assert_none(&differences.into_iter().flatten().collect::<Vec<String>>());
}

#[test]
fn a_small_store_is_published_as_the_files_beside_it_say() {
    let case = fixtures().join("build/small");
    let scratch = store_of(&case);
    built(&scratch, None);
    let published = tree(&scratch.path().join("dist"));
    let expected = if case.join("expected").is_dir() {
        tree(&case.join("expected"))
    } else {
        BTreeMap::new()
    };
    let mut differences = Vec::new();
    for (path, bytes) in published
        .iter()
        .filter(|(path, _)| !is_same_everywhere(path))
    {
        differences.extend(difference(
            &case.join("expected").join(path),
            &told(path, bytes),
        ));
    }
    for path in expected
        .keys()
        .filter(|path| !published.contains_key(*path))
    {
        differences.extend(difference(&case.join("expected").join(path), ""));
    }
    golden::assert_none(&differences);
}

/// Returns the difference. In contrast to an empty report, an empty `.nojekyll` must exist.
fn difference(path: &Path, actual: &str) -> Option<String> {
    let is_there = path.is_file();
    if actual.is_empty() && path.ends_with(".nojekyll") {
        if !is_there && std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        return (!path.is_file()).then(|| format!("{} is missing", path.display()));
    }
    golden::difference(path, actual)
}
