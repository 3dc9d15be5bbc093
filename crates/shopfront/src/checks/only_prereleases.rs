//! A project that has no final release yet.

use super::{Case, source_place};
use super::{Check, Rule};
use crate::answers::Fitness;
use crate::diagnostic::{Code, Diagnostic, code};

static CODE: Code = code!("only-prereleases", Warning, Answers);
/// Its line of the table.
pub(super) static CHECK: Check = Check { code: &CODE, rule: Rule::Answer(run) };

fn run(case: &Case<'_>, found: &mut Vec<Diagnostic>) {
    let Some((release, Fitness::Prerelease)) = case.newest() else { return };
    let message = format!("`{}` has only pre-releases, the newest is {}", case.snippet.source.name, release.version);
    found.push(
        CODE.at(source_place(case.snippet), "only pre-releases", message)
            .help("upload a final release when it is ready: from then on installers leave pre-releases out"),
    );
}
