//! A file that is no archive of its form, or that installers can not unpack.

use super::{Check, PackageCase, Rule};
use crate::archive::OddityKind;
use crate::diagnostic::{Code, Diagnostic, code};

static CODE: Code = code!("unreadable-archive", Error, Package);
/// Its line of the table.
pub(super) static CHECK: Check = Check { code: &CODE, rule: Rule::Package(run) };

fn run(case: &PackageCase<'_>, found: &mut Vec<Diagnostic>) {
    const HELP: &str =
        "build it with `python -m build`: a wheel is a zip of stored and deflated members, a source distribution a `.tar.gz`";
    let faults = case.odd_messages(OddityKind::Unreadable).map(|says| CODE.at(case.package.whole(), "not readable", says).help(HELP));
    found.extend(faults);
}
