//! A file that is no archive of its form, or that installers can not unpack.

use super::{ArchiveContext, Check, Rule};
use shopfront_archive::AnomalyKind;
use shopfront_diagnostics::{Code, Diagnostic, code};

static CODE: Code = code!("unreadable-archive", Error, Package);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Archive(run),
};

fn run(case: &ArchiveContext<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let help = case.form_help();
    let faults = case.odd_messages(AnomalyKind::Unreadable).map(|says| {
        CODE.at(case.whole(), "not readable", says)
            .help(help.clone())
    });
    diagnostics.extend(faults);
}
