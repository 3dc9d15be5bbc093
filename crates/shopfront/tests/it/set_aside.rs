//! Tests of invalid saved files: partially written, of another format, of another project. They are
//! reported, not used, and queried again. Nothing stops.

use std::fs;

use serde_json::Value;

use crate::fake_index::FakeIndex;
use crate::scratch::{Scratch, git};
use crate::support::{Ended, ended, harbour, json, program, tree};

fn run(scratch: &Scratch, index: &FakeIndex, arguments: &[&str]) -> Ended {
    ended(program(scratch, arguments).env("SHOPFRONT_PYPI_URL", index.base()))
}

fn good() -> (Scratch, FakeIndex) {
    let (scratch, index) = harbour(3);
    for arguments in [["fmt"].as_slice(), &["resolve"], &["build", "--offline"]] {
        assert_eq!(run(&scratch, &index, arguments).exit, 0);
    }
    (scratch, index)
}

const ANSWER: &str = "answers/pypi/harbour-buoy.json";
const LEDGER: &str = "answers/ledger.json";

type Break = fn(&str) -> Vec<u8>;

/// Corruptions of an answer, each with its message.
const BREAKS: &[(&str, Break, &str)] = &[
    ("empty", |_| Vec::new(), "EOF while parsing a value"),
    (
        "half",
        |text| text.as_bytes()[..text.len() / 2].to_vec(),
        "EOF while parsing",
    ),
    ("zeros", |text| vec![0; text.len()], "expected value"),
    ("another document", |_| b"[]".to_vec(), "invalid length 0"),
    (
        "no answer",
        |_| b"{\"format\": 1}".to_vec(),
        "missing field",
    ),
    (
        "of another project",
        |text| {
            text.replace("\"harbour-buoy\"", "\"harbour-keel\"")
                .into_bytes()
        },
        "expected an answer for `pypi/harbour-buoy`",
    ),
    (
        "of another registry",
        |text| {
            text.replace("\"registry\": \"pypi\"", "\"registry\": \"npm\"")
                .into_bytes()
        },
        "found one for `npm/",
    ),
    (
        "of the future",
        |text| text.replace("\"format\": 1", "\"format\": 2").into_bytes(),
        "expected format 1, found 2",
    ),
    (
        "no time",
        |text| {
            text.replace("\"checked_at\": \"2", "\"checked_at\": \"x")
                .into_bytes()
        },
        "failed to parse",
    ),
    ("no text", |_| b"\xff\xfe{\x00}".to_vec(), "expected value"),
    (
        "a link that is none",
        |text| {
            text.replace(
                "\"links\":[",
                "\"links\":[{\"label\":\"x\",\"url\":\"javascript:alert(1)\"},",
            )
            .into_bytes()
        },
        "`javascript:alert(1)` is not a valid web address",
    ),
];

#[test]
fn an_answer_that_is_none_stops_nothing_and_is_asked_for_again() {
    let (scratch, index) = good();
    let text = fs::read_to_string(scratch.path().join(ANSWER)).unwrap();
    for (what, broken, why) in BREAKS {
        let broken = broken(&text);
        assert!(broken != text.as_bytes(), "{what}");
        fs::write(scratch.path().join(ANSWER), &broken).unwrap();
        for arguments in [
            ["check", "--offline"].as_slice(),
            &["build", "--offline"],
            &["lagging"],
        ] {
            let told = run(&scratch, &index, arguments);
            assert_eq!(
                told.exit, 0,
                "{what}: {arguments:?}: {}{}",
                told.stdout, told.stderr
            );
            let (first, _) = told
                .stderr
                .split_once('\n')
                .unwrap_or_else(|| panic!("{what}: {arguments:?}: nothing is said"));
            assert!(
                first.starts_with(&format!(
                    "warning: {ANSWER} is not what it should be, and is not used: "
                )),
                "{what}: {first}"
            );
            assert!(first.contains(why), "{what}: {first}");
        }
        assert_eq!(
            json(&scratch, "api/v1/plugins/harbour/buoy.json")["version"],
            Value::Null,
            "{what}"
        );
        assert_eq!(
            json(&scratch, "api/v1/plugins/harbour/anchor.json")["version"],
            "1.1",
            "{what}"
        );
        let asked = run(&scratch, &index, &["resolve"]);
        assert_eq!(asked.exit, 0, "{what}: {}", asked.stderr);
        assert!(
            asked.stderr.contains("asked for 1 project: 1 new"),
            "{what}: {}",
            asked.stderr
        );
        let again = run(&scratch, &index, &["build", "--offline"]);
        assert!(
            again.exit == 0 && !again.stderr.contains("is not what it should be"),
            "{what}: {}",
            again.stderr
        );
        assert_eq!(
            json(&scratch, "api/v1/plugins/harbour/buoy.json")["version"],
            "1.1",
            "{what}"
        );
    }
}

