//! Tests of the published files of a store for Fuel: the store in `examples/fuel/`, built like its
//! owner would.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use serde_json::Value;

use super::{folder, name, packages};
use crate::golden;
use crate::scratch::Scratch;
use crate::support::{asking, built, json, tree};
use crate::wheels::members_of;

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/fuel")
}

/// Returns a copy of the example. Its packages are read during the build, and no registry is
/// queried.
fn store() -> Scratch {
    let scratch = Scratch::empty();
    scratch.overlay_at(&example().join("catalogue"), "catalogue");
    scratch
}

/// Returns the published files below the directory of the host, without the pages.
fn published(scratch: &Scratch) -> Vec<(String, Vec<u8>)> {
    built(scratch, Some(asking("http://127.0.0.1:9")));
    let is_read_by_the_host =
        |path: &String| path.starts_with("fuel/api/") || path.starts_with("fuel/static/");
    tree(&scratch.path().join("dist"))
        .into_iter()
        .filter(|(path, _)| is_read_by_the_host(path))
        .collect()
}

#[test]
fn the_packages_of_the_example_are_made_of_the_trees_beside_them() {
    let mut differences = Vec::new();
    let mut trees: Vec<PathBuf> = fs::read_dir(example().join("plugins"))
        .unwrap()
        .map(|it| it.unwrap().path())
        .collect();
    trees.sort();
    for tree in trees {
        let package = example()
            .join("catalogue/fuel/packages")
            .join(format!("{}.fp", name(&tree)));
        let made = packages::fp(members_of(&tree), name(&tree));
        let unpacked = |bytes: &[u8]| {
            let mut tar = Vec::new();
            GzDecoder::new(bytes)
                .read_to_end(&mut tar)
                .unwrap_or_default();
            tar
        };
        // Compares unpacked contents: the compressed size depends on the version of the compressor.
        if unpacked(&fs::read(&package).unwrap_or_default()) == unpacked(&made) {
            continue;
        }
        match std::env::var_os("UPDATE_GOLDEN") {
            Some(_) => fs::write(&package, &made).unwrap(),
            None => differences.push(format!(
                "{} is not made of {}",
                package.display(),
                tree.display()
            )),
        }
    }
    golden::assert_none(&differences);
}

#[test]
fn the_list_of_plugins_and_their_interfaces_are_published() {
    let scratch = store();
    let mut differences = Vec::new();
    let files = published(&scratch);
    for (path, bytes) in &files {
        differences.extend(golden::difference(
            &folder().join("published").join(path),
            std::str::from_utf8(bytes).unwrap(),
        ));
    }
    golden::assert_none(&differences);
    let expected: Vec<String> = tree(&folder().join("published")).into_keys().collect();
    assert_eq!(
        files.into_iter().map(|(path, _)| path).collect::<Vec<_>>(),
        expected
    );
}

#[test]
fn the_list_has_exactly_the_keys_of_the_server_in_its_order() {
    const KEYS: [&str; 15] = [
        "id",
        "name",
        "title",
        "version",
        "description",
        "releases",
        "package_version",
        "groups",
        "authors",
        "licenses",
        "homepage",
        "fuel_version",
        "is_hotpluggable",
        "ui",
        "enabled",
    ];
    let scratch = store();
    published(&scratch);
    let list = json(&scratch, "fuel/api/v1/plugins/index.json");
    for plugin in list.as_array().unwrap() {
        assert_eq!(plugin.as_object().unwrap().keys().collect::<Vec<_>>(), KEYS);
    }
}

fn ids(scratch: &Scratch) -> Vec<(String, u64)> {
    let list = json(scratch, "fuel/api/v1/plugins/index.json");
    let id = |plugin: &Value| {
        (
            plugin["version"].as_str().unwrap().to_owned(),
            plugin["id"].as_u64().unwrap(),
        )
    };
    list.as_array().unwrap().iter().map(id).collect()
}

#[test]
fn numbers_stay_when_versions_come_and_go() {
    const SNIPPET: &str = "catalogue/fuel/tide-gauges.json";
    let scratch = store();
    let whole = fs::read_to_string(scratch.path().join(SNIPPET)).unwrap();
    let with = |versions: &[&str]| {
        let mut snippet: Value = serde_json::from_str(&whole).unwrap();
        snippet["source"]["archive"]
            .as_array_mut()
            .unwrap()
            .retain(|it| versions.contains(&it["version"].as_str().unwrap()));
        scratch.write(
            SNIPPET,
            &(serde_json::to_string_pretty(&snippet).unwrap() + "\n"),
        );
        // A package without a reference would be a stray file.
        fs::remove_dir_all(scratch.path().join("catalogue/fuel/packages")).unwrap();
        for version in versions {
            let file = format!("catalogue/fuel/packages/tide_gauges-{version}.fp");
            fs::create_dir_all(scratch.path().join("catalogue/fuel/packages")).unwrap();
            fs::copy(example().join(&file), scratch.path().join(&file)).unwrap();
        }
        published(&scratch);
        ids(&scratch)
    };
    let told = [
        with(&["1.1.0"]),
        with(&["1.0.0", "1.1.0"]),
        with(&["1.0.0"]),
        with(&["1.0.0", "1.1.0"]),
    ];
    // The plugin after it in the catalogue has the second.
    let (newer, older) = (("1.1.0".to_owned(), 1), ("1.0.0".to_owned(), 3));
    assert_eq!(
        told,
        [
            vec![newer.clone()],
            vec![newer.clone(), older.clone()],
            vec![older.clone()],
            vec![newer, older]
        ]
    );
}
