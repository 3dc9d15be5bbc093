//! Successors that lead round in a circle.

use super::{Check, Rule};
use std::collections::{HashMap, HashSet};

use shopfront_diagnostics::{Code, Diagnostic, Location, code};
use shopfront_model::catalogue::{Catalogue, Snippet};

static CODE: Code = code!("circular-successor", Error, Files);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Catalogue(run),
};

fn run(catalogue: &Catalogue, diagnostics: &mut Vec<Diagnostic>) {
    for host in catalogue.hosts.keys() {
        let by_id: HashMap<&str, &Snippet> = catalogue
            .of_host(host)
            .iter()
            .map(|it| (it.id.as_str(), it))
            .collect();
        let mut told = HashSet::new();
        for snippet in catalogue.of_host(host) {
            let circle = circle_from(snippet, &by_id);
            // Every member finds the same circle; it is told once, by its last path.
            if let Some(last) = circle
                .iter()
                .max_by_key(|it| &it.path)
                .filter(|last| told.insert(&last.path))
            {
                diagnostics.push(report(last, &circle));
            }
        }
    }
}

fn successor(snippet: &Snippet) -> Option<&str> {
    snippet.body.lifecycle.as_ref()?.successor.as_deref()
}

/// The circle that `start` is part of, beginning with it; empty when it is part of none.
fn circle_from<'s>(start: &'s Snippet, by_id: &HashMap<&str, &'s Snippet>) -> Vec<&'s Snippet> {
    let mut way = vec![start];
    let mut at = start;
    while let Some(next) = successor(at).and_then(|id| by_id.get(id)) {
        if next.path == start.path {
            return way;
        }
        if way.iter().any(|it| it.path == next.path) {
            return Vec::new();
        }
        way.push(next);
        at = next;
    }
    Vec::new()
}

fn report(last: &Snippet, circle: &[&Snippet]) -> Diagnostic {
    let place = |snippet: &Snippet| Location::value(&snippet.path, "/lifecycle/successor");
    let message = match circle {
        [alone] => format!("`{}` names itself as its successor", alone.id),
        _ => {
            let start = circle
                .iter()
                .position(|it| it.path == last.path)
                .unwrap_or_default();
            let round: Vec<String> = (0..=circle.len())
                .map(|step| format!("`{}`", circle[(start + step) % circle.len()].id))
                .collect();
            format!(
                "the successors lead round in a circle: {}",
                round.join(" → ")
            )
        }
    };
    let mut diagnostic = CODE
        .at(place(last), "leads back here", message)
        .help("take one of these lines out: the last of a chain has no successor");
    for other in circle.iter().filter(|it| it.path != last.path) {
        diagnostic = diagnostic.with_secondary(place(other), "on the way");
    }
    diagnostic
}
