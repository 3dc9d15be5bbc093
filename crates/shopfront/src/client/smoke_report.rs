//! Results of smoke tests of many plugins, each in an environment of its own.

use serde::Serialize;

use super::listing::StoreNote;

/// Report of a run.
#[derive(Debug, Serialize)]
pub struct SmokeReport {
    /// Version of this format.
    pub format: u32,
    /// Stores that were read.
    pub stores: Vec<StoreNote>,
    /// Tests, sorted by host, then id.
    pub tries: Vec<SmokeTest>,
}

/// Result of one plugin.
#[derive(Clone, Debug, Serialize)]
pub struct SmokeTest {
    /// Id of the host.
    pub host: String,
    /// Id of the entry.
    pub id: String,
    /// Project name at the index.
    pub project: String,
    /// Tested release.
    pub version: Option<String>,
    /// Project of the host, with the version used in the test.
    pub with: String,
    /// Python version of the test.
    pub python: Option<String>,
    /// Stage that the test reached.
    pub result: SmokeResult,
    /// Reason why it went no further.
    pub reason: Option<String>,
}

/// Stage that a test reached, in ascending order.
#[derive(Clone, Copy, Debug, Serialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "kebab-case")]
pub enum SmokeResult {
    /// The store has no release that fits the host.
    NoRelease,
    /// The installer refused the release.
    NotInstalled,
    /// The release was installed, and the import failed.
    Failed,
    /// The module was imported.
    Imported,
}

impl SmokeResult {
    /// All results in ascending order.
    pub const ALL: [SmokeResult; 4] = [
        SmokeResult::NoRelease,
        SmokeResult::NotInstalled,
        SmokeResult::Failed,
        SmokeResult::Imported,
    ];

    /// Returns the display text.
    pub fn words(self) -> &'static str {
        match self {
            SmokeResult::NoRelease => "no release that fits",
            SmokeResult::NotInstalled => "not installed",
            SmokeResult::Failed => "failed",
            SmokeResult::Imported => "imported",
        }
    }
}

impl SmokeReport {
    /// Returns the number of tests with this result.
    pub fn count(&self, result: SmokeResult) -> usize {
        self.tries.iter().filter(|it| it.result == result).count()
    }

    /// Renders the report as JSON.
    pub fn json(&self) -> String {
        shopfront_text::workflow_commands::pretty_json(self)
    }
}
