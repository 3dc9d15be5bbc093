//! Tests of the published files of a store for Bitcart, and of the example store whose archive is
//! built from its source.

use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use shopfront_text::digest;
use zip::write::SimpleFileOptions;

use crate::golden;
use crate::scratch::{Scratch, fixtures};
use crate::support::{assert_whole, built, json, problems_of, text, tree};
use crate::wheels::{Members, members_of};

/// Packs without compression, dates and machine-specific modes: the same bytes everywhere.
fn packed(members: &Members) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Stored)
        .unix_permissions(0o644);
    for (name, bytes) in members {
        writer.start_file(name.as_str(), options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/bitcart")
}

/// Returns the store of `fixtures/kinds/bitcart/published`, with the archives built from its
/// directories, and with their hashes.
fn store() -> Scratch {
    let folder = fixtures().join("kinds/bitcart");
    let scratch = Scratch::empty();
    for part in ["catalogue", "answers"] {
        scratch.overlay_at(&folder.join("published").join(part), part);
    }
    let packages = scratch.path().join("catalogue/bitcart/packages");
    fs::create_dir_all(&packages).unwrap();
    for plugin in fs::read_dir(folder.join("published/plugins"))
        .unwrap()
        .map(|it| it.unwrap().path())
    {
        let mut members = members_of(&folder.join("sound"));
        members.extend(members_of(&plugin));
        let (file, bytes) = (
            plugin.file_name().unwrap().to_str().unwrap(),
            packed(&members),
        );
        let snippet = scratch.path().join("catalogue/bitcart/tide-notes.json");
        let pinned = fs::read_to_string(&snippet)
            .unwrap()
            .replace(&format!("of {file}"), &digest::sha256(&bytes));
        fs::write(&snippet, pinned).unwrap();
        fs::write(packages.join(file), bytes).unwrap();
    }
    scratch
}

#[test]
fn the_panel_of_bitcart_is_given_what_the_store_serves_and_no_more() {
    let scratch = store();
    built(&scratch, None);
    assert_whole(&scratch.path().join("dist"));
    let expected = fixtures().join("kinds/bitcart/published/plugins.html");
    golden::assert_none(
        &golden::difference(&expected, &text(&scratch, "bitcart/plugins.html"))
            .into_iter()
            .collect::<Vec<_>>(),
    );

    let downloads = tree(&scratch.path().join("dist/bitcart/plugins"));
    assert_eq!(
        downloads.keys().collect::<Vec<_>>(),
        ["tide-notes/download"]
    );
    // The page of a plugin names its archive, and links to it if it is elsewhere.
    assert!(
        text(&scratch, "bitcart/tide-notes/index.html")
            .contains("plugin=@tide-notes-1.1.0.bitcart")
    );
    assert!(
        text(&scratch, "bitcart/elsewhere/index.html").contains("curl -fLo elsewhere.bitcart ")
    );
    assert!(!text(&scratch, "bitcart/harbour-map/index.html").contains("plugin=@"));
    // The page and the problems report that the panel has no entry for it.
    assert_eq!(problems_of(&scratch, "bitcart/elsewhere"), ["not-offered"]);
    let newest_stable = fs::read(
        scratch
            .path()
            .join("catalogue/bitcart/packages/tide-notes-1.1.0.bitcart"),
    )
    .unwrap();
    assert_eq!(downloads["tide-notes/download"], newest_stable);
}

#[test]
fn the_example_archive_of_bitcart_is_what_its_source_makes() {
    let bytes = packed(&members_of(&example().join("plugins/opening-hours")));
    let archive = example().join("catalogue/bitcart/packages/opening-hours-1.0.0.bitcart");
    let snippet = example().join("catalogue/bitcart/opening-hours.json");
    let listed = fs::read_to_string(&snippet).unwrap();
    let known: serde_json::Value = serde_json::from_str(&listed).unwrap();
    let known = known["source"]["archive"][0]["sha256"]
        .as_str()
        .unwrap()
        .to_owned();
    let is_same =
        fs::read(&archive).is_ok_and(|packed| packed == bytes) && known == digest::sha256(&bytes);
    if !is_same && std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&archive, &bytes).unwrap();
        fs::write(&snippet, listed.replace(&known, &digest::sha256(&bytes))).unwrap();
        return;
    }
    assert!(
        is_same,
        "the archive is not what its source makes: UPDATE_GOLDEN=1 cargo test example_archive"
    );
}

#[test]
fn the_example_of_bitcart_serves_its_plugin_and_only_describes_the_other() {
    let scratch = Scratch::empty();
    scratch.overlay_at(&example().join("catalogue"), "catalogue");
    built(&scratch, None);
    let list = text(&scratch, "bitcart/plugins.html");
    let list: serde_json::Value = serde_json::from_str(&list).unwrap();
    let ids: Vec<&str> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids, ["opening-hours"]);
    for (id, version) in [("opening-hours", "1.0.0"), ("sample-plugin", "1.0.0")] {
        let entry = json(&scratch, &format!("api/v1/plugins/bitcart/{id}.json"));
        assert_eq!(entry["compatible"]["0.10.3.0"], version, "{id}");
    }
}
