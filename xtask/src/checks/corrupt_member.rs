//! A member that does not unpack to what its archive says.

use super::{Check, PackageCase, Rule};
use crate::archive::OddityKind;
use crate::diagnostic::{Code, Diagnostic, code};

static CODE: Code = code!("corrupt-member", Error, Package);
/// Its line of the table.
pub(super) static CHECK: Check = Check { code: &CODE, rule: Rule::Package(run) };

fn run(case: &PackageCase<'_>, found: &mut Vec<Diagnostic>) {
    const HELP: &str = "the file was damaged: build it again with `python -m build`, or fetch it again";
    let faults = case.odd_messages(OddityKind::Corrupt).map(|says| CODE.at(case.package.whole(), "broken", says).help(HELP));
    found.extend(faults);
}
