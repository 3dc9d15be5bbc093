//! A plugin that can not be installed beside the newest version of its host.

use super::{Case, source_place};
use super::{Check, Rule};
use crate::diagnostic::{Code, Diagnostic, code};
use crate::requirement;

static CODE: Code = code!("host-excluded", Error, Answers);
/// Its line of the table.
pub(super) static CHECK: Check = Check { code: &CODE, rule: Rule::Answer(run) };

fn run(case: &Case<'_>, found: &mut Vec<Diagnostic>) {
    let (Some(required), Some(host)) = (case.requirements(), case.host.adapter.host_project()) else { return };
    let (Some(newest), Some(newest_of_all)) = (&case.versions.newest, &case.versions.newest_of_all) else { return };
    let Some(range) = requirement::range_of(&host.name, required).filter(|_| case.is_kind("python")) else { return };
    // A plugin that is made for the coming version of its host is no fault.
    if range.contains(newest) || range.contains(newest_of_all) {
        return;
    }
    let message = format!(
        "the newest release of `{}` requires `{}`, which excludes {} {newest}",
        case.snippet.source.name,
        super::one_line(&range.written.join(", ")),
        host.name
    );
    found.push(CODE.at(source_place(case.snippet), "excludes the newest host", message).help("upload a release with a wider range"));
}
