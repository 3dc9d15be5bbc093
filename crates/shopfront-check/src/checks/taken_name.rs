//! Two plugins of one host that take one name for themselves.

use std::collections::{BTreeMap, BTreeSet};

use super::{Check, Rule, one_line};
use shopfront_diagnostics::{Code, Diagnostic, code};
use shopfront_model::adapter::InspectedRelease;
use shopfront_model::answers::LedgerEntry;
use shopfront_model::bundle::ClaimedName;
use shopfront_model::catalogue::{Host, Snippet};

/// Its code.
pub const NAME: &str = "taken-name";

static CODE: Code = code!("taken-name", Error, Answers);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Load,
};

/// A plugin and the names that the packages of its releases take: of those that its host is given.
pub struct Holder<'c> {
    /// Snippet of the entry.
    pub snippet: &'c Snippet,
    /// The names.
    pub names: Vec<ClaimedName>,
    /// What was published of it before.
    pub past: Option<&'c LedgerEntry>,
}

impl Holder<'_> {
    /// The rank of its claim to `name`, the lowest of which is best: who was published with it first, then who was listed first.
    /// What is not in the ledger yet is listed now, and so the last.
    fn rank(&self, name: &ClaimedName) -> impl Ord + use<> {
        let published_at = self
            .past
            .and_then(|past| past.names.get(&name.words()).copied());
        let listed_at = self.past.map(|past| past.listed_at);
        (
            published_at.is_none(),
            published_at,
            listed_at.is_none(),
            listed_at,
        )
    }
}

/// The names that `snippet` takes, whose releases are `offers`; where its host is given none of them, those of the newest.
/// `past` is what was published of it before.
pub fn holder<'c>(
    host: &Host,
    snippet: &'c Snippet,
    offers: &[InspectedRelease],
    past: Option<&'c LedgerEntry>,
) -> Option<Holder<'c>> {
    let reader = host.adapter.reader()?;
    let shown = host.adapter.shown(offers);
    let shown = if shown.is_empty() {
        offers.iter().take(1).collect()
    } else {
        shown
    };
    let names: BTreeSet<ClaimedName> = shown
        .iter()
        .flat_map(|offer| reader.taken_names(&offer.facts))
        .collect();
    Some(Holder {
        snippet,
        names: names.into_iter().collect(),
        past,
    })
}

/// Every name that several of `holders` take, at all but the one that keeps it; with the index of the holder.
pub fn diagnostic(holders: &[Holder<'_>]) -> Vec<(usize, Diagnostic)> {
    let mut keepers: BTreeMap<(&str, &ClaimedName), usize> = BTreeMap::new();
    for (at, holder) in holders.iter().enumerate() {
        for name in &holder.names {
            let keeper = keepers
                .entry((holder.snippet.host.as_str(), name))
                .or_insert(at);
            if holder.rank(name) < holders[*keeper].rank(name) {
                *keeper = at;
            }
        }
    }
    let mut diagnostics = Vec::new();
    for (at, holder) in holders.iter().enumerate() {
        let mut told = None;
        for name in &holder.names {
            let of = keepers[&(holder.snippet.host.as_str(), name)];
            // A module that repeats another one takes a hundred names: one is enough to say so.
            let other = holders[of].snippet;
            // That one plugin is listed twice is told as that.
            if of == at || told == Some(of) || other.uid == holder.snippet.uid {
                continue;
            }
            told = Some(of);
            let words = format!("{} `{}`", name.of, one_line(&name.name));
            let message = format!(
                "`{}` and `{}` both take {words}",
                other.id, holder.snippet.id
            );
            let fault = CODE
                .at(holder.snippet.source_place(), "takes it again", message)
                .with_secondary(other.source_place(), "takes it first");
            diagnostics.push((at, fault.help("only one of them can be installed: give it another name in the package, or leave one out")));
        }
    }
    diagnostics
}