#[test]
fn what_is_learned_in_passing_may_be_broken_too() {
    let (scratch, index) = good();
    scratch.write(
        ".gitignore",
        "/dist/\n/.dist*\n/.home/\n/answers/descriptions/\n",
    );
    git(
        scratch.path(),
        &["init", "--quiet", "--initial-branch=main"],
    );
    scratch.commit();
    // An answer of the same second contains nothing new, and is not saved twice. The saved one must
    // therefore be older.
    let saved = scratch.path().join(ANSWER);
    let mut answer: Value = serde_json::from_slice(&fs::read(&saved).unwrap()).unwrap();
    answer["checked_at"] = "2026-01-01T00:00:00Z".into();
    fs::write(&saved, answer.to_string()).unwrap();
    assert_eq!(
        run(&scratch, &index, &["check", "--resolve", "--refresh"]).exit,
        0
    );
    let path = format!(".shopfront-cache/{ANSWER}");
    let text = fs::read_to_string(scratch.path().join(&path)).unwrap();
    for broken in [
        "",
        "{",
        "{}",
        &text.replace("\"format\":1", "\"format\":7"),
        &text.replace("harbour-buoy", "harbour-keel"),
    ] {
        fs::write(scratch.path().join(&path), broken).unwrap();
        let told = run(&scratch, &index, &["build", "--offline"]);
        assert_eq!(told.exit, 0, "{broken}: {}", told.stderr);
        assert!(
            told.stderr.starts_with(&format!(
                "warning: {path} is not what it should be, and is not used: "
            )),
            "{}",
            told.stderr
        );
        assert_eq!(
            json(&scratch, "api/v1/plugins/harbour/buoy.json")["version"],
            "1.1",
            "{broken}"
        );
    }
}

#[test]
fn a_link_in_the_place_of_an_answer_is_not_followed() {
    let (scratch, index) = good();
    fs::rename(
        scratch.path().join(ANSWER),
        scratch.path().join("elsewhere.json"),
    )
    .unwrap();
    std::os::unix::fs::symlink("../../elsewhere.json", scratch.path().join(ANSWER)).unwrap();
    assert_eq!(run(&scratch, &index, &["build", "--offline"]).exit, 0);
    assert_eq!(
        json(&scratch, "api/v1/plugins/harbour/buoy.json")["version"],
        Value::Null
    );
    assert_eq!(run(&scratch, &index, &["resolve"]).exit, 0);
    assert!(
        !fs::symlink_metadata(scratch.path().join(ANSWER))
            .unwrap()
            .is_symlink()
    );
}

