//! What a store that means harm can do to the terminal, to the choice of the host, and by a dry
//! run.

use std::fs;

use serde_json::{Map, Value, json};

use super::{Berth, WORLD};
use crate::scratch::Scratch;
use crate::support::ended;

/// A copy of the shared store, with another `file`.
fn store_with(file: &str, change: impl Fn(&mut Value)) -> Scratch {
    let other = Scratch::empty();
    other.overlay_at(&WORLD.path().join("dist"), "dist");
    let path = other.path().join("dist").join(file);
    let mut document: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    change(&mut document);
    fs::write(&path, document.to_string()).unwrap();
    other
}

#[test]
fn whatever_a_store_says_is_a_plain_line_of_bounded_length() {
    const EVIL: &str = "\u{1b}[2J\u{202e}EVIL\n::error::EVIL";
    let store = store_with("plugins.json", |document| {
        for plugin in document["plugins"]
            .as_array_mut()
            .unwrap()
            .iter_mut()
            .filter(|plugin| plugin["id"] == "moon")
        {
            let majors: Map<String, Value> = (0..20_000)
                .map(|at| (format!("9{at}"), json!("6.2.0")))
                .collect();
            plugin["compatible"] = Value::Object(majors);
            plugin["compatible"][format!("9{EVIL}")] = json!("6.2.0");
            plugin["version"] = json!("6.2.0");
            plugin["store"] = json!({ "id": "sister", "title": EVIL });
        }
    });
    let dist = store.path().join("dist").display().to_string();
    let berth = Berth::with(&["tide-core==6.1.0", "tide-plugin-moon==6.0.0"]);
    for arguments in [
        ["host", "update", "moon"].as_slice(),
        &["host", "install", "moon"],
        &["host", "install", "moon", "--version", "6.1.0"],
    ] {
        let run = ended(&mut berth.program_for(&[&dist], arguments));
        let said = run.stdout + &run.stderr;
        assert!(
            run.exit != 0 && said.contains("moon"),
            "{arguments:?}: {said}"
        );
        assert!(
            said.lines().all(|line| line.chars().count() <= 1_100),
            "{arguments:?}: {}",
            said.len()
        );
        assert!(
            said.chars()
                .all(|it| it == '\n' || !(it.is_control() || it == '\u{202e}')),
            "{arguments:?}: {said:?}"
        );
        assert!(
            !said.lines().any(|line| line.starts_with("::")),
            "{arguments:?}: {said}"
        );
    }
}

#[test]
fn a_store_that_is_named_later_takes_no_command_away_from_the_first() {
    let store = store_with("api/v1/hosts.json", |document| {
        let mut host = document["hosts"][0].clone();
        (host["id"], host["project"]["name"]) = (json!("zz"), json!("tide-plugin-moon"));
        document["hosts"].as_array_mut().unwrap().push(host);
    });
    let (first, later) = (
        WORLD.path().join("dist").display().to_string(),
        store.path().join("dist").display().to_string(),
    );
    let berth = Berth::with(&["tide-core==6.1.0", "tide-plugin-moon==6.1.0"]);
    let list = |stores: &[&str]| ended(&mut berth.program_for(stores, &["host", "list"]));
    let run = list(&[&first, &later]);
    assert_eq!(run.exit, 0, "{}", run.stderr);
    assert!(
        run.stderr
            .contains("others are installed here too, name one with `--host`: zz"),
        "{}",
        run.stderr
    );
    assert_eq!(list(&[&first]).stderr, "");
    // Of one store nobody can know which is meant.
    let both = list(&[&later, &first]);
    assert!(
        both.exit == 2
            && both
                .stderr
                .contains("several hosts of the store are installed"),
        "{}",
        both.stderr
    );
}

/// Building a source archive runs its code, and who only wants to find out did not ask for that.
#[test]
fn a_dry_run_takes_wheels_alone() {
    let berth = Berth::with(&["tide-core==6.1.0", "tide-plugin-moon==6.0.0"]);
    let words = berth.folder().join("words.txt");
    let asked = |arguments: &[&str]| {
        let _ = fs::remove_file(&words);
        let run = ended(berth.program(arguments).env("STUB_WORDS", &words));
        assert_eq!(run.exit, 0, "{}", run.stderr);
        fs::read_to_string(&words)
            .unwrap()
            .lines()
            .map(|line| line.contains("--only-binary :all:"))
            .collect::<Vec<_>>()
    };
    assert_eq!(asked(&["host", "install", "moon", "--dry-run"]), [true]);
    assert_eq!(asked(&["host", "update", "--dry-run"]), [true]);
    assert_eq!(asked(&["host", "install", "moon"]), [false, false]);
    // Of what has no wheel it is said what would have to be done.
    let none = Scratch::empty();
    let run = ended(
        berth
            .program(&["host", "install", "fog", "--dry-run"])
            .env("PIP_FIND_LINKS", none.path()),
    );
    assert_eq!(run.exit, 2);
    assert!(
        run.stderr
            .contains("without `--dry-run` a source archive would be built, which runs its code"),
        "{}",
        run.stderr
    );
}
