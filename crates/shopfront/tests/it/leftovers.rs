//! Tests of partially written files of killed runs: nothing fails because of them, and the next run
//! that writes there removes them.

use std::fs::{self, File};

use shopfront::bridge::folder::Folder;

use crate::scratch::{Scratch, git};
use crate::support::{ended, program};

/// Names like those of the temporary files of [`shopfront::files::replace`].
const LEFT: &[&str] = &[
    "catalogue/.shopfront-AbCdEf",
    "catalogue/datasette/.shopfront-000000",
    "catalogue/datasette/assets/graphql/.shopfront-zzzzzz",
    "catalogue/site/.shopfront-a1B2c3",
    "schema/.shopfront-AbCdEf",
    "site-template/.shopfront-AbCdEf",
    "answers/.shopfront-AbCdEf",
    "answers/pypi/.shopfront-AbCdEf",
    ".shopfront-cache/cards/ab/.shopfront-AbCdEf",
    ".shopfront-cache/answers/pypi/.shopfront-AbCdEf",
];

fn left_behind() -> Scratch {
    let scratch = Scratch::base();
    git(
        scratch.path(),
        &["init", "--quiet", "--initial-branch=main"],
    );
    scratch.commit();
    for path in LEFT {
        scratch.write(path, "{");
    }
    scratch
}

fn remaining(scratch: &Scratch) -> Vec<&'static str> {
    LEFT.iter()
        .copied()
        .filter(|path| scratch.path().join(path).exists())
        .collect()
}

#[test]
fn what_a_killed_run_left_is_no_fault_of_the_store() {
    let scratch = left_behind();
    let checked = ended(&mut program(&scratch, &["check", "--offline"]));
    assert_eq!(
        (checked.exit, checked.stdout.as_str()),
        (0, ""),
        "{}",
        checked.stderr
    );
    let told = ended(&mut program(
        &scratch,
        &["diff", "--offline", "--since", "HEAD"],
    ));
    assert!(
        told.exit == 0 && told.stdout.starts_with("nothing differs from "),
        "{}{}",
        told.stdout,
        told.stderr
    );
    assert_eq!(remaining(&scratch), LEFT, "who only looks changes nothing");
    let built = ended(&mut program(&scratch, &["build", "--offline"]));
    assert_eq!(built.exit, 0, "{}", built.stderr);
    assert!(
        !crate::support::tree(&scratch.path().join("dist"))
            .keys()
            .any(|path| path.contains(".shopfront-"))
    );
}

#[test]
fn the_next_run_that_writes_takes_it_away() {
    let nowhere = "http://127.0.0.1:9";
    let (catalogue, answers): (Vec<&str>, Vec<&str>) = (
        LEFT.iter()
            .copied()
            .filter(|path| path.starts_with("catalogue/"))
            .collect(),
        LEFT.iter()
            .copied()
            .filter(|path| path.starts_with("answers/") || path.starts_with(".shopfront-cache/"))
            .collect(),
    );
    let both = [catalogue.as_slice(), &answers].concat();
    let commands: &[(&[&str], &[&str])] = &[
        (&["fmt"], &catalogue),
        (&["check", "--fix", "--offline"], &both),
        (
            &[
                "check",
                "--resolve",
                "--pypi-url",
                nowhere,
                "--retries",
                "0",
            ],
            &answers,
        ),
        (&["rename", "graphql", "graph"], &catalogue),
        (
            &[
                "remove",
                "graphql",
                "--reason",
                "Taken back.",
                "--evidence",
                "https://team.example/",
            ],
            &catalogue,
        ),
        (&["add", "no-such-project", "--offline"], &both),
        (
            &["resolve", "--pypi-url", nowhere, "--retries", "0"],
            &answers,
        ),
        (&["build", "--offline"], &answers),
    ];
    for (arguments, cleared) in commands {
        let scratch = left_behind();
        let told = ended(&mut program(&scratch, arguments));
        let kept: Vec<&str> = LEFT
            .iter()
            .copied()
            .filter(|path| !cleared.contains(path))
            .collect();
        assert_eq!(
            remaining(&scratch),
            kept,
            "{arguments:?}: {}{}",
            told.stdout,
            told.stderr
        );
    }
}

#[test]
fn what_a_run_that_goes_on_writes_stays() {
    let scratch = left_behind();
    let written = File::open(scratch.path().join(LEFT[1])).unwrap();
    written.try_lock().unwrap();
    assert_eq!(ended(&mut program(&scratch, &["fmt"])).exit, 0);
    assert!(scratch.path().join(LEFT[1]).exists() && !scratch.path().join(LEFT[0]).exists());
}

#[test]
fn other_hidden_files_are_told_as_before() {
    for name in [
        ".shopfront-notes",
        ".shopfront-",
        ".shopfront-AbCdEfG",
        ".shopfront-Ab.Ef",
        ".shopfront-AbCdEf.json",
    ] {
        let scratch = Scratch::base();
        scratch.write(&format!("catalogue/datasette/{name}"), "{");
        let told = ended(&mut program(&scratch, &["fmt"]));
        assert!(
            scratch
                .path()
                .join(format!("catalogue/datasette/{name}"))
                .exists(),
            "{name}"
        );
        let checked = ended(&mut program(&scratch, &["check", "--offline"]));
        assert_eq!(checked.exit, 1, "{name}: {}{}", told.stderr, checked.stdout);
    }
}

#[test]
fn a_store_that_was_begun_and_not_ended_is_begun_anew() {
    let scratch = Scratch::empty();
    scratch.write("README.md", "mine\n");
    scratch.write(".shopfront-AbCdEf/catalogue/store.json", "{");
    let told = ended(&mut program(
        &scratch,
        &[
            "init",
            scratch.path().to_str().unwrap(),
            "--id",
            "s",
            "--title",
            "S",
        ],
    ));
    assert_eq!(told.exit, 0, "{}", told.stderr);
    assert!(!scratch.path().join(".shopfront-AbCdEf").exists());
    let names: Vec<String> = fs::read_dir(scratch.path())
        .unwrap()
        .map(|it| it.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    assert!(
        !names.iter().any(|name| name.starts_with(".shopfront-")),
        "{names:?}"
    );
    assert_eq!(
        ended(&mut program(&scratch, &["check", "--offline"])).exit,
        0
    );
}

#[test]
fn a_bridge_clears_away_what_no_other_bridge_is_writing() {
    let scratch = Scratch::empty();
    let begin = || {
        scratch.write(".unpacking-AbCdEf/tides/manifest.py", "");
        scratch.write(".shopfront-AbCdEf", "{");
    };
    let is_clear = || {
        !scratch.path().join(".unpacking-AbCdEf").exists()
            && !scratch.path().join(".shopfront-AbCdEf").exists()
    };
    begin();
    let first = Folder::open(scratch.path()).unwrap();
    assert!(is_clear());
    begin();
    let second = Folder::open(scratch.path()).unwrap();
    assert!(!is_clear(), "it may be the other one's");
    drop((first, second));
    drop(Folder::open(scratch.path()).unwrap());
    assert!(is_clear());
}
