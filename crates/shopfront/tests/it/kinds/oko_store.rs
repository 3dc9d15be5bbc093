//! Tests of `examples/oko`: its packages are its packed plugins, and its published files for OKO
//! Dashboard match golden files.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use shopfront::commands::resolve;
use shopfront_model::answers::ProjectKey;
use shopfront_text::digest;
use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

use crate::golden;
use crate::scratch::{Scratch, fixtures};
use crate::support::{built, json as published, patience, tree};
use crate::wheels::{Members, members_of};

pub(super) fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/oko")
}

/// Packs the same bytes on every machine: no compression, no dates, members sorted by name, in one
/// directory.
pub(crate) fn packed(name: &str, members: &Members) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (member, bytes) in members {
        writer
            .start_file(format!("{name}/{member}"), options)
            .unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Returns the members of a plugin of the example, in another version.
pub(crate) fn members_in(name: &str, version: &str) -> Members {
    let mut members = members_of(&example().join("plugins").join(name));
    for text in members.values_mut() {
        let old = String::from_utf8(text.clone()).unwrap();
        *text = old
            .replace(
                "\"1.0.0\"\nPLUGIN_DESC",
                &format!("\"{version}\"\nPLUGIN_DESC"),
            )
            .into_bytes();
    }
    members
}

#[test]
fn the_packages_of_the_example_are_its_plugins_packed() {
    let mut wrong = Vec::new();
    let mut plugins: Vec<PathBuf> = fs::read_dir(example().join("plugins"))
        .unwrap()
        .map(|it| it.unwrap().path())
        .collect();
    plugins.sort();
    assert_eq!(plugins.len(), 2);
    for folder in plugins {
        let name = folder.file_name().unwrap().to_str().unwrap();
        let bytes = packed(name, &members_of(&folder));
        let snippet = example().join(format!("catalogue/oko/{}.json", name.replace('_', "-")));
        let snippet: Value = serde_json::from_str(&fs::read_to_string(snippet).unwrap()).unwrap();
        let pin = &snippet["source"]["archive"][0];
        let file = example()
            .join("catalogue/oko/packages")
            .join(pin["file"].as_str().unwrap());
        if fs::read(&file).ok().as_ref() != Some(&bytes) {
            if std::env::var_os("UPDATE_GOLDEN").is_some() {
                fs::create_dir_all(file.parent().unwrap()).unwrap();
                fs::write(&file, &bytes).unwrap();
            } else {
                wrong.push(format!("{} is not `plugins/{name}` packed", file.display()));
            }
        }
        let in_catalogue = example()
            .join("../../catalogue/oko/packages")
            .join(pin["file"].as_str().unwrap());
        if fs::read(&in_catalogue).ok().as_ref() != Some(&bytes) {
            wrong.push(format!(
                "{} is not that of the example",
                in_catalogue.display()
            ));
        }
        let sha256 = digest::sha256(&bytes);
        if pin["sha256"] != sha256.as_str() {
            wrong.push(format!(
                "the snippet of {name} says another SHA-256 than {sha256}"
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{wrong:#?}\naccept with: UPDATE_GOLDEN=1 cargo test, and write the hashes into the snippets\n"
    );
}

/// Builds a store from `scratch`, with the same times in every run.
pub(crate) fn build(scratch: &Scratch) {
    let options = resolve::Options {
        refresh: true,
        from_published: false,
        occasion: shopfront::answers_dir::Occasion::Asked,
        jobs: 1,
        addresses: BTreeMap::new(),
        patience: patience(),
    };
    let outcome = resolve::run(&scratch.workspace(), &options).unwrap();
    assert_eq!(outcome.exit, 0, "{}", outcome.stderr);
    let workspace = scratch.workspace();
    for entry in fs::read_dir(scratch.path().join("catalogue/oko"))
        .unwrap()
        .map(|it| it.unwrap().path())
    {
        let Some(id) = entry
            .file_name()
            .unwrap()
            .to_str()
            .unwrap()
            .strip_suffix(".json")
            .filter(|id| *id != "host")
        else {
            continue;
        };
        let key = ProjectKey::new("archive", &format!("oko/{id}")).unwrap();
        let mut answer = workspace.answers_dir.answer(&key).unwrap().unwrap();
        answer.checked_at = "2026-11-20T12:00:00Z".parse().unwrap();
        workspace.answers_dir.save(&key, &answer).unwrap();
    }
    built(scratch, None);
}

pub(crate) fn copied() -> Scratch {
    let scratch = Scratch::empty();
    scratch.overlay_at(&example().join("catalogue"), "catalogue");
    scratch
}

#[test]
fn the_example_publishes_the_whole_api() {
    let scratch = copied();
    build(&scratch);
    let files = tree(&scratch.path().join("dist/oko"));
    let api: BTreeMap<&String, &Vec<u8>> = files
        .iter()
        .filter(|(path, _)| path.starts_with("api/"))
        .collect();
    let goldens = fixtures().join("kinds/oko/published");
    let mut differences: Vec<String> = api
        .iter()
        .filter_map(|(path, bytes)| {
            golden::difference(&goldens.join(path), std::str::from_utf8(bytes).unwrap())
        })
        .collect();
    let missing = tree(&goldens)
        .into_keys()
        .filter(|path| !api.contains_key(path));
    differences.extend(missing.map(|path| format!("{path} is not published any more")));
    golden::assert_none(&differences);
    // The store's own files are at the listed URLs.
    for plugin in published(&scratch, "oko/api/v1/plugins.html")["plugins"]
        .as_array()
        .unwrap()
    {
        let path = plugin["source_url"]
            .as_str()
            .unwrap()
            .strip_prefix("https://oko-corner.example/oko/")
            .unwrap();
        assert_eq!(
            digest::sha256(&files[path]),
            plugin["metadata"]["sha256"].as_str().unwrap()
        );
    }
}

/// Adds a snippet whose releases are plugins of the example in other versions. Returns their file
/// names.
pub(crate) fn add(scratch: &Scratch, id: &str, versions: &[&str]) {
    let archives: Vec<Value> = versions
        .iter()
        .map(|version| {
            let bytes = packed("tide_tables", &members_in("tide_tables", version));
            let file = format!("{id}-{version}.zip");
            let target = scratch.path().join("catalogue/oko/packages").join(&file);
            fs::create_dir_all(target.parent().unwrap()).unwrap();
            fs::write(target, &bytes).unwrap();
            json!({ "version": version, "file": file, "sha256": digest::sha256(&bytes), "released": "2026-11-01" })
        })
        .collect();
    let snippet = json!({
        "display_name": format!("Tides of {id}"),
        "display_description": "Shows high and low water for every tide gauge.",
        "author": "Mira Okafor",
        "source": { "archive": archives },
    });
    scratch.write(
        &format!("catalogue/oko/{id}.json"),
        &(serde_json::to_string_pretty(&snippet).unwrap() + "\n"),
    );
}

#[test]
fn the_newest_stable_release_is_listed_and_no_other() {
    let scratch = copied();
    fs::remove_file(scratch.path().join("catalogue/oko/tide-tables.json")).unwrap();
    fs::remove_dir_all(scratch.path().join("catalogue/oko/packages")).unwrap();
    fs::remove_file(scratch.path().join("catalogue/oko/moon-phase.json")).unwrap();
    add(&scratch, "tides", &["1.0.0", "1.10.0", "1.9.0", "2.0.0rc1"]);
    build(&scratch);
    let list = published(&scratch, "oko/api/v1/rpc/plugins.html");
    assert_eq!(list["total"], 1);
    assert_eq!(
        (&list["plugins"][0]["id"], &list["plugins"][0]["version"]),
        (&json!("tides"), &json!("1.10.0"))
    );
    assert!(!list.to_string().contains("null"), "{list}");
}

#[test]
fn a_store_without_plugins_answers_every_call_all_the_same() {
    let scratch = copied();
    for id in ["tide-tables", "moon-phase"] {
        fs::remove_file(scratch.path().join(format!("catalogue/oko/{id}.json"))).unwrap();
    }
    fs::remove_dir_all(scratch.path().join("catalogue/oko/packages")).unwrap();
    build(&scratch);
    assert_eq!(
        published(&scratch, "oko/api/v1/rpc/plugins.html"),
        json!({ "plugins": [], "total": 0 })
    );
    assert_eq!(published(&scratch, "oko/api/v1/health")["plugins_count"], 0);
}
