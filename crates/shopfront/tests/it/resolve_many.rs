//! Tests of queries for many projects: each once, few concurrently, none indefinitely, and every
//! answer saved as it arrives.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use shopfront::commands::resolve::{self, Options};
use shopfront_model::answers::Answer;
use shopfront_registry::http::RetryPolicy;

use crate::fake_index::{FakeIndex, Fault, project_json};
use crate::scratch::Scratch;
use crate::support::{
    HARBOUR, RELEASES, ask, asking, ended, harbour, patience, program, project, saved,
};

#[test]
fn each_project_is_asked_for_once_however_many_snippets_name_it() {
    let (scratch, index) = harbour(1);
    scratch.write(
        "catalogue/marina/host.json",
        &std::fs::read_to_string(scratch.path().join("catalogue/harbour/host.json")).unwrap(),
    );
    scratch.write(
        "catalogue/marina/anchor.json",
        &std::fs::read_to_string(scratch.path().join("catalogue/harbour/anchor.json")).unwrap(),
    );
    let outcome = resolve::run(&scratch.workspace(), &asking(&index.base())).unwrap();
    // For each, the document and the page beside it.
    assert!(
        outcome
            .stderr
            .starts_with("asked for 2 projects: 2 new, 0 as before, 0 gone, 0 failed;"),
        "{}",
        outcome.stderr
    );
    assert_eq!(index.requests_for("harbour-anchor").len(), 2);
    assert_eq!(index.requests_for("harbour").len(), 2);
}

#[test]
fn no_more_questions_are_under_way_than_asked_for() {
    let index = FakeIndex::start();
    index.fault("*", Fault::Hang);
    let scratch = Scratch::empty();
    let workspace = scratch.workspace();
    let hanging = RetryPolicy {
        request_timeout: Duration::from_secs(2),
        retries: 0,
        ..patience()
    };
    let options = Options {
        jobs: 3,
        patience: hanging,
        ..asking(&index.base())
    };
    thread::scope(|scope| {
        scope.spawn(|| ask(&workspace, &HARBOUR[..6], &options));
        let begun = Instant::now();
        while index.requests().len() < 3 && begun.elapsed() < Duration::from_secs(1) {
            thread::sleep(Duration::from_millis(10));
        }
        thread::sleep(Duration::from_millis(500));
        assert_eq!(index.requests().len(), 3);
    });
    assert_eq!(index.requests().len(), 6);
}

