//! Tests of the search index: files for a small store, and for the documents by which its quality
//! is measured.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};

use crate::golden;
use crate::scratch::{Scratch, fixtures};
use crate::support::{built, text, tree};

/// Returns the files of the index, by their names without the directory.
fn index(scratch: &Scratch) -> BTreeMap<String, String> {
    let published = tree(&scratch.path().join("dist/assets/search"));
    published
        .into_iter()
        .map(|(path, bytes)| (path, String::from_utf8(bytes).unwrap()))
        .collect()
}

fn assert_golden(folder: &Path, actual: &BTreeMap<String, String>) {
    let expected = if folder.is_dir() {
        tree(folder)
    } else {
        BTreeMap::new()
    };
    let mut differences: Vec<String> = actual
        .iter()
        .filter_map(|(path, text)| golden::difference(&folder.join(path), text))
        .collect();
    let gone = expected.keys().filter(|path| !actual.contains_key(*path));
    differences.extend(gone.filter_map(|path| golden::difference(&folder.join(path), "")));
    golden::assert_none(&differences);
}

#[test]
fn the_index_of_a_small_store_is_as_the_files_beside_it_say() {
    let scratch = Scratch::empty();
    for folder in ["catalogue", "answers"] {
        scratch.overlay_at(&fixtures().join("build/small").join(folder), folder);
    }
    built(&scratch, None);
    assert_golden(&fixtures().join("build/search"), &index(&scratch));
}

/// The quality tests of the scripts use this index, without its cards and orders.
#[test]
fn the_index_that_the_scripts_are_measured_on_is_the_one_that_is_written_today() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../site-template/tests/search");
    let documents: Vec<Value> =
        serde_json::from_str(&std::fs::read_to_string(folder.join("documents.json")).unwrap())
            .unwrap();
    let scratch = Scratch::empty();
    let store = json!({ "id": "measured", "title": "Measured", "description": "Measured.", "url": "https://measured.example/" });
    scratch.write("catalogue/store.json", &store.to_string());
    for mut snippet in documents {
        let fields = snippet.as_object_mut().unwrap();
        let (host, id) = (fields.remove("host").unwrap(), fields.remove("id").unwrap());
        let (host, id) = (host.as_str().unwrap(), id.as_str().unwrap());
        let settings = json!({ "kind": "python", "title": host, "description": "Measured.", "distribution": host });
        scratch.write(
            &format!("catalogue/{host}/host.json"),
            &settings.to_string(),
        );
        scratch.write(&format!("catalogue/{host}/{id}.json"), &snippet.to_string());
    }
    let run = crate::support::ended(
        crate::support::program(&scratch, &["build", "--offline"])
            .env("SOURCE_DATE_EPOCH", "1767225600"),
    );
    assert_eq!(run.exit, 0, "{}", run.stderr);
    let mut written = index(&scratch);
    written.retain(|name, _| {
        name == "head.json" || name.starts_with("words-") || name.starts_with("back-")
    });
    assert_golden(&folder.join("index"), &written);
}

#[test]
fn what_is_listed_is_found_in_the_index_and_what_is_withdrawn_is_not() {
    let scratch = Scratch::base();
    let mut snippet: Value = serde_json::from_str(
        &std::fs::read_to_string(scratch.path().join("catalogue/datasette/graphql.json")).unwrap(),
    )
    .unwrap();
    built(&scratch, None);
    assert!(text(&scratch, "assets/search/cards-0.json").contains("\"graphql\""));
    snippet["lifecycle"] = json!({ "state": "withdrawn", "reason": "Harmful." });
    scratch.write("catalogue/datasette/graphql.json", &snippet.to_string());
    built(&scratch, None);
    assert!(!text(&scratch, "assets/search/cards-0.json").contains("\"graphql\""));
    assert!(!text(&scratch, "plugins/index.html").contains("datasette/graphql/"));
}
