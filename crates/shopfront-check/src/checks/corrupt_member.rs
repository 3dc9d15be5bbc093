//! A member that does not unpack to what its archive says.

use super::{ArchiveCase, Check, Rule};
use shopfront_archive::OddityKind;
use shopfront_diagnostics::{Code, Diagnostic, code};

static CODE: Code = code!("corrupt-member", Error, Package);
/// Its line of the table.
pub(super) static CHECK: Check = Check { code: &CODE, rule: Rule::Archive(run) };

fn run(case: &ArchiveCase<'_>, found: &mut Vec<Diagnostic>) {
    let help = format!("the file was damaged: build it again with {}, or fetch it again", case.tool());
    let faults = case.odd_messages(OddityKind::Corrupt).map(|says| CODE.at(case.whole(), "broken", says).help(help.clone()));
    found.extend(faults);
}
