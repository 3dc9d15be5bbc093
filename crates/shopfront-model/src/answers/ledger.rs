//! What no registry knows: since when an entry is listed, and what was published last.
//! `answers/ledger.json`.

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
    /// The numbers of its releases by version, where its host wants one of each: of the first that
    /// was ever listed that of the entry. They stay when the release goes.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub releases: BTreeMap<String, u64>,
    /// When it was first listed.
    pub listed_at: Timestamp,
    /// When its snippet or its newest release last changed.
    pub changed_at: Timestamp,
    /// What changed of it since, the oldest change first; of more than ten the last ten. A ledger
    /// of before has none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<Event>,
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

/// How many changes of one entry are kept.
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
    /// Notes that `what` happened at `at`.
    pub fn note(&mut self, at: Timestamp, what: What) {
        self.history.push(Event { at, what });
        let surplus = self.history.len().saturating_sub(MAX_EVENTS);
        self.history.drain(..surplus);
    }
}

/// One change of an entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// The time of the build that met it.
    pub at: Timestamp,
    /// What it was.
    #[serde(flatten)]
    pub what: What,
}

/// What can happen to an entry that is listed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum What {
    /// Another release is the newest one.
    Release {
        /// The one before.
        from: Option<String>,
        /// The one now.
        to: Option<String>,
    },
    /// Its snippet was changed.
    Listing,
    /// Its snippet was taken out of the catalogue.
    Removed,
    /// Its snippet became a tombstone.
    Withdrawn,
    /// It was listed again.
    Returned,
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
