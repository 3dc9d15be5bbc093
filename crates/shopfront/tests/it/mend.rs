//! Tests of `check --fix`: unambiguous fixes are written, and everything else stays unchanged.

use std::fs;

use serde_json::Value;
use shopfront::commands::check::{self, Options};
use shopfront::report::{Format, Links};

use crate::error_pages;
use crate::golden;
use crate::scratch::{Scratch, fixtures};
use crate::support::{LOOK, tree};

fn options(format: Format) -> Options {
    Options {
        paths: Vec::new(),
        since: None,
        asking: None,
        format,
        look: LOOK,
        links: Links::default(),
    }
}

/// Returns the diagnostics of a store: code, path and the command that fixes it.
fn faults(scratch: &Scratch) -> Vec<(String, String, Option<String>)> {
    let told = check::run(&scratch.workspace(), &options(Format::Json))
        .unwrap()
        .stdout;
    let told: Vec<Value> = serde_json::from_str(&told).unwrap();
    let text = |fault: &Value, field: &str| fault[field].as_str().map(str::to_owned);
    told.iter()
        .map(|it| {
            (
                text(it, "code").unwrap(),
                text(it, "path").unwrap(),
                text(it, "fix"),
            )
        })
        .collect()
}

/// Every case of every page that has a diagnostic with a fix.
fn mendable() -> Vec<(&'static str, Scratch)> {
    let cases = error_pages::all_cases().filter(|case| case.report.contains(" = fix: "));
    cases
        .map(|case| (case.place.as_str(), case.unpacked()))
        .collect()
}

#[test]
fn what_names_a_fix_is_mended_by_it() {
    let cases = mendable();
    assert!(cases.len() > 30, "{}", cases.len());
    for (case, scratch) in cases {
        let before = faults(&scratch);
        check::mend(&scratch.workspace(), &options(Format::Human)).unwrap();
        let after = faults(&scratch);
        assert!(
            after.iter().all(|(_, _, fix)| fix.is_none()),
            "{case:?}: {after:#?}"
        );
        let mended: Vec<_> = before.iter().filter(|(_, _, fix)| fix.is_some()).collect();
        assert!(!mended.is_empty(), "{case:?}");
        // A file without schema errors is checked further, and may have other diagnostics then.
        let left = mended.iter().find(|(code, path, _)| {
            after
                .iter()
                .any(|(other, at, _)| other == code && at == path)
        });
        assert_eq!(left, None, "{case:?}: {after:#?}");
    }
}

#[test]
fn mended_files_stand_beside_what_they_were() {
    let case = fixtures().join("mend");
    let scratch = Scratch::base();
    scratch.overlay(&case.join("before"));
    let outcome = check::mend(&scratch.workspace(), &options(Format::Human)).unwrap();
    let mut differences = Vec::from_iter(golden::difference(
        &case.join("stderr.txt"),
        &outcome.stderr,
    ));
    differences.extend(golden::difference(
        &case.join("report.txt"),
        &outcome.stdout,
    ));
    for (path, _) in tree(&case.join("before")) {
        let written = fs::read(scratch.path().join(&path)).unwrap();
        // One of them is not text.
        let shown = String::from_utf8_lossy(&written).into_owned();
        differences.extend(golden::difference(&case.join("after").join(&path), &shown));
    }
    golden::assert_none(&differences);

    let again = check::mend(&scratch.workspace(), &options(Format::Human)).unwrap();
    assert!(
        !again.stderr.contains("mended"),
        "a second time there is nothing to mend: {}",
        again.stderr
    );
}

#[test]
fn only_what_was_asked_for_is_mended() {
    let scratch = Scratch::base();
    scratch.overlay(&fixtures().join("mend/before"));
    let before = tree(&scratch.path().join("catalogue"));
    let paths = vec!["catalogue/fiab".to_owned()];
    check::mend(
        &scratch.workspace(),
        &Options {
            paths,
            ..options(Format::Human)
        },
    )
    .unwrap();
    let after = tree(&scratch.path().join("catalogue"));
    let changed: Vec<&String> = after
        .iter()
        .filter(|(path, bytes)| before.get(*path) != Some(bytes))
        .map(|(path, _)| path)
        .collect();
    assert!(
        !changed.is_empty() && changed.iter().all(|path| path.starts_with("fiab/")),
        "{changed:?}"
    );
}

#[test]
fn a_command_to_paste_runs_nothing_of_a_file_name() {
    let scratch = Scratch::base();
    let text = fs::read_to_string(scratch.path().join("catalogue/datasette/graphql.json")).unwrap();
    scratch.write(
        "catalogue/datasette/$(touch x); 'y'/graph.json",
        &format!("{text}\n").replace("graphql\"", "graphs\""),
    );
    let fixes: Vec<String> = faults(&scratch)
        .into_iter()
        .filter_map(|(_, _, fix)| fix)
        .collect();
    assert_eq!(
        fixes,
        ["cargo xtask fmt 'catalogue/datasette/$(touch x); '\\''y'\\''/graph.json'"]
    );
}
