//! Tests of stores over HTTP: cached for an hour, refreshed on demand, read from their copy when
//! unavailable, and merged.

use super::{Berth, WORLD};
use crate::fake_index::{FakeIndex, Fault};
use crate::scratch::Scratch;
use crate::support::{Ended, ended, tree};

/// Serves the shared store.
fn served() -> FakeIndex {
    let index = FakeIndex::start();
    for (path, bytes) in tree(&WORLD.path().join("dist"))
        .into_iter()
        .filter(|(path, _)| path.ends_with(".json"))
    {
        index.serve(&format!("/store/{path}"), "application/json", bytes);
    }
    index
}

fn address(index: &FakeIndex) -> String {
    index.base() + "/store/"
}

fn run(berth: &Berth, stores: &[&str], arguments: &[&str]) -> Ended {
    ended(&mut berth.program_for(stores, arguments))
}

#[test]
fn a_store_is_asked_once_an_hour_and_whenever_a_person_wants() {
    let (berth, index) = (Berth::with(&["tide-core==6.1.0"]), served());
    let store = address(&index);
    let first = run(&berth, &[&store], &["host", "list"]);
    assert_eq!(first.exit, 0, "{}", first.stderr);
    let asked = index.requests().len();
    let second = run(&berth, &[&store], &["host", "list"]);
    assert_eq!(
        (second.stdout.as_str(), index.requests().len()),
        (first.stdout.as_str(), asked)
    );
    assert_eq!(
        run(&berth, &[&store], &["host", "list", "--refresh"]).exit,
        0
    );
    let again = index.requests();
    assert!(again.len() > asked);
    // Unchanged documents are not sent again.
    assert!(
        again[asked..]
            .iter()
            .all(|request| request.header("if-none-match").is_some())
    );
}

#[test]
fn a_store_that_is_gone_is_used_from_its_copy_and_that_is_said() {
    let (berth, index) = (Berth::with(&["tide-core==6.1.0"]), served());
    let store = address(&index);
    assert_eq!(
        run(&berth, &[&store], &["host", "install", "moon", "--dry-run"]).exit,
        0
    );
    drop(index);
    let gone = run(&berth, &[&store], &["host", "list", "--refresh"]);
    assert_eq!(gone.exit, 0, "{}", gone.stderr);
    assert!(
        gone.stdout.contains("could not be read again") && gone.stderr.contains("its copy of"),
        "{}{}",
        gone.stdout,
        gone.stderr
    );
    // The copy contains all data for an installation.
    let installed = run(&berth, &[&store], &["host", "install", "moon", "--refresh"]);
    assert!(
        installed.stdout.contains("imported"),
        "{}{}",
        installed.stdout,
        installed.stderr
    );
}