#[test]
fn a_description_with_another_text_is_fetched_again() {
    let (scratch, index) = good();
    let described = |scratch: &Scratch| {
        json(scratch, "api/v1/plugins/harbour/buoy.json")["description"]["text"].is_string()
    };
    let before = described(&scratch);
    let sha256 =
        serde_json::from_slice::<Value>(&fs::read(scratch.path().join(ANSWER)).unwrap()).unwrap();
    let sha256 = sha256["project"]["newest"]["description"]["sha256"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("answers/descriptions/{}/{sha256}.txt", &sha256[..2]);
    scratch.write(&path, "half a te");
    let told = run(&scratch, &index, &["build", "--offline"]);
    assert!(
        told.exit == 0
            && told.stderr.contains(
                ".txt is not what it should be, and is not used: its text has another SHA-256\n"
            ),
        "{}",
        told.stderr
    );
    assert!(!told.stderr.contains("half a te"));
    assert_eq!(run(&scratch, &index, &["resolve"]).exit, 0);
    assert_eq!(run(&scratch, &index, &["build", "--offline"]).exit, 0);
    assert_eq!(described(&scratch), before);
    assert_eq!(
        shopfront_text::digest::sha256(&fs::read(scratch.path().join(path)).unwrap()),
        sha256
    );
}

/// Returns the numbers and the history of the entries, which no registry has.
fn numbers(scratch: &Scratch) -> Value {
    let ledger: Value =
        serde_json::from_slice(&fs::read(scratch.path().join(LEDGER)).unwrap()).unwrap();
    ledger["entries"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(entry, past)| (entry.clone(), past["number"].clone()))
        .collect()
}

fn kept_aside(scratch: &Scratch) -> Vec<Vec<u8>> {
    tree(&scratch.path().join("answers"))
        .into_iter()
        .filter(|(path, _)| path.starts_with("ledger.broken-"))
        .map(|(_, bytes)| bytes)
        .collect()
}

#[test]
fn a_ledger_that_is_none_is_never_lost_and_stops_nothing() {
    let breaks: &[fn(&str) -> String] = &[
        |text| text[..text.len() / 2].to_owned(),
        |_| "{}".to_owned(),
        |text| text.replace("\"format\": 1", "\"format\": 3"),
        |text| text.replace("\"number\": 1", "\"number\": 0"),
    ];
    for broken in breaks {
        let (scratch, index) = good();
        let text = fs::read_to_string(scratch.path().join(LEDGER)).unwrap();
        let (before, broken) = (numbers(&scratch), broken(&text));
        assert_ne!(broken, text);
        scratch.write(LEDGER, &broken);
        for arguments in [["check", "--offline"].as_slice(), &["resolve"]] {
            let told = run(&scratch, &index, arguments);
            assert_eq!(
                told.exit, 0,
                "{arguments:?}: {}{}",
                told.stdout, told.stderr
            );
        }
        let told = run(&scratch, &index, &["build", "--offline"]);
        assert_eq!(told.exit, 0, "{}", told.stderr);
        assert!(
            told.stderr.contains(&format!(
                "warning: {LEDGER} is not what it should be, and is not used: "
            )),
            "{}",
            told.stderr
        );
        assert!(
            told.stderr.contains("is used in its place\n"),
            "{}",
            told.stderr
        );
        assert_eq!(
            (numbers(&scratch), kept_aside(&scratch)),
            (before, vec![broken.into_bytes()])
        );
        // If nothing was built before, the message contains the possible actions.
        scratch.write(LEDGER, "{");
        fs::remove_dir_all(scratch.path().join("dist")).unwrap();
        let told = run(&scratch, &index, &["build", "--offline"]);
        assert_eq!(told.exit, 0, "{}", told.stderr);
        assert!(
            told.stderr.contains(
                "restore answers/ledger.json from git, or run `shopfront resolve --from-published`"
            ),
            "{}",
            told.stderr
        );
        assert!(kept_aside(&scratch).contains(&b"{".to_vec()));
    }
}

#[test]
fn resolve_brings_a_broken_ledger_back_from_the_published_store() {
    let (scratch, index) = good();
    let before = numbers(&scratch);
    index.serve(
        "/store/answers.json",
        "application/json",
        fs::read(scratch.path().join("dist/answers.json")).unwrap(),
    );
    let path = scratch.path().join("catalogue/store.json");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(
        &path,
        text.replace("https://quay.example/", &(index.base() + "/store/")),
    )
    .unwrap();
    scratch.write(LEDGER, "{\"half");
    let told = run(&scratch, &index, &["resolve"]);
    assert_eq!(told.exit, 0, "{}", told.stderr);
    assert_eq!(
        (numbers(&scratch), kept_aside(&scratch)),
        (before, vec![b"{\"half".to_vec()])
    );
}
