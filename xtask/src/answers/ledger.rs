//! What no registry knows: since when an entry is listed, and what was published last. `answers/ledger.json`.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The past of the store.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Ledger {
    /// The version of this format.
    pub format: u32,
    /// The next free number; numbers are never given twice.
    pub next_number: u64,
    /// By `host/id`; entries that are gone stay, so that their number does.
    pub entries: BTreeMap<String, LedgerEntry>,
    /// What the last build that changed something changed.
    pub last_change: Change,
}

/// The past of one entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LedgerEntry {
    /// A positive integer, stable for ever, for hosts that want one.
    pub number: u64,
    /// The numbers of its releases by version, where its host wants one of each: of the first that was ever listed that of the
    /// entry. They stay when the release goes.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub releases: BTreeMap<String, u64>,
    /// When it was first listed.
    pub listed_at: Timestamp,
    /// When its snippet or its newest release last changed.
    pub changed_at: Timestamp,
    /// The newest release that was published.
    pub version: Option<String>,
    /// The digest of the snippet that was published.
    pub snippet: String,
    /// Whether it was in the store at the last build.
    pub listed: bool,
    /// Whether its host could install it at the last build.
    #[serde(default)]
    pub offered: bool,
}

/// A set of changes between two builds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// The time of the build before.
    pub since: Option<Timestamp>,
    /// The time of the build that changed something.
    pub at: Option<Timestamp>,
    /// New entries, as `host/id`.
    pub added: Vec<String>,
    /// Entries with another newest release.
    pub updated: Vec<Updated>,
    /// Entries that are gone.
    pub removed: Vec<Removed>,
}

/// One entry with another newest release.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Updated {
    /// `host/id`
    pub entry: String,
    /// Before.
    pub from: Option<String>,
    /// Now.
    pub to: Option<String>,
}

/// One entry that is gone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Removed {
    /// `host/id`
    pub entry: String,
    /// Why.
    pub reason: String,
}
