//! A plugin whose package does not require the application that it extends.

use super::{Case, source_place};
use super::{Check, Rule};
use crate::diagnostic::{Code, Diagnostic, code};
use crate::requirement;

static CODE: Code = code!("host-not-required", Error, Answers);
/// Its line of the table.
pub(super) static CHECK: Check = Check { code: &CODE, rule: Rule::Answer(run) };

fn run(case: &Case<'_>, found: &mut Vec<Diagnostic>) {
    let (Some(required), Some(host)) = (case.requirements(), case.host.adapter.host_project()) else { return };
    if !case.is_kind("python") || requirement::range_of(&host.name, required).is_some() {
        return;
    }
    let message = format!("the newest release of `{}` does not require `{}`", case.snippet.source.name, host.name);
    found.push(
        CODE.at(source_place(case.snippet), "may be no plugin of this host", message)
            .help(format!("add `{}` to the dependencies of the package; one behind an extra does not count", host.name)),
    );
}
