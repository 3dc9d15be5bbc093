//! A member that does not unpack to what its archive says.

use super::{ArchiveContext, Check, Rule};
use shopfront_archive::AnomalyKind;
use shopfront_diagnostics::{Code, Diagnostic, code};

static CODE: Code = code!("corrupt-member", Error, Package);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Archive(run),
};

fn run(case: &ArchiveContext<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let help = format!(
        "the file was damaged: build it again with {}, or fetch it again",
        case.tool()
    );
    let faults = case
        .odd_messages(AnomalyKind::Corrupt)
        .map(|says| CODE.at(case.whole(), "broken", says).help(help.clone()));
    diagnostics.extend(faults);
}
