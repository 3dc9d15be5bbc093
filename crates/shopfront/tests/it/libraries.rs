//! Libraries of flows and functions that nobody would write: whatever their size and their faults, a report stays small and is made.

use std::fs;

use serde_json::json;

use crate::scratch::{Scratch, fixtures};
use crate::support::{Ended, ended, program};

/// A store for Node-RED whose library has `text` at `path`.
fn store(path: &str, text: &str) -> Scratch {
    let scratch = Scratch::empty();
    scratch.overlay(&fixtures().join("../../../examples/node-red"));
    scratch.write(&format!("catalogue/node-red/library/{path}"), text);
    scratch
}

fn checked(scratch: &Scratch, format: &str) -> Ended {
    ended(&mut program(
        scratch,
        &["check", "--offline", "--format", format],
    ))
}

#[test]
fn a_fault_behind_the_first_quarter_of_a_megabyte_is_shown_at_its_line() {
    let text = format!("// name: x\n{}\n\u{202e}\n", "a".repeat(256 << 10));
    for format in ["human", "json", "sarif", "github", "markdown"] {
        let told = checked(&store("functions/big.js", &text), format);
        assert_eq!(told.exit, 1, "{format}: {}", told.stderr);
    }
    let told = checked(&store("functions/big.js", &text), "human").stdout;
    assert!(
        told.contains("catalogue/node-red/library/functions/big.js:3:1"),
        "{told}"
    );
}

#[test]
fn of_many_faults_of_one_flow_a_few_are_told_and_the_others_counted() {
    let modules: serde_json::Map<String, serde_json::Value> = (0..4_000)
        .map(|at| (format!("m{at}"), "1".into()))
        .collect();
    for (what, flow) in [
        (
            "modules",
            json!([{ "id": "a", "type": "global-config", "modules": modules }]),
        ),
        (
            "types",
            (0..4_000)
                .map(|at| json!({ "id": at.to_string(), "type": format!("t{at}") }))
                .collect(),
        ),
        ("nodes", json!(vec![1; 4_000])),
        (
            "ids",
            json!(vec![json!({ "id": "a", "type": "debug" }); 4_000]),
        ),
    ] {
        let told = checked(
            &store("flows/sensors/many.json", &flow.to_string()),
            "human",
        );
        let count = told.stdout.matches("error[").count();
        assert!(
            told.exit == 1 && (1..=40).contains(&count),
            "{what}: {count}"
        );
        assert!(
            told.stdout.contains(" more like it"),
            "{what}: {}",
            told.stdout
        );
        assert!(told.stdout.len() < 8 << 20, "{what}: {}", told.stdout.len());
    }
}

#[test]
fn a_report_shows_only_so_much_of_long_lines() {
    let scratch = store("functions/one.js", "return msg;\n");
    // Each of these files is one line of 60 KB with a fault in it.
    for number in 0..120 {
        let path = format!("catalogue/node-red/library/functions/long-{number}.js");
        scratch.write(&path, &format!("/* {} \u{202e} */", "long ".repeat(12_000)));
    }
    let told = checked(&scratch, "human");
    assert_eq!(told.stdout.matches("error[").count(), 120);
    let without_lines =
        told.stdout.matches("  --> ").count() + told.stdout.matches("\n --> ").count();
    assert!(
        told.stdout.len() < 10 << 20 && without_lines > 0,
        "{}",
        told.stdout.len()
    );
    let _ = fs::remove_dir_all(scratch.path().join("catalogue"));
}
