//! What came of trying many plugins, each in an environment of its own.

use serde::Serialize;

use super::listing::StoreNote;

/// The report of a run.
#[derive(Debug, Serialize)]
pub struct SmokeReport {
    /// The version of this format.
    pub format: u32,
    /// What was asked.
    pub stores: Vec<StoreNote>,
    /// Sorted by host, then id.
    pub tries: Vec<SmokeTest>,
}

/// What came of one plugin.
#[derive(Clone, Debug, Serialize)]
pub struct SmokeTest {
    /// The host.
    pub host: String,
    /// The entry.
    pub id: String,
    /// Its project at the index.
    pub project: String,
    /// The release that was tried.
    pub version: Option<String>,
    /// The host's project and the version that it was tried with.
    pub with: String,
    /// The Python that it was tried with.
    pub python: Option<String>,
    /// How far it came.
    pub result: SmokeResult,
    /// Why no further.
    pub reason: Option<String>,
}

/// How far a try came; the best last.
#[derive(Clone, Copy, Debug, Serialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "kebab-case")]
pub enum SmokeResult {
    /// The store has no release that fits the host.
    NoRelease,
    /// The installer refused it.
    NotInstalled,
    /// It was installed, and not imported.
    Failed,
    /// It was imported.
    Imported,
}

impl SmokeResult {
    /// All of them, the worst first.
    pub const ALL: [SmokeResult; 4] = [
        SmokeResult::NoRelease,
        SmokeResult::NotInstalled,
        SmokeResult::Failed,
        SmokeResult::Imported,
    ];

    /// As people read it.
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
    /// How many came so far.
    pub fn count(&self, result: SmokeResult) -> usize {
        self.tries.iter().filter(|it| it.result == result).count()
    }

    /// For programs.
    pub fn json(&self) -> String {
        shopfront_text::workflow_commands::pretty_json(self)
    }
}
