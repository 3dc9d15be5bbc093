//! A member that leaves the folder that it is unpacked into.

use super::{ArchiveContext, Check, Rule};
use shopfront_archive::AnomalyKind;
use shopfront_diagnostics::{Code, Diagnostic, code};

static CODE: Code = code!("escaping-member", Error, Package);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Archive(run),
};

fn run(case: &ArchiveContext<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let help = "give it a path within the package, with `/` between its parts";
    let faults = case
        .odd_messages(AnomalyKind::Escaping)
        .map(|says| CODE.at(case.whole(), "leaves its folder", says).help(help));
    diagnostics.extend(faults);
}
