//! Tests of YAML parsing to a tree with spans: every text in `fixtures/yaml` is compared with the
//! expected tree beside it.

use std::fs;

use shopfront_json::yaml::{self, Kind, Node, yaml_1_1};

use crate::golden;
use crate::scratch::fixtures;

/// Renders each node on a line: depth, kind, and byte range in the text.
fn told(text: &str, node: &Node, depth: usize, said: &mut String) {
    let indent = "  ".repeat(depth);
    let tag = node
        .tag
        .as_deref()
        .map(|tag| format!(" <{tag}>"))
        .unwrap_or_default();
    let place = &text[node.bytes.clone()];
    match &node.kind {
        Kind::Scalar { text: value, .. } => {
            said.push_str(&format!(
                "{indent}{:?} {value:?}{tag} at {place:?}\n",
                node.scalar(yaml_1_1).unwrap()
            ));
        }
        Kind::Sequence(items) => {
            said.push_str(&format!("{indent}list{tag} at {place:?}\n"));
            items
                .iter()
                .for_each(|item| told(text, item, depth + 1, said));
        }
        Kind::Mapping(members) => {
            said.push_str(&format!("{indent}mapping{tag} at {place:?}\n"));
            for (key, value) in members {
                told(text, key, depth + 1, said);
                told(text, value, depth + 2, said);
            }
        }
    }
}

fn report(text: &str) -> String {
    let node = match yaml::parse(text) {
        Ok(node) => node,
        Err(fault) => {
            return format!(
                "fault at {:?}: {}\n",
                &text[fault.bytes.clone()],
                fault.says
            );
        }
    };
    let mut said = String::new();
    told(text, &node, 0, &mut said);
    for (first, again) in node.repeated_keys() {
        said.push_str(&format!(
            "repeated: {:?} at {:?}, then at {:?}\n",
            again.written().unwrap(),
            first.bytes,
            again.bytes
        ));
    }
    for node in node.foreign_tags() {
        said.push_str(&format!("foreign: {:?} at {:?}\n", node.tag, node.bytes));
    }
    said
}

#[test]
fn every_text_is_read_as_the_file_beside_it_says() {
    let mut paths: Vec<_> = fs::read_dir(fixtures().join("yaml"))
        .unwrap()
        .map(|it| it.unwrap().path())
        .collect();
    paths.sort();
    let texts = paths
        .iter()
        .filter(|path| path.extension().is_some_and(|it| it == "yaml"));
    let differences: Vec<String> = texts
        .filter_map(|path| {
            golden::difference(
                &path.with_extension("txt"),
                &report(&fs::read_to_string(path).unwrap()),
            )
        })
        .collect();
    golden::assert_none(&differences);
}

#[test]
fn what_grows_beyond_the_bounds_is_refused_in_time() {
    let mut laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let before = format!("*a{}", level - 1);
        laughs.push_str(&format!(
            "a{level}: &a{level} [{}]\n",
            vec![before; 10].join(", ")
        ));
    }
    let deep_blocks: String = (0..2_000)
        .map(|level| format!("{}a:\n", " ".repeat(level)))
        .take(500)
        .collect();
    let long_laughs = format!(
        "- &a {}\n- [{}]\n",
        "x".repeat(400_000),
        "*a,".repeat(25_000)
    );
    for text in [
        laughs,
        long_laughs,
        "[".repeat(100_000),
        "- ".repeat(100_000),
        deep_blocks,
        "x".repeat(yaml::MAX_BYTES + 1),
    ] {
        let fault = yaml::parse(&text).unwrap_err();
        assert!(
            !fault.says.is_empty() && text.get(fault.bytes.clone()).is_some(),
            "{fault:?}"
        );
    }
}
