//! A file that is no archive of its form, or that installers can not unpack.

use super::{ArchiveCase, Check, Rule};
use shopfront_archive::OddityKind;
use shopfront_diagnostics::{Code, Diagnostic, code};

static CODE: Code = code!("unreadable-archive", Error, Package);
/// Its line of the table.
pub(super) static CHECK: Check = Check { code: &CODE, rule: Rule::Archive(run) };

fn run(case: &ArchiveCase<'_>, found: &mut Vec<Diagnostic>) {
    let help = case.form_help();
    let faults = case.odd_messages(OddityKind::Unreadable).map(|says| CODE.at(case.whole(), "not readable", says).help(help.clone()));
    found.extend(faults);
}
