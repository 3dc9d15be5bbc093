//! Who keeps a name that several plugins of a host take for themselves: in what is published, and in what `check` tells.

use std::fs;

use serde_json::Value;

use crate::error_pages;
use crate::scratch::Scratch;
use crate::support::{built, ended, json, problems_of, program};

const HARBOURS: &str = "catalogue/oko/harbours.json";
const TIDES: &str = "catalogue/oko/tide-tables.json";
const ANSWER: &str = "answers/archive/oko/harbours.json";

/// A store whose entries `harbours` and `tide-tables` both take the name `tides`.
fn store() -> Scratch {
    error_pages::case("taken-name", "Example").unpacked()
}

/// Builds without the file at `path`, a day before.
fn build_before(scratch: &Scratch, path: &str) {
    let away = scratch.path().join("away.json");
    fs::rename(scratch.path().join(path), &away).unwrap();
    built(scratch, None);
    fs::rename(&away, scratch.path().join(path)).unwrap();
    let ledger = scratch.path().join("answers/ledger.json");
    let mut past: Value = serde_json::from_str(&fs::read_to_string(&ledger).unwrap()).unwrap();
    for (_, entry) in past["entries"].as_object_mut().unwrap() {
        entry["listed_at"] = "2026-01-01T00:00:00Z".into();
        for (_, since) in entry["names"].as_object_mut().into_iter().flatten() {
            *since = "2026-01-01T00:00:00Z".into();
        }
    }
    fs::write(ledger, past.to_string()).unwrap();
}

/// The entries that are told to take a name of another: by `build`, and by `check`.
fn late(scratch: &Scratch) -> (Vec<&'static str>, Vec<&'static str>) {
    built(scratch, None);
    let entries = [("oko/harbours", HARBOURS), ("oko/tide-tables", TIDES)];
    let is_told = |entry: &str| {
        problems_of(scratch, entry)
            .iter()
            .any(|code| code == "taken-name")
    };
    let of_build = entries
        .iter()
        .filter(|(entry, _)| is_told(entry))
        .map(|(entry, _)| *entry)
        .collect();
    let checked = ended(&mut program(
        scratch,
        &["check", "--offline", "--format", "json"],
    ));
    let report: Value = serde_json::from_str(&checked.stdout).unwrap();
    let is_checked = |path: &str| {
        report
            .as_array()
            .unwrap()
            .iter()
            .any(|it| it["code"] == "taken-name" && it["path"] == path)
    };
    let of_check = entries
        .iter()
        .filter(|(_, path)| is_checked(path))
        .map(|(entry, _)| *entry)
        .collect();
    (of_build, of_check)
}

#[test]
fn who_was_listed_first_keeps_a_name_whatever_its_id() {
    for (first, late_one) in [(HARBOURS, "oko/tide-tables"), (TIDES, "oko/harbours")] {
        let scratch = store();
        build_before(&scratch, if first == HARBOURS { TIDES } else { HARBOURS });
        assert_eq!(late(&scratch), (vec![late_one], vec![late_one]));
    }
}

#[test]
fn who_was_published_with_a_name_first_keeps_it_from_who_was_listed_earlier() {
    let scratch = store();
    let taking = fs::read_to_string(scratch.path().join(ANSWER)).unwrap();
    assert!(taking.contains("\"name\": \"tides\""));
    scratch.write(
        ANSWER,
        &taking.replace("\"name\": \"tides\"", "\"name\": \"harbours\""),
    );
    // `harbours` is listed a day before `tide-tables`, under a name of its own; then it takes the name of that.
    build_before(&scratch, TIDES);
    built(&scratch, None);
    scratch.write(ANSWER, &taking);
    assert_eq!(late(&scratch), (vec!["oko/harbours"], vec!["oko/harbours"]));
    let names =
        json(&scratch, "answers.json")["ledger"]["entries"]["oko/tide-tables"]["names"].clone();
    assert_eq!(
        names.as_object().unwrap().keys().collect::<Vec<_>>(),
        ["the plugin name tides"]
    );
}
