//! An archive that two readers would take in two ways.

use super::{ArchiveContext, Check, Rule};
use shopfront_archive::AnomalyKind;
use shopfront_diagnostics::{Code, Diagnostic, code};

static CODE: Code = code!("ambiguous-archive", Error, Package);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Archive(run),
};

fn run(case: &ArchiveContext<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let help = format!(
        "build it again with {}, and upload exactly the file that it writes",
        case.tool()
    );
    let faults = case.odd_messages(AnomalyKind::Ambiguous).map(|says| {
        CODE.at(case.whole(), "two readings", says)
            .help(help.clone())
    });
    diagnostics.extend(faults);
}
