//! Two archives of one plugin whose versions are written in two ways and are one.

use std::str::FromStr;

use pep440_rs::Version;

use super::{Check, Rule};
use shopfront_diagnostics::{Code, Diagnostic, Location, code};
use shopfront_model::catalogue::{Catalogue, Snippet};

static CODE: Code = code!("equal-versions", Error, Files);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Catalogue(run),
};

fn run(catalogue: &Catalogue, diagnostics: &mut Vec<Diagnostic>) {
    for snippet in catalogue
        .snippets
        .iter()
        .filter(|snippet| !snippet.is_withdrawn())
    {
        diagnostics.extend(of_snippet(snippet));
    }
}

fn of_snippet(snippet: &Snippet) -> Vec<Diagnostic> {
    let place = |at: usize| Location::value(&snippet.path, format!("/source/archive/{at}/version"));
    let mut known: Vec<(usize, &str, Version)> = Vec::new();
    let mut diagnostics = Vec::new();
    for (at, pin) in snippet.locator.archive.iter().enumerate() {
        let Ok(version) = Version::from_str(&pin.version) else {
            continue;
        };
        // The same words twice have a code of their own.
        let equal = known
            .iter()
            .find(|(_, written, other)| *other == version && *written != pin.version);
        if let Some((first, written, _)) = equal {
            let message = format!(
                "the versions `{written}` and `{}` are one: neither is the newer",
                pin.version
            );
            let fault = CODE
                .at(place(at), format!("equal to `{written}`"), message)
                .with_secondary(place(*first), "written so here");
            diagnostics.push(fault.help("keep one of the two; a later release needs a later version, such as one with a higher last number"));
        }
        known.push((at, &pin.version, version));
    }
    diagnostics
}
