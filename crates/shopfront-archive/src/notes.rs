//! Log of the anomalies of an archive, limited to informative ones.

use std::collections::BTreeMap;

use super::{Anomaly, AnomalyKind};

/// Maximum number of kept anomalies per kind; the rest is counted.
const MOST: usize = 16;
/// Maximum length in characters of a member's name in an anomaly.
const MOST_OF_A_NAME: usize = 200;

/// Log of the anomalies of one archive.
#[derive(Default)]
pub(super) struct AnomalyLog {
    kept: Vec<Anomaly>,
    counts: BTreeMap<AnomalyKind, usize>,
}

impl AnomalyLog {
    /// Records an anomaly of `member`; `says` follows its name: `is stored twice`.
    pub(super) fn member(&mut self, kind: AnomalyKind, member: &str, says: impl Into<String>) {
        self.note(
            kind,
            || Some(member.chars().take(MOST_OF_A_NAME).collect()),
            says.into(),
        );
    }

    /// Records an anomaly of the archive as a whole; `says` follows "the archive".
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

    /// Returns `true` if an anomaly of this kind was recorded.
    pub(super) fn has(&self, kind: AnomalyKind) -> bool {
        self.counts.contains_key(&kind)
    }

    /// Returns the kept anomalies, with the number of omitted ones per kind.
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
