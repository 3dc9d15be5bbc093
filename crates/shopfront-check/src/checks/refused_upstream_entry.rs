//! An entry of another store that is not taken over.

use super::{Check, Rule};
use shopfront_diagnostics::{Code, Diagnostic, Location, code, keep_few};
use shopfront_model::catalogue::Upstream;

static CODE: Code = code!("refused-upstream-entry", Warning, Answers);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Build,
};

/// An entry that is not taken.
pub struct Refused {
    /// `host/id`, fit to stand in a message.
    pub entry: String,
    /// Reason, as the end of a message.
    pub why: String,
    /// Whether it is shown all the same, and left out of the files that hosts install from alone.
    pub is_shown: bool,
}

/// Another store may be wrong ten thousand times: so many entries show how.
const MAX_TOLD: usize = 20;

/// Returns the diagnostics for the entries of the upstream store at `index` of `store.json` that
/// are left out.
pub fn diagnostic(index: usize, upstream: &Upstream, refused: &[Refused]) -> Vec<Diagnostic> {
    let mut diagnostics: Vec<Diagnostic> = refused
        .iter()
        .map(
            |Refused {
                 entry,
                 why,
                 is_shown,
             }| {
                let place =
                    Location::value("catalogue/store.json", format!("/upstreams/{index}/url"));
                let (lacks, label) = match is_shown {
                    false => ("is not shown", "offers an entry that is not shown"),
                    true => (
                        "is in no file that hosts install from",
                        "offers an entry that hosts are not offered",
                    ),
                };
                CODE.at(
                    place,
                    label,
                    format!("`{entry}` of the store `{}` {lacks}: {why}", upstream.id),
                )
            },
        )
        .collect();
    keep_few(&mut diagnostics, 0, MAX_TOLD);
    if let Some(last) = diagnostics.last_mut().filter(|last| last.help.is_some()) {
        let more = last.help.take().unwrap_or_default();
        last.message.push_str(&format!("; {more}"));
    }
    diagnostics
}
