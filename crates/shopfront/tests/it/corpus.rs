//! Tests of every file in the fuzzing corpora: the properties of untrusted bytes are true for them.

use std::collections::BTreeSet;
use std::fs;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};

use crate::properties;

fn corpora() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus")
}

fn below(folder: &Path) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|it| it.unwrap().path())
        .collect();
    all.sort();
    all
}

#[test]
fn every_property_holds_of_every_file_in_its_corpus() {
    let mut broken = Vec::new();
    for (name, _) in properties::ALL {
        for file in below(&corpora().join(name)) {
            let bytes = fs::read(&file).unwrap();
            if panic::catch_unwind(AssertUnwindSafe(|| properties::check(name, &bytes))).is_err() {
                broken.push(file);
            }
        }
    }
    assert!(
        broken.is_empty(),
        "what went wrong stands above; a file alone: cargo fuzz run <target> <file>\n{broken:#?}"
    );
}

#[test]
fn every_corpus_and_every_target_belongs_to_a_property() {
    let named = |folder: &Path| -> BTreeSet<String> {
        below(folder)
            .iter()
            .map(|it| it.file_stem().unwrap().to_str().unwrap().to_owned())
            .collect()
    };
    let properties: BTreeSet<String> = properties::ALL
        .iter()
        .map(|(name, _)| (*name).to_owned())
        .collect();
    assert_eq!(named(&corpora()), properties);
    assert_eq!(named(&corpora().join("../fuzz_targets")), properties);
}
