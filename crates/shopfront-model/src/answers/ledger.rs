//! History that no registry has: times of first listing and the last published state. Saved as
//! `answers/ledger.json`.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// History of the store.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Ledger {
    /// Version of this format.
    pub format: u32,
    /// Next free number; a number is never reused.
    pub next_number: u64,
    /// Entries by `host/id`. Removed entries stay, so that their numbers stay reserved.
    pub entries: BTreeMap<String, LedgerEntry>,
    /// Changes of the last build with changes.
    pub last_change: Change,
}

/// History of one entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LedgerEntry {
    /// Positive integer, permanently stable, for hosts that need one.
    pub number: u64,
    /// Release numbers by version, if the host needs one per release. The first release ever
    /// listed has the number of the entry. Numbers stay when a release is removed.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub releases: BTreeMap<String, u64>,
    /// The names that its releases take for themselves, each with the time of the build that first published it with that name:
    /// no other entry of its host takes one of these over.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub names: BTreeMap<String, Timestamp>,
    /// When it was first listed.
    pub listed_at: Timestamp,
    /// Time of the last change of the snippet or the newest release.
    pub changed_at: Timestamp,
    /// Last ten changes, oldest first. Empty in a ledger of an earlier version.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<Event>,
    /// Newest published release.
    pub version: Option<String>,
    /// Digest of the published snippet.
    pub snippet: String,
    /// `true` if the entry was in the store at the last build.
    pub listed: bool,
    /// `true` if the host could install the entry at the last build.
    #[serde(default)]
    pub offered: bool,
}

/// Maximum number of changes kept per entry.
pub const MAX_EVENTS: usize = 10;

/// The largest number: every reader of JSON knows it exactly, and there is always a next one.
const MAX_NUMBER: u64 = 1 << 53;

impl Ledger {
    /// The reason why it is not a past that can be continued; `None` for a good one.
    pub fn fault(&self) -> Option<String> {
        if self.format != 1 {
            return Some(format!("expected format 1, found {}", self.format));
        }
        if self.next_number > MAX_NUMBER {
            return Some(format!(
                "expected a next number of at most {MAX_NUMBER}, found {}",
                self.next_number
            ));
        }
        self.entries.iter().find_map(|(entry, past)| {
            let numbers = std::iter::once(past.number).chain(past.releases.values().copied());
            if let Some(number) = numbers
                .into_iter()
                .find(|number| !(1..=MAX_NUMBER).contains(number))
            {
                return Some(format!(
                    "expected a number from 1 on, found {number} for `{entry}`"
                ));
            }
            let changes = past.history.len();
            (changes > MAX_EVENTS).then(|| {
                format!("expected at most {MAX_EVENTS} changes, found {changes} for `{entry}`")
            })
        })
    }
}

impl LedgerEntry {
    /// Records the event `what` at the time `at`.
    pub fn note(&mut self, at: Timestamp, what: What) {
        self.history.push(Event { at, what });
        let surplus = self.history.len().saturating_sub(MAX_EVENTS);
        self.history.drain(..surplus);
    }
}

/// One change of an entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Time of the build that detected the change.
    pub at: Timestamp,
    /// Type of the change.
    #[serde(flatten)]
    pub what: What,
}

/// Types of changes of a listed entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum What {
    /// Newest release changed.
    Release {
        /// Previous newest release.
        from: Option<String>,
        /// Current newest release.
        to: Option<String>,
    },
    /// Snippet changed.
    Listing,
    /// Snippet removed from the catalogue.
    Removed,
    /// Snippet replaced by a tombstone.
    Withdrawn,
    /// Entry listed again.
    Returned,
}

/// Set of changes between two builds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// Time of the previous build.
    pub since: Option<Timestamp>,
    /// Time of the build with the changes.
    pub at: Option<Timestamp>,
    /// New entries, as `host/id`.
    pub added: Vec<String>,
    /// Entries with a different newest release.
    pub updated: Vec<Updated>,
    /// Removed entries.
    pub removed: Vec<Removed>,
}

/// Entry with a different newest release.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Updated {
    /// Entry as `host/id`.
    pub entry: String,
    /// Previous newest release.
    pub from: Option<String>,
    /// Current newest release.
    pub to: Option<String>,
}

/// Removed entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Removed {
    /// Entry as `host/id`.
    pub entry: String,
    /// Reason for the removal.
    pub reason: String,
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use jiff::Timestamp;

    use super::{LedgerEntry, What};

    #[test]
    fn a_ledger_of_before_is_read_and_of_many_changes_the_last_ten_stay() {
        let text = r#"{"number":1,"listed_at":"2026-01-01T00:00:00Z","changed_at":"2026-01-01T00:00:00Z","version":null,"snippet":"0","listed":true,"offered":false}"#;
        let mut entry: LedgerEntry = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&entry).unwrap(), text);
        for second in 0..12 {
            let to = Some(second.to_string());
            entry.note(
                Timestamp::from_second(second).unwrap(),
                What::Release { from: None, to },
            );
        }
        entry.note(Timestamp::UNIX_EPOCH, What::Listing);
        assert_eq!(entry.history.len(), 10);
        let written = serde_json::to_string(&entry.history[8..]).unwrap();
        let expected = r#"[{"at":"1970-01-01T00:00:11Z","what":"release","from":null,"to":"11"},{"at":"1970-01-01T00:00:00Z","what":"listing"}]"#;
        assert_eq!(written, expected);
        assert_eq!(
            serde_json::from_str::<Vec<super::Event>>(&written).unwrap(),
            entry.history[8..]
        );
    }
}
