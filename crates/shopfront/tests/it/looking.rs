//! Tests that reading a store does not modify its repository. Committed answers change only if a
//! person runs `resolve` and a registry has changes. Results of other commands, including failures,
//! are saved where git does not see them, and are used.

use std::fs;
use std::process::Command;

use serde_json::Value;
use shopfront::commands::build;

use crate::fake_index::{FakeIndex, Fault, project_json};
use crate::scratch::{Scratch, git};
use crate::support::{Ended, LOOK, ended, harbour, json, problems_of, program, tree};

const NOBODY: &str = "http://127.0.0.1:9";

/// Returns the output of git, one line per file.
fn status(scratch: &Scratch) -> Vec<String> {
    let output = Command::new("git")
        .current_dir(scratch.path())
        .args(["status", "--short", "--untracked-files=all"])
        .output()
        .unwrap();
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(str::to_owned)
        .collect()
}

/// Returns a store of three plugins whose answers and ledger are committed, with its index.
fn committed() -> (Scratch, FakeIndex) {
    let (scratch, index) = harbour(3);
    scratch.write(
        ".gitignore",
        "/dist/\n/.dist*\n/.home/\n/answers/descriptions/\n",
    );
    git(
        scratch.path(),
        &["init", "--quiet", "--initial-branch=main"],
    );
    assert_eq!(run(&scratch, &index.base(), &["fmt"]).exit, 0);
    assert_eq!(run(&scratch, &index.base(), &["resolve"]).exit, 0);
    assert_eq!(
        run(&scratch, &index.base(), &["build", "--offline"]).exit,
        0
    );
    scratch.commit();
    assert!(
        scratch.path().join("answers/ledger.json").exists()
            && scratch
                .path()
                .join("answers/pypi/harbour-buoy.json")
                .exists()
    );
    assert_eq!(status(&scratch), Vec::<String>::new());
    (scratch, index)
}

/// Runs the program with the index at `base`, and with minimal timeouts.
fn run(scratch: &Scratch, base: &str, arguments: &[&str]) -> Ended {
    ended(
        program(scratch, arguments)
            .env("SHOPFRONT_PYPI_URL", base)
            .args(
                asks(arguments)
                    .then_some(["--retries", "0"])
                    .into_iter()
                    .flatten(),
            ),
    )
}

fn asks(arguments: &[&str]) -> bool {
    !arguments.contains(&"--offline") && arguments[0] != "fmt"
}

/// Commands that query registries as part of another task.
const LOOKS: &[&[&str]] = &[
    &["build", "--refresh"],
    &["check", "--resolve", "--refresh"],
    &["diff", "--since", "HEAD", "--resolve", "--refresh"],
    &["add", "harbour-anchor", "--draft"],
];

fn new_release(index: &FakeIndex) {
    let releases = [
        ("1.0", "2025-01-01T00:00:00Z"),
        ("2.0", "2026-03-01T00:00:00Z"),
    ];
    index.json("harbour-buoy", project_json("harbour-buoy", &releases));
}

fn version(scratch: &Scratch, id: &str) -> Value {
    json(scratch, &format!("api/v1/plugins/harbour/{id}.json"))["version"].clone()
}

#[test]
fn without_a_network_nothing_that_is_committed_changes() {
    for arguments in LOOKS.iter().chain([&["resolve", "--refresh"].as_slice()]) {
        let (scratch, _index) = committed();
        let told = run(&scratch, NOBODY, arguments);
        assert_eq!(
            status(&scratch),
            Vec::<String>::new(),
            "{arguments:?}: {}{}",
            told.stdout,
            told.stderr
        );
    }
}

#[test]
fn looking_at_what_is_new_changes_nothing_that_is_committed() {
    for arguments in LOOKS {
        let (scratch, index) = committed();
        new_release(&index);
        let told = run(&scratch, &index.base(), arguments);
        assert_eq!(
            status(&scratch),
            Vec::<String>::new(),
            "{arguments:?}: {}{}",
            told.stdout,
            told.stderr
        );
    }
}

