//! What came of trying many plugins, each in an environment of its own.

use serde::Serialize;

use super::listing::StoreNote;

/// The report of a run.
#[derive(Debug, Serialize)]
pub struct Tried {
    /// The version of this format.
    pub format: u32,
    /// What was asked.
    pub stores: Vec<StoreNote>,
    /// Sorted by host, then id.
    pub tries: Vec<Try>,
}

/// What came of one plugin.
#[derive(Clone, Debug, Serialize)]
pub struct Try {
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
    pub result: TryResult,
    /// Why no further.
    pub reason: Option<String>,
}

/// How far a try came; the best last.
#[derive(Clone, Copy, Debug, Serialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "kebab-case")]
pub enum TryResult {
    /// The store has no release that fits the host.
    NoRelease,
    /// The installer refused it.
    NotInstalled,
    /// It was installed, and not imported.
    Failed,
    /// It was imported.
    Imported,
}

impl TryResult {
    /// All of them, the worst first.
    pub const ALL: [TryResult; 4] = [TryResult::NoRelease, TryResult::NotInstalled, TryResult::Failed, TryResult::Imported];

    /// As people read it.
    pub fn words(self) -> &'static str {
        match self {
            TryResult::NoRelease => "no release that fits",
            TryResult::NotInstalled => "not installed",
            TryResult::Failed => "failed",
            TryResult::Imported => "imported",
        }
    }
}

impl Tried {
    /// How many came so far.
    pub fn count(&self, result: TryResult) -> usize {
        self.tries.iter().filter(|it| it.result == result).count()
    }

    /// For programs.
    pub fn json(&self) -> String {
        shopfront_text::workflow_commands::pretty_json(self)
    }
}
