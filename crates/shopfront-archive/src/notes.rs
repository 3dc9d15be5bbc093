//! What is odd about an archive, noted while it is read: all that tells something, and not a line
//! more.

use std::collections::BTreeMap;

use super::{Anomaly, AnomalyKind};

/// How many anomalies of one kind are kept; the rest is counted.
const MOST: usize = 16;
/// Characters of the name of a member, as a note keeps it.
const MOST_OF_A_NAME: usize = 200;

/// AnomalyLog on one archive.
#[derive(Default)]
pub(super) struct AnomalyLog {
    kept: Vec<Anomaly>,
    counts: BTreeMap<AnomalyKind, usize>,
}

impl AnomalyLog {
    /// AnomalyLog something of `member`; `says` follows its name: `is stored twice`.
    pub(super) fn member(&mut self, kind: AnomalyKind, member: &str, says: impl Into<String>) {
        self.note(
            kind,
            || Some(member.chars().take(MOST_OF_A_NAME).collect()),
            says.into(),
        );
    }

    /// AnomalyLog something of the archive as a whole; `says` follows "the archive".
    pub(super) fn whole(&mut self, kind: AnomalyKind, says: impl Into<String>) {
        self.note(kind, || None, says.into());
    }

    fn note(&mut self, kind: AnomalyKind, member: impl FnOnce() -> Option<String>, says: String) {
        let count = self.counts.entry(kind).or_default();
        *count += 1;
        if *count <= MOST {
            self.kept.push(Anomaly {
                kind,
                member: member(),
                says,
            });
        }
    }

    /// Whether something of this kind was noted.
    pub(super) fn has(&self, kind: AnomalyKind) -> bool {
        self.counts.contains_key(&kind)
    }

    /// All of them, and how many more there are of those that are too many.
    pub(super) fn into_oddities(mut self) -> Vec<Anomaly> {
        for (kind, count) in self.counts.into_iter().filter(|(_, count)| *count > MOST) {
            let more = count - MOST;
            let says = if more == 1 {
                "has one more fault of this kind".to_owned()
            } else {
                format!("has {more} more faults of this kind")
            };
            self.kept.push(Anomaly {
                kind,
                member: None,
                says,
            });
        }
        self.kept
    }
}
