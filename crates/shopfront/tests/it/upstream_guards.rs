//! Tests of restrictions on entries of upstream stores: own names take precedence, texts hide
//! nothing, and one invalid entry affects no other.

use std::fs;

use serde_json::{Value, json};

use crate::fake_index::FakeIndex;
use crate::golden;
use crate::scratch::{Scratch, fixtures};
use crate::support::{built, json as published, tree};
use crate::upstreams::{asking_upstreams, document, entry, listed, serve, store};

/// Returns invalid entries of an upstream store: the list in `fixtures/upstreams/entries.json`, in
/// which each describes its difference from a valid one.
fn offered() -> Vec<Value> {
    let text = fs::read_to_string(fixtures().join("upstreams/entries.json")).unwrap();
    let differences: Vec<Value> = serde_json::from_str(&text).unwrap();
    let offer = |difference: &Value| {
        let mut offered = entry(
            difference["host"].as_str().unwrap_or("datasette"),
            difference["id"].as_str().unwrap(),
        );
        offered["display_name"] = json!(format!("The {}", difference["id"].as_str().unwrap()));
        for (key, value) in difference.as_object().unwrap() {
            offered[key] = value.clone();
        }
        offered
    };
    differences.iter().map(offer).collect()
}

/// Returns the messages about upstream stores in `problems.json`, one line each.
fn told(scratch: &Scratch) -> String {
    let problems = published(scratch, "api/v1/problems.json");
    let of_upstreams = problems["problems"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|it| it["code"].as_str().unwrap().contains("upstream"));
    of_upstreams
        .map(|it| {
            format!(
                "{}: {}\n",
                it["code"].as_str().unwrap(),
                it["message"].as_str().unwrap()
            )
        })
        .collect()
}

/// Returns the base store with a renamed entry and a withdrawn one.
fn with_a_past(sister: &FakeIndex) -> Scratch {
    let scratch = store(sister, true);
    scratch.overlay(&fixtures().join("upstreams/own"));
    scratch
}

#[test]
fn own_names_win_and_what_is_refused_is_told_with_its_reason() {
    let sister = FakeIndex::start();
    let mut shown = String::new();
    // Of many at once, the last ones are only counted.
    for some in offered().chunks(12) {
        serve(
            &sister,
            &document(&[some, &[entry("datasette", "sound")]].concat()),
        );
        let scratch = with_a_past(&sister);
        built(&scratch, Some(asking_upstreams()));
        shown.push_str(&format!(
            "{}shown: {}\n\n",
            told(&scratch),
            listed(&scratch).join(", ")
        ));
    }
    golden::assert_none(&Vec::from_iter(golden::difference(
        &fixtures().join("upstreams/refused.txt"),
        &shown,
    )));
}

#[test]
fn nothing_that_is_published_has_a_character_that_readers_do_not_see() {
    let sister = FakeIndex::start();
    serve(&sister, &document(&offered()));
    let scratch = with_a_past(&sister);
    built(&scratch, Some(asking_upstreams()));
    for (path, bytes) in tree(&scratch.path().join("dist")) {
        // Pages of codes show examples.
        let Some(text) = String::from_utf8(bytes)
            .ok()
            .filter(|_| !path.starts_with("errors/") && !path.ends_with("errors.json"))
        else {
            continue;
        };
        let lines = text.lines().map(|line| line.trim_matches('\t'));
        let hidden: Vec<_> = lines
            .filter_map(|line| shopfront_text::hidden(line).find(|it| it.character != '\t'))
            .collect();
        assert!(hidden.is_empty(), "{path}: {hidden:?}");
    }
}

#[test]
fn of_two_other_stores_the_first_keeps_its_names() {
    let (one, two) = (FakeIndex::start(), FakeIndex::start());
    let named = |id: &str, name: &str| {
        let mut entry = entry("fiab", id);
        entry["display_name"] = json!(name);
        entry
    };
    serve(&one, &document(&[named("zarr", "Zarr reader")]));
    serve(
        &two,
        &document(&[
            named("za-rr", "Another"),
            named("chunks", "ZARR Reader"),
            named("grib", "Grib reader"),
        ]),
    );
    let scratch = store(&one, false);
    let path = scratch.path().join("catalogue/store.json");
    let mut file: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    file["upstreams"]
        .as_array_mut()
        .unwrap()
        .push(json!({"id": "aunt", "title": "The aunt", "url": two.base() + "/"}));
    fs::write(&path, serde_json::to_string_pretty(&file).unwrap() + "\n").unwrap();
    built(&scratch, Some(asking_upstreams()));
    assert_eq!(
        listed(&scratch),
        ["datasette/graphql", "fiab/ecmwf", "fiab/grib", "fiab/zarr"]
    );
    assert_eq!(
        told(&scratch),
        "refused-upstream-entry: `fiab/za-rr` of the store `aunt` is not shown: it takes the id `zarr` in the store `sister`, or what looks like it\n\
         refused-upstream-entry: `fiab/chunks` of the store `aunt` is not shown: it takes the name `Zarr reader` of `zarr` in the store `sister`, or what looks like it\n"
    );
}

#[test]
fn of_a_store_with_a_thousand_bad_entries_twenty_are_told_and_the_good_ones_shown() {
    let sister = FakeIndex::start();
    let bad = |number: usize| {
        let mut entry = entry("fiab", &format!("bad-{number:04}"));
        entry["author"] = json!("\u{202e}");
        entry
    };
    let all: Vec<Value> = (0..1_000).map(bad).chain([entry("fiab", "zarr")]).collect();
    serve(&sister, &document(&all));
    let scratch = store(&sister, false);
    built(&scratch, Some(asking_upstreams()));
    assert_eq!(
        listed(&scratch),
        ["datasette/graphql", "fiab/ecmwf", "fiab/zarr"]
    );
    assert_eq!(told(&scratch).lines().count(), 20);
    assert!(
        told(&scratch).ends_with("; and there are 980 more like it\n"),
        "{}",
        told(&scratch)
    );
}

#[test]
fn a_store_that_turns_bad_keeps_its_last_good_copy() {
    let sister = FakeIndex::start();
    let good: Vec<Value> = (0..10)
        .map(|number| entry("fiab", &format!("good-{number:02}")))
        .collect();
    serve(&sister, &document(&good));
    let scratch = store(&sister, false);
    built(&scratch, Some(asking_upstreams()));
    let shown = listed(&scratch);
    // A field of a newer format in most entries: the entries are valid, and are kept.
    let newer: Vec<Value> = good
        .iter()
        .enumerate()
        .map(|(number, entry)| {
            let mut entry = entry.clone();
            if number > 0 {
                entry["rating"] = json!(5);
            }
            entry
        })
        .collect();
    serve(&sister, &document(&newer));
    built(&scratch, Some(asking_upstreams()));
    assert_eq!(listed(&scratch), shown);
    assert!(
        told(&scratch).starts_with("stale-upstream: "),
        "{}",
        told(&scratch)
    );
}
