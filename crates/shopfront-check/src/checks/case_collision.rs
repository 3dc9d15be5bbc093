//! Members whose names are two on one system and one on another.

use super::{ArchiveContext, Check, Rule};
use shopfront_archive::AnomalyKind;
use shopfront_diagnostics::{Code, Diagnostic, code};

static CODE: Code = code!("case-collision", Error, Package);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Archive(run),
};

fn run(case: &ArchiveContext<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let help = "rename one of them";
    let faults = case.odd_messages(AnomalyKind::CaseCollision).map(|says| {
        CODE.at(case.whole(), "one file on Windows and macOS", says)
            .help(help)
    });
    diagnostics.extend(faults);
}
