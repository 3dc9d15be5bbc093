//! Tests of SARIF 2.1.0: every log is valid against the schema of the format.

use std::fs;

use serde_json::Value;
use shopfront::commands::check::{self, Options};
use shopfront::report::{Format, Links};
use shopfront_check::checks::ALL;

use crate::scratch::{Scratch, fixtures};
use crate::support::LOOK;

fn log(scratch: &Scratch) -> Value {
    let options = Options {
        paths: Vec::new(),
        since: None,
        asking: None,
        format: Format::Sarif,
        look: LOOK,
        links: Links::default(),
    };
    serde_json::from_str(&check::run(&scratch.workspace(), &options).unwrap().stdout).unwrap()
}

#[test]
fn every_log_keeps_to_the_schema() {
    let text = fs::read_to_string(fixtures().join("sarif/sarif-2.1.0.schema.json")).unwrap();
    // One pattern of the schema has an additional bracket: JavaScript accepts it literally, and
    // other engines refuse it.
    let schema: Value =
        serde_json::from_str(&text.replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}$")).unwrap();
    let validator = jsonschema::options()
        .should_validate_formats(true)
        .build(&schema)
        .unwrap();
    let mut stores = vec![Scratch::base(), Scratch::empty()];
    for folder in ["all-faults", "diff/hostile/after", "mend/before"] {
        let scratch = Scratch::base();
        scratch.overlay(&fixtures().join(folder));
        stores.push(scratch);
    }
    for scratch in stores {
        let log = log(&scratch);
        let faults: Vec<String> = validator
            .iter_errors(&log)
            .map(|it| format!("{}: {it}", it.instance_path()))
            .collect();
        assert_eq!(faults, Vec::<String>::new());
    }
    // The schema does refuse invalid logs: otherwise a pass would be meaningless.
    assert!(
        !validator.is_valid(&serde_json::json!({ "version": "2.1.0", "runs": [{ "tool": {} }] }))
    );
}

#[test]
fn what_strangers_wrote_is_no_link_and_hides_nothing() {
    let scratch = Scratch::base();
    scratch.write(
        "catalogue/datasette/[read](javascript:x) \u{202e}\n.json",
        "{}\n",
    );
    let log = log(&scratch);
    let results = log["runs"][0]["results"].as_array().unwrap();
    let message = |it: &Value| {
        [
            &it["message"]["text"],
            &it["locations"][0]["message"]["text"],
        ]
        .map(|it| it.as_str().unwrap().to_owned())
    };
    let texts: Vec<String> = results.iter().flat_map(message).collect();
    assert!(
        texts
            .iter()
            .any(|text| text.contains("\\[read\\](javascript:x) \u{fffd}")),
        "{texts:?}"
    );
    let is_hidden =
        |text: &String| shopfront_text::hidden(text).next().is_some() || text.contains("[read]");
    assert!(!texts.iter().any(is_hidden), "{texts:?}");
}

#[test]
fn a_log_says_what_each_rule_means_and_knows_its_results_again() {
    let scratch = Scratch::base();
    scratch.overlay(&fixtures().join("all-faults"));
    scratch.write(
        "catalogue/store.json",
        &fs::read_to_string(fixtures().join("base/catalogue/store.json")).unwrap(),
    );
    let before = log(&scratch);
    let rules = before["runs"][0]["tool"]["driver"]["rules"]
        .as_array()
        .unwrap();
    assert_eq!(rules.len(), ALL.len());
    for (rule, check) in rules.iter().zip(ALL) {
        assert_eq!(rule["id"], check.code.name);
        assert_eq!(
            rule["helpUri"],
            format!("https://plugins.example/store/errors/{}/", check.code.name)
        );
        assert_eq!(rule["shortDescription"]["text"], check.code.summary());
    }
    let marks = |log: &Value| -> Vec<String> {
        let results = log["runs"][0]["results"].as_array().unwrap();
        results
            .iter()
            .map(|it| {
                it["partialFingerprints"]["shopfront/v1"]
                    .as_str()
                    .unwrap()
                    .to_owned()
            })
            .collect()
    };
    // The same diagnostic, one line further down.
    let path = scratch
        .path()
        .join("catalogue/datasette/unknown-field.json");
    fs::write(&path, format!("\n\n{}", fs::read_to_string(&path).unwrap())).unwrap();
    assert_eq!(marks(&log(&scratch)), marks(&before));
    let mut all = marks(&before);
    all.sort();
    all.dedup();
    assert_eq!(all.len(), marks(&before).len());
}
