//! Tests of the issue form "List my plugin": `fixtures/issue-form/<case>/` contains the body of an
//! issue and the parsed values.

use std::fs;
use std::path::PathBuf;

use shopfront::issue_form::{self, LABELS, MAX_BYTES};

use crate::golden;
use crate::scratch::fixtures;
use crate::workflows;

#[test]
fn answers_are_read_as_they_were_given_or_refused_in_words() {
    let mut folders: Vec<PathBuf> = fs::read_dir(fixtures().join("issue-form"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    folders.sort();
    assert!(!folders.is_empty());
    let mut differences = Vec::new();
    for folder in folders {
        let body = fs::read_to_string(folder.join("body.md")).unwrap();
        let told = match issue_form::read(&body) {
            Ok(form) => format!("{form:#?}\n"),
            Err(faults) => faults.join("\n") + "\n",
        };
        differences.extend(golden::difference(&folder.join("expected.txt"), &told));
    }
    golden::assert_none(&differences);
}

#[test]
fn a_body_without_end_is_not_read() {
    let body = format!("### Host\n\n{}", "x".repeat(MAX_BYTES));
    assert_eq!(
        issue_form::read(&body),
        Err(vec![format!("the issue is longer than {MAX_BYTES} bytes")])
    );
}

#[test]
fn the_forms_ask_for_what_is_read() {
    for path in [
        ".github/ISSUE_TEMPLATE/list-my-plugin.yml",
        "crates/shopfront/init/list-my-plugin.yml",
    ] {
        let form = workflows::read_yaml(path);
        let labels: Vec<&str> = form["body"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|field| field["attributes"]["label"].as_str())
            .collect();
        assert_eq!(labels, LABELS, "{path}");
    }
}
