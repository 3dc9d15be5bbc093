//! Tests of `inspect --facts`: contents of packages as data. Each case is a directory with
//! packages, and the expected document.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use shopfront_text as text;

use crate::golden;
use crate::scratch::{Scratch, fixtures};
use crate::wheels;

fn cases() -> Vec<PathBuf> {
    let mut cases: Vec<PathBuf> = fs::read_dir(fixtures().join("inspect"))
        .unwrap()
        .map(|it| it.unwrap().path())
        .collect();
    cases.sort();
    cases
}

/// Returns the standard output and exit code of `inspect` for the packages of `case`, with the
/// small store.
fn inspected(case: &Path, options: &[&str]) -> (String, i32) {
    let scratch = Scratch::base();
    let packages = wheels::build_all(case, scratch.path());
    let mut command = Command::new(env!("CARGO_BIN_EXE_shopfront"));
    command.arg("inspect").args(options).args(packages);
    command
        .current_dir(scratch.path())
        .env_clear()
        .env("CARGO", "cargo")
        .stdin(Stdio::null());
    let output = command.output().unwrap();
    (
        String::from_utf8(output.stdout).unwrap(),
        output.status.code().unwrap(),
    )
}

#[test]
fn every_package_gives_the_facts_beside_it() {
    let mut differences = Vec::new();
    for case in cases() {
        let (told, _) = inspected(&case, &["--facts"]);
        differences.extend(golden::difference(&case.join("facts.json"), &told));
        assert_eq!(
            text::hidden(&told).find(|it| it.character != '\n'),
            None,
            "{}",
            case.display()
        );
    }
    golden::assert_none(&differences);
}

#[test]
fn facts_and_reports_tell_the_same_faults_and_end_alike() {
    for case in cases() {
        let (facts, exit) = inspected(&case, &["--facts"]);
        let facts: Value = serde_json::from_str(&facts).unwrap();
        let packages = facts["packages"].as_array().unwrap();
        let faults: Vec<Value> = packages
            .iter()
            .flat_map(|it| it["faults"].as_array().unwrap().clone())
            .collect();
        let (report, of_report) = inspected(&case, &["--format", "json"]);
        assert_eq!(
            (Value::Array(faults), exit),
            (serde_json::from_str(&report).unwrap(), of_report),
            "{}",
            case.display()
        );
    }
}

#[test]
fn facts_are_no_form_of_a_report() {
    let (told, exit) = inspected(
        &fixtures().join("inspect/without-metadata"),
        &["--facts", "--format", "json"],
    );
    assert_eq!((told.as_str(), exit), ("", 2));
}
