//! Members that would be one file.

use super::{ArchiveContext, Check, Rule};
use shopfront_archive::AnomalyKind;
use shopfront_diagnostics::{Code, Diagnostic, code};

static CODE: Code = code!("duplicate-member", Error, Package);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Archive(run),
};

fn run(case: &ArchiveContext<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let help = format!(
        "build it again with {}; see what adds the file a second time",
        case.tool()
    );
    let faults = case.odd_messages(AnomalyKind::Duplicate).map(|says| {
        CODE.at(case.whole(), "one file, several times", says)
            .help(help.clone())
    });
    diagnostics.extend(faults);
}
