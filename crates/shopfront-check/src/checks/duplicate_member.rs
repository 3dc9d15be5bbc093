//! Members that would be one file.

use super::{ArchiveCase, Check, Rule};
use shopfront_archive::OddityKind;
use shopfront_diagnostics::{Code, Diagnostic, code};

static CODE: Code = code!("duplicate-member", Error, Package);
/// Its line of the table.
pub(super) static CHECK: Check = Check { code: &CODE, rule: Rule::Archive(run) };

fn run(case: &ArchiveCase<'_>, found: &mut Vec<Diagnostic>) {
    let help = format!("build it again with {}; see what adds the file a second time", case.tool());
    let faults =
        case.odd_messages(OddityKind::Duplicate).map(|says| CODE.at(case.whole(), "one file, several times", says).help(help.clone()));
    found.extend(faults);
}
