//! Two entries of one host whose ids are the same, or were.

use super::{Check, Rule};
use std::collections::BTreeMap;

use shopfront_diagnostics::{Code, Diagnostic, Location, code};
use shopfront_model::catalogue::Catalogue;
use shopfront_text::names::folded_id;

static CODE: Code = code!("duplicate-id", Error, Files);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Catalogue(run),
};

fn run(catalogue: &Catalogue, diagnostics: &mut Vec<Diagnostic>) {
    for host in catalogue.hosts.keys() {
        let mut claims: BTreeMap<String, Vec<Claim<'_>>> = BTreeMap::new();
        for snippet in catalogue.of_host(host) {
            let own = Claim {
                path: &snippet.path,
                id: &snippet.id,
                formerly: None,
            };
            let earlier = snippet
                .body
                .formerly
                .iter()
                .enumerate()
                .map(|(index, id)| Claim {
                    path: &snippet.path,
                    id,
                    formerly: Some(index),
                });
            for claim in std::iter::once(own).chain(earlier) {
                claims.entry(folded_id(claim.id)).or_default().push(claim);
            }
        }
        for mut quarrel in claims.into_values().filter(|claims| claims.len() > 1) {
            quarrel.sort_by_key(|claim| (claim.path, claim.formerly));
            diagnostics.extend(
                quarrel
                    .iter()
                    .skip(1)
                    .map(|later| report(&quarrel[0], later)),
            );
        }
    }
}

/// An id that an entry has, or had before.
struct Claim<'s> {
    path: &'s str,
    id: &'s str,
    /// The index in `formerly`; `None` for the id of today.
    formerly: Option<usize>,
}

impl Claim<'_> {
    fn place(&self) -> Location {
        match self.formerly {
            Some(index) => Location::value(self.path, format!("/formerly/{index}")),
            None => Location::whole(self.path),
        }
    }
}

fn report(first: &Claim<'_>, later: &Claim<'_>) -> Diagnostic {
    let message = if first.id == later.id {
        format!("the id `{}` is taken twice", later.id)
    } else {
        format!(
            "the ids `{}` and `{}` are the same but for case, `-`, `_` and `.`",
            first.id, later.id
        )
    };
    CODE.at(later.place(), "taken again", message)
        .with_secondary(first.place(), "taken first")
        .help("keep one of the two, or rename the newer")
}