#[test]
fn what_was_learned_in_passing_is_used_and_kept_for_good_when_somebody_asks() {
    let (scratch, index) = committed();
    new_release(&index);
    assert_eq!(
        run(
            &scratch,
            &index.base(),
            &["check", "--resolve", "--refresh"]
        )
        .exit,
        0
    );
    // No server is queried any more, and the ledger of the build matches its answers.
    assert_eq!(run(&scratch, NOBODY, &["build", "--offline"]).exit, 0);
    assert_eq!(
        (version(&scratch, "buoy"), status(&scratch)),
        (Value::from("2.0"), Vec::new())
    );
    assert_eq!(
        json(&scratch, "api/v1/changes.json")["updated"][0]["id"],
        "buoy"
    );
    let once = tree(&scratch.path().join("dist"));
    assert_eq!(run(&scratch, NOBODY, &["build", "--offline"]).exit, 0);
    assert!(
        once == tree(&scratch.path().join("dist")),
        "what the first build remembered makes a difference to the second"
    );

    assert_eq!(run(&scratch, &index.base(), &["resolve"]).exit, 0);
    assert_eq!(
        status(&scratch),
        [
            " M answers/ledger.json",
            " M answers/pypi/harbour-buoy.json"
        ]
    );
    assert_eq!(run(&scratch, NOBODY, &["build", "--offline"]).exit, 0);
    assert!(
        once == tree(&scratch.path().join("dist")),
        "the same is known as before"
    );
    assert_eq!(
        status(&scratch),
        [
            " M answers/ledger.json",
            " M answers/pypi/harbour-buoy.json"
        ]
    );
}

#[test]
fn asking_changes_the_answers_that_say_something_new_and_no_others() {
    let (scratch, index) = committed();
    assert_eq!(
        run(&scratch, &index.base(), &["resolve", "--refresh"]).exit,
        0
    );
    assert_eq!(
        status(&scratch),
        Vec::<String>::new(),
        "that nothing is new is nothing to commit"
    );
    new_release(&index);
    index.remove("harbour-crane");
    index.fault("harbour-anchor", Fault::NotFound404);
    index.heal("harbour-anchor");
    assert_eq!(
        run(&scratch, &index.base(), &["resolve", "--refresh"]).exit,
        0
    );
    assert_eq!(
        status(&scratch),
        [
            " M answers/pypi/harbour-buoy.json",
            " M answers/pypi/harbour-crane.json"
        ]
    );
}

#[test]
fn a_failure_is_told_from_build_to_build_and_forgotten_when_it_is_over() {
    let (scratch, index) = committed();
    let built = |base: &str| {
        assert_eq!(run(&scratch, base, &["build", "--refresh"]).exit, 0);
        assert_eq!(run(&scratch, base, &["build", "--offline"]).exit, 0);
        let problems = json(&scratch, "api/v1/problems.json")["problems"].clone();
        let stale: Vec<Value> = problems
            .as_array()
            .unwrap()
            .iter()
            .filter(|it| it["code"] == "stale-answer")
            .cloned()
            .collect();
        (
            json(&scratch, "api/v1/health.json")["status"].clone(),
            stale,
        )
    };
    let (status_of_first, first) = built(NOBODY);
    assert_eq!(
        (status_of_first, first.len()),
        (Value::from("stale"), 4),
        "three plugins and the project of their host"
    );
    assert!(problems_of(&scratch, "harbour/buoy").contains(&"stale-answer".to_owned()));
    let (_, second) = built(NOBODY);
    let since = |all: &[Value]| {
        all.iter()
            .map(|it| it["since"].clone())
            .collect::<Vec<Value>>()
    };
    assert_eq!(
        since(&second),
        since(&first),
        "since when it fails is remembered"
    );
    assert_eq!(built(&index.base()).1, Vec::<Value>::new());
    assert_eq!(status(&scratch), Vec::<String>::new());
}

#[test]
fn an_answer_that_came_with_git_counts_before_what_was_learned_earlier() {
    let (scratch, index) = committed();
    assert_eq!(run(&scratch, NOBODY, &["build", "--refresh"]).exit, 0);
    // Another machine queried the registries, and its answers were pulled.
    let other = Scratch::empty();
    other.overlay(&scratch.path().join("catalogue"));
    let path = scratch.path().join("answers/pypi/harbour-buoy.json");
    let text = fs::read_to_string(&path).unwrap();
    let (head, tail) = text.split_once("\"checked_at\": \"").unwrap();
    let pulled = format!(
        "{head}\"checked_at\": \"2099-01-01T00:00:00Z{}",
        &tail[tail.find('"').unwrap()..]
    );
    fs::write(
        &path,
        pulled.replace("\"1.1\"", "\"9.9\"").replace("-1.1", "-9.9"),
    )
    .unwrap();
    assert_eq!(run(&scratch, NOBODY, &["build", "--offline"]).exit, 0);
    assert_eq!(version(&scratch, "buoy"), "9.9");
    assert!(!problems_of(&scratch, "harbour/buoy").contains(&"stale-answer".to_owned()));
    drop(index);
}

