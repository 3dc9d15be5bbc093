//! Hosts that moved on: the newest major version, and the entries that have no release for it.

use std::collections::BTreeMap;

use super::{EntrySummary, Problem};
use shopfront_check::checks;
use shopfront_diagnostics::Severity;
use shopfront_model::adapter::HostVersions;
use shopfront_model::catalogue::{Catalogue, Host, Snippet};
use shopfront_text::names::HostId;

/// The entries of one host that its newest major version has left behind.
pub struct Lagging<'c> {
    /// The host.
    pub host: &'c Host,
    /// The newest major version, as pages write it.
    pub major: String,
    /// Those that fit an older one, and not this.
    pub behind: Vec<&'c Snippet>,
    /// Number of plugins that fit this one.
    pub ready: usize,
}

/// Every host with such entries. Of what fits no version nobody knows what it wants, and of what
/// nobody asked for nothing.
pub fn lagging<'c>(
    catalogue: &'c Catalogue,
    versions: &BTreeMap<HostId, HostVersions>,
    cards: &[EntrySummary],
) -> Vec<Lagging<'c>> {
    let mut found = Vec::new();
    for (id, host) in &catalogue.hosts {
        let Some(newest) = versions[id].newest_major() else {
            continue;
        };
        let of_host = catalogue
            .snippets
            .iter()
            .zip(cards)
            .filter(|(snippet, card)| snippet.host == *id && !snippet.is_withdrawn() && !card.gone);
        let known = of_host.filter(|(_, card)| !card.compatible.is_empty());
        let (ready, behind): (Vec<_>, Vec<_>) = known.partition(|(_, card)| {
            card.compatible
                .iter()
                .any(|(major, _)| *major == newest.name)
        });
        if !behind.is_empty() {
            let behind = behind.into_iter().map(|(snippet, _)| snippet).collect();
            found.push(Lagging {
                host,
                major: newest.label(),
                behind,
                ready: ready.len(),
            });
        }
    }
    found
}

impl Lagging<'_> {
    /// As `problems.json` tells it.
    pub fn problem(&self) -> Problem {
        let ids: Vec<&str> = self
            .behind
            .iter()
            .map(|snippet| snippet.id.as_str())
            .collect();
        let found =
            checks::behind_newest_host::diagnostic(self.host, &self.major, &ids, self.ready);
        Problem {
            host: Some(self.host.id.to_string()),
            id: None,
            code: found.code.name,
            severity: Severity::Warning,
            message: found.message,
            since: None,
        }
    }
}