#[test]
fn an_index_that_is_down_is_left_alone_after_ten_failures_in_a_row() {
    let names: Vec<String> = (0..40).map(|number| format!("plank-{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let index = FakeIndex::start();
    index.fault("*", Fault::ServerError500 { times: u32::MAX });
    let scratch = Scratch::empty();
    let workspace = scratch.workspace();
    let options = Options {
        jobs: 1,
        patience: RetryPolicy {
            retries: 0,
            ..patience()
        },
        ..asking(&index.base())
    };
    let asked = ask(&workspace, &names, &options);
    assert_eq!((asked.failed.len(), index.requests().len()), (40, 10));
    assert!(resolve::failures(&asked).contains(" and 29 more: the registry seems to be down"));

    // A registry that fails for half of the projects is queried for all.
    let index = FakeIndex::start();
    for name in &names {
        index.json(name, project_json(name, &RELEASES));
    }
    for name in names.iter().step_by(2) {
        index.fault(name, Fault::ServerError500 { times: u32::MAX });
    }
    let asked = ask(
        &workspace,
        &names,
        &Options {
            addresses: crate::support::at(&index.base()),
            ..options
        },
    );
    assert_eq!(
        (asked.failed.len(), asked.new, index.documents().len()),
        (20, 20, 40)
    );
}

#[test]
fn answers_are_saved_as_they_come() {
    let index = FakeIndex::start();
    index.json("buoy", project_json("buoy", &RELEASES));
    index.fault("crane", Fault::Hang);
    let scratch = Scratch::empty();
    let workspace = scratch.workspace();
    let path = scratch.path().join("answers/pypi/buoy.json");
    let options = Options {
        patience: RetryPolicy {
            request_timeout: Duration::from_secs(2),
            retries: 0,
            ..patience()
        },
        ..asking(&index.base())
    };
    thread::scope(|scope| {
        let asking = scope.spawn(|| ask(&workspace, &["buoy", "crane"], &options));
        let begun = Instant::now();
        while !path.is_file() && begun.elapsed() < Duration::from_secs(2) {
            thread::sleep(Duration::from_millis(10));
        }
        assert!(path.is_file() && !asking.is_finished());
    });
}

#[test]
fn a_store_that_nobody_answers_says_so_and_keeps_its_answers() {
    let (scratch, index) = harbour(2);
    resolve::run(&scratch.workspace(), &asking(&index.base())).unwrap();
    let down = index.base();
    drop(index);
    let outcome = resolve::run(&scratch.workspace(), &asking(&down)).unwrap();
    assert_eq!(outcome.exit, 0);
    assert!(
        outcome
            .stderr
            .contains("warning: pypi/harbour-anchor: no connection"),
        "{}",
        outcome.stderr
    );
    assert_eq!(
        saved(&scratch.workspace(), &project("anchor"))
            .found()
            .unwrap()
            .releases
            .len(),
        2
    );

    let checked = ended(&mut program(
        &scratch,
        &[
            "check",
            "--resolve",
            "--refresh",
            "--retries",
            "0",
            "--pypi-url",
            &down,
        ],
    ));
    assert_eq!(checked.exit, 0, "{}", checked.stderr);
    assert!(
        checked
            .stderr
            .contains("warning: pypi/harbour-anchor: no connection"),
        "{}",
        checked.stderr
    );

    // Without earlier answers, there is no data.
    std::fs::remove_dir_all(scratch.path().join("answers")).unwrap();
    let blind = resolve::run(&scratch.workspace(), &asking(&down)).unwrap();
    assert_eq!(blind.exit, 2);
    assert!(
        blind
            .stderr
            .ends_with("error: no registry answered, and nothing was known before\n"),
        "{}",
        blind.stderr
    );
}

#[test]
fn a_kill_while_answers_are_saved_leaves_whole_answers() {
    // The duration of a whole run depends on the machine: the kills are distributed over it.
    let (unharmed, its_index) = harbour(12);
    let started = Instant::now();
    assert_eq!(
        ended(&mut program(
            &unharmed,
            &["resolve", "--refresh", "--pypi-url", &its_index.base()]
        ))
        .exit,
        0
    );
    let whole_run = started.elapsed();
    let (scratch, index) = harbour(12);
    let mut whole = 0;
    for run in 0..12 {
        let mut child = program(
            &scratch,
            &["resolve", "--refresh", "--pypi-url", &index.base()],
        )
        .spawn()
        .unwrap();
        thread::sleep(whole_run * (run + 1) / 12);
        child.kill().unwrap();
        child.wait().unwrap();
        let folder = scratch.path().join("answers/pypi");
        for entry in fs::read_dir(folder)
            .into_iter()
            .flatten()
            .map(|it| it.unwrap().path())
        {
            if entry.extension().is_some_and(|it| it == "json") {
                let answer: Answer = serde_json::from_slice(&fs::read(&entry).unwrap()).unwrap();
                assert_eq!(answer.found().unwrap().releases.len(), 2);
                whole += 1;
            }
        }
        // Each run begins with different bytes, so that something is written.
        for name in &HARBOUR[..12] {
            let releases = [
                (RELEASES[0].0, RELEASES[0].1),
                (
                    RELEASES[1].0,
                    ["2025-02-01T00:00:00Z", "2025-03-01T00:00:00Z"][usize::from(run % 2 == 0)],
                ),
            ];
            index.json(&project(name), project_json(&project(name), &releases));
        }
    }
    assert!(whole > 0);
    let run = ended(&mut program(
        &scratch,
        &["resolve", "--refresh", "--pypi-url", &index.base()],
    ));
    assert_eq!(run.exit, 0, "{}", run.stderr);
    assert!(run.stderr.contains(" 0 failed;"), "{}", run.stderr);
}