#[test]
fn what_breaks_the_format_never_takes_the_place_of_a_good_copy() {
    let (berth, index) = (Berth::with(&["tide-core==6.1.0"]), served());
    let store = address(&index);
    let good = run(&berth, &[&store], &["host", "list", "--format", "json"]);
    for (path, body) in [
        ("plugins.json", r#"{"format": 2}"#),
        ("plugins.json", "<html>"),
        ("api/v1/hosts.json", "[]"),
    ] {
        index.serve(&format!("/store/{path}"), "application/json", body);
        let bad = run(&berth, &[&store], &["host", "list", "--refresh"]);
        assert_eq!(bad.exit, 0, "{}", bad.stderr);
        assert!(
            bad.stderr.contains(path) && bad.stderr.contains("its copy of"),
            "{}",
            bad.stderr
        );
    }
    let plugins =
        |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap()["plugins"].clone();
    let still = run(
        &berth,
        &[&store],
        &["host", "list", "--format", "json", "--offline"],
    );
    assert_eq!(plugins(&still.stdout), plugins(&good.stdout));
}

#[test]
fn a_copy_that_breaks_the_format_is_no_copy() {
    let (berth, index) = (Berth::with(&["tide-core==6.1.0"]), served());
    let store = address(&index);
    let list = || {
        let told = run(&berth, &[&store], &["host", "list", "--format", "json"]);
        let document: serde_json::Value = serde_json::from_str(&told.stdout).unwrap();
        (told.exit, told.stderr, document["plugins"].clone())
    };
    let good = list();
    let copies = berth.folder().join(".shopfront-cache/stores");
    for broken in [
        "{",
        r#"{"format": 1, "url": "URL", "checked_at": "2026-11-20T12:00:00Z", "etag": null, "document": {"format": 1}}"#,
    ] {
        for copy in std::fs::read_dir(&copies)
            .unwrap()
            .map(|it| it.unwrap().path())
        {
            let was: serde_json::Value =
                serde_json::from_slice(&std::fs::read(&copy).unwrap()).unwrap();
            let young = broken
                .replace("URL", was["url"].as_str().unwrap())
                .replace("2026-11-20T12:00:00Z", was["checked_at"].as_str().unwrap());
            std::fs::write(copy, young).unwrap();
        }
        assert_eq!(list(), good, "{broken}");
    }
}

#[test]
fn a_newer_store_may_say_more() {
    let (berth, index) = (Berth::with(&["tide-core==6.1.0"]), served());
    let plugins =
        String::from_utf8(tree(&WORLD.path().join("dist"))["plugins.json"].clone()).unwrap();
    let more = plugins.replace("\"display_name\":", "\"stars\":3,\"display_name\":");
    index.serve("/store/plugins.json", "application/json", more);
    let listed = run(&berth, &[&address(&index)], &["host", "list"]);
    assert!(
        listed.exit == 0 && listed.stdout.contains("moon"),
        "{}{}",
        listed.stdout,
        listed.stderr
    );
}

#[test]
fn of_two_stores_the_earlier_one_counts_and_one_that_can_not_be_read_stops_an_installation() {
    let (berth, index) = (Berth::with(&["tide-core==6.1.0"]), served());
    let own = Scratch::empty();
    own.overlay_at(&WORLD.path().join("dist"), "dist");
    let path = own.path().join("dist/plugins.json");
    let text = std::fs::read_to_string(&path).unwrap();
    let kept = text
        .lines()
        .filter(|line| !line.contains("\"id\":\"rock\""))
        .collect::<Vec<_>>()
        .join("\n");
    std::fs::write(
        &path,
        kept.replace(
            "\"display_name\":\"Moon\"",
            "\"display_name\":\"Our own moon\"",
        ),
    )
    .unwrap();
    let (own, other) = (
        own.path().join("dist").display().to_string(),
        address(&index),
    );
    let listed = |stores: &[&str]| {
        let run = run(&berth, stores, &["host", "list", "--format", "json"]);
        let document: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        let rows = document["plugins"].as_array().unwrap().clone();
        let row = |id: &str| {
            rows.iter()
                .find(|row| row["id"] == id)
                .cloned()
                .unwrap_or_default()
        };
        (
            row("moon")["display_name"].clone(),
            row("rock")["store"].clone(),
        )
    };
    assert_eq!(
        listed(&[&own, &other]),
        ("Our own moon".into(), other.clone().into())
    );
    assert_eq!(
        listed(&[&other, &own]),
        ("Moon".into(), other.clone().into())
    );

    index.fault("*", Fault::NotFound404);
    let unread = format!("{}/elsewhere/", index.base());
    let refused = run(&berth, &[&unread, &own], &["host", "install", "moon"]);
    assert_eq!(refused.exit, 2);
    assert!(
        refused
            .stderr
            .contains("could not be read, and may have `tide/moon`"),
        "{}",
        refused.stderr
    );
    assert_eq!(
        run(&berth, &[&own, &unread], &["host", "install", "moon"]).exit,
        0
    );
}
