//! The layers: which crate may depend on which, and how modules of one crate depend on each other.

use std::collections::{BTreeMap, BTreeSet};

use super::{code_lines, modules, read};

/// The crates, each above all that it may depend on.
const LAYERS: &[&str] = &[
    "shopfront-text",
    "shopfront-diagnostics",
    "shopfront-json",
    "shopfront-archive",
    "shopfront-image",
    "shopfront-markdown",
    "shopfront-package",
    "shopfront-model",
    "shopfront-registry",
    "shopfront-hosts",
    "shopfront-check",
    "shopfront-site",
    "shopfront",
    "xtask",
];

/// The most modules of one crate that may depend on each other in a circle.
const MAX_CYCLE: usize = 3;

fn folder_of(name: &str) -> String {
    if name == "xtask" {
        name.to_owned()
    } else {
        format!("crates/{name}")
    }
}

#[test]
fn every_crate_depends_on_lower_ones_alone() {
    let crates = modules("crates");
    let known: BTreeSet<String> = LAYERS
        .iter()
        .map(|name| (*name).to_owned())
        .filter(|name| name != "xtask")
        .collect();
    assert_eq!(crates, known, "the table of layers has one line a crate");
    for (layer, name) in LAYERS.iter().enumerate() {
        let manifest = read(&format!("{}/Cargo.toml", folder_of(name)));
        let dependencies = manifest
            .lines()
            .filter_map(|line| line.split_once(" = ").map(|(name, _)| name));
        for dependency in dependencies.filter(|it| it.starts_with("shopfront")) {
            let below = LAYERS
                .iter()
                .position(|it| *it == dependency)
                .unwrap_or_else(|| panic!("{name}: {dependency} is in no layer"));
            assert!(
                below < layer,
                "{name} depends on {dependency}, which is not below it"
            );
        }
    }
}

#[test]
fn the_table_in_the_architecture_is_that_of_the_crates() {
    let text = read("ARCHITECTURE.md");
    let rows = text.lines().filter_map(|line| {
        line.strip_prefix("| [`")?
            .split_once("`](crates/")
            .map(|(name, _)| name)
    });
    assert_eq!(
        rows.collect::<Vec<_>>(),
        LAYERS[..LAYERS.len() - 1],
        "ARCHITECTURE.md lists the crates from below"
    );
    // The README of `shopfront` is what a package index shows of the wheel.
    for name in &LAYERS[..LAYERS.len() - 2] {
        let readme = read(&format!("crates/{name}/README.md"));
        assert!(
            readme.starts_with(&format!("# {name}\n")),
            "crates/{name}/README.md says what the crate is for"
        );
    }
}

#[test]
fn no_more_than_three_modules_of_a_crate_depend_on_each_other_in_a_circle() {
    for name in LAYERS {
        let source = format!("{}/src", folder_of(name));
        let graph = graph(&source);
        for module in graph.keys() {
            let circle: BTreeSet<&String> = reachable(&graph, module)
                .into_iter()
                .filter(|other| reachable(&graph, other).contains(module))
                .collect();
            assert!(
                circle.len() <= MAX_CYCLE,
                "{name}: these depend on each other: {circle:?}"
            );
        }
    }
}

/// The modules below the root of a crate, each with those that it names by their path from the
/// root.
fn graph(source: &str) -> BTreeMap<String, BTreeSet<String>> {
    let names = modules(source);
    let edges = names.iter().map(|name| {
        let beside = super::files(source, &[".rs"]).into_iter();
        let own = beside.filter(|path| {
            let rest = path.trim_start_matches(source).trim_start_matches('/');
            rest == format!("{name}.rs") || rest.starts_with(&format!("{name}/"))
        });
        let mut targets = BTreeSet::new();
        for path in own {
            let text = read(&path);
            let text = text
                .split("#[cfg(test)]\nmod tests")
                .next()
                .unwrap_or_default()
                .to_owned();
            for (_, line) in code_lines(&text) {
                targets.extend(
                    line.match_indices("crate::")
                        .map(|(at, start)| first_word(&line[at + start.len()..])),
                );
            }
        }
        targets.retain(|target| target != name && names.contains(target));
        (name.clone(), targets)
    });
    edges.collect()
}

fn first_word(text: &str) -> String {
    text.chars()
        .take_while(|it| it.is_alphanumeric() || *it == '_')
        .collect()
}

/// All modules that `module` leads to.
fn reachable<'g>(
    graph: &'g BTreeMap<String, BTreeSet<String>>,
    module: &str,
) -> BTreeSet<&'g String> {
    let mut found = BTreeSet::new();
    let mut open: Vec<&String> = graph[module].iter().collect();
    while let Some(next) = open.pop() {
        if found.insert(next) {
            open.extend(&graph[next]);
        }
    }
    found
}
