//! An archive that is, or becomes, larger than anybody should unpack.

use super::{ArchiveContext, Check, Rule};
use shopfront_archive::AnomalyKind;
use shopfront_diagnostics::{Code, Diagnostic, code};

static CODE: Code = code!("archive-too-large", Error, Package);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Archive(run),
};

fn run(case: &ArchiveContext<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let help =
        "leave data and tests out of the package, or fetch large files when they are first used";
    let faults = case
        .odd_messages(AnomalyKind::TooLarge)
        .map(|says| CODE.at(case.whole(), "too large", says).help(help));
    diagnostics.extend(faults);
}
