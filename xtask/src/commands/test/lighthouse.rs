//! The step of `test --lighthouse`: what Lighthouse says of the built pages on its simulated phone.
//!
//! It is no part of the gate: a score is of one machine at one moment. What was measured stands in `docs/performance.md`.

use std::ffi::OsStr;
use std::path::Path;

use super::prerequisites::{self, Need};
use super::steps::build_store;
use super::{Step, Workbench};

/// The store that is measured, below `target/`.
const STORE: &str = "test-lighthouse-store";

/// The measurement.
pub(super) static LIGHTHOUSE: &[Step] = &[Step {
    name: "lighthouse",
    about: "Lighthouse scores the pages 100, and their speed on a phone at least 98",
    needs: &[Need::NodePackages, Need::Chromium, Need::Lighthouse],
    run,
}];

fn run(bench: &Workbench<'_>) -> Vec<String> {
    let faults = build_store(bench, STORE, "2");
    if !faults.is_empty() {
        return faults;
    }
    let Some(browser) = prerequisites::browser(bench) else {
        return vec!["there is no browser".to_owned()];
    };
    let variables = [
        ("SITE_DIR", bench.folder(STORE).into_os_string()),
        ("LIGHTHOUSE", prerequisites::lighthouse(bench).into_os_string()),
        ("CHROMIUM", browser.into_os_string()),
    ];
    let variables: Vec<(&str, &OsStr)> = variables.iter().map(|(name, value)| (*name, value.as_os_str())).collect();
    bench.run_in(&bench.root.join("site-template"), Path::new("node"), &["--test", "tests/lighthouse.mjs"], &variables)
}