/// As in a new store, or in one without a repository: all data is in one directory, which workflows
/// cache.
#[test]
fn where_git_ignores_answers_all_of_it_is_in_one_place() {
    for ignored in [true, false] {
        let (scratch, index) = harbour(2);
        if ignored {
            scratch.write(".gitignore", "/dist/\n/.dist*\n/.home/\n/answers/\n");
            git(
                scratch.path(),
                &["init", "--quiet", "--initial-branch=main"],
            );
            scratch.commit();
        }
        assert_eq!(run(&scratch, &index.base(), &["build"]).exit, 0);
        new_release(&index);
        assert_eq!(
            run(&scratch, &index.base(), &["build", "--refresh"]).exit,
            0
        );
        let ledger = fs::read_to_string(scratch.path().join("answers/ledger.json")).unwrap();
        let answer =
            fs::read_to_string(scratch.path().join("answers/pypi/harbour-buoy.json")).unwrap();
        assert!(ledger.contains("\"2.0\"") && answer.contains("\"2.0\""));
        assert_eq!(run(&scratch, NOBODY, &["build", "--refresh"]).exit, 0);
        assert!(
            fs::read_to_string(scratch.path().join("answers/pypi/harbour-buoy.json"))
                .unwrap()
                .contains("\"trouble\": {")
        );
        assert!(!scratch.path().join(".shopfront-cache/answers").exists());
        if ignored {
            assert_eq!(status(&scratch), Vec::<String>::new());
            let told = run(&scratch, NOBODY, &["diff", "--offline", "--since", "HEAD"]);
            assert!(
                told.stdout.starts_with("nothing differs from "),
                "{}",
                told.stdout
            );
        }
    }
}

#[test]
fn a_store_that_is_only_looked_at_is_not_remembered_as_published() {
    let (scratch, index) = harbour(1);
    assert_eq!(run(&scratch, &index.base(), &["resolve"]).exit, 0);
    let out = scratch.path().join("dist");
    let options = |is_preview| build::Options {
        out: out.clone(),
        asking: None,
        accept_drop: false,
        is_preview,
        look: LOOK,
    };
    assert_eq!(
        build::run(&scratch.workspace(), &options(true))
            .unwrap()
            .exit,
        0
    );
    assert!(
        out.join("plugins.json").exists() && !scratch.path().join("answers/ledger.json").exists()
    );
    assert_eq!(
        build::run(&scratch.workspace(), &options(false))
            .unwrap()
            .exit,
        0
    );
    assert!(scratch.path().join("answers/ledger.json").exists());
}

#[test]
fn a_new_store_has_nothing_to_commit_once_it_was_built() {
    let (scratch, index) = (Scratch::empty(), FakeIndex::start());
    git(
        scratch.path(),
        &["init", "--quiet", "--initial-branch=main"],
    );
    index.json(
        "example-app",
        project_json("example-app", &crate::support::RELEASES),
    );
    assert_eq!(
        ended(&mut program(
            &scratch,
            &[
                "init",
                scratch.path().to_str().unwrap(),
                "--id",
                "s",
                "--title",
                "S"
            ]
        ))
        .exit,
        0
    );
    scratch.commit();
    for arguments in [["resolve"].as_slice(), &["build"], &["check", "--resolve"]] {
        let told = run(&scratch, &index.base(), arguments);
        assert_eq!(
            told.exit, 0,
            "{arguments:?}: {}{}",
            told.stdout, told.stderr
        );
        assert_eq!(status(&scratch), Vec::<String>::new(), "{arguments:?}");
    }
    assert!(scratch.path().join("answers/ledger.json").exists());
    let told = run(&scratch, NOBODY, &["diff", "--offline", "--since", "HEAD"]);
    assert!(
        told.exit == 0 && told.stdout.starts_with("nothing differs from "),
        "{}{}",
        told.stdout,
        told.stderr
    );
}
