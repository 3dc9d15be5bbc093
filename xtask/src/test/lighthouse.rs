//! Step of `test --lighthouse`: results of Lighthouse for the built pages on its simulated phone.
//!
//! It does not block a change: a score depends on the machine and the moment. Results are in
//! `docs/performance.md`.

use super::prerequisites::{self, Need};
use super::steps::look_at_store;
use super::{Step, TestHarness};

/// Store that is measured, below `target/`.
const STORE: &str = "test-lighthouse-store";

pub(super) static LIGHTHOUSE: &[Step] = &[Step {
    name: "lighthouse",
    about: "Lighthouse scores the pages 100, and their speed on a phone at least 98",
    needs: &[
        Need::NodePackages,
        Need::Chromium,
        Need::Lighthouse,
        Need::OpenSsl,
    ],
    run,
}];

fn run(bench: &TestHarness<'_>) -> Vec<String> {
    look_at_store(
        bench,
        STORE,
        &["node", "--test", "tests/lighthouse.mjs"],
        &[("LIGHTHOUSE", prerequisites::lighthouse(bench))],
    )
}
