//! A member that leaves the folder that it is unpacked into.

use super::{Check, PackageCase, Rule};
use crate::archive::OddityKind;
use crate::diagnostic::{Code, Diagnostic, code};

static CODE: Code = code!("escaping-member", Error, Package);
/// Its line of the table.
pub(super) static CHECK: Check = Check { code: &CODE, rule: Rule::Package(run) };

fn run(case: &PackageCase<'_>, found: &mut Vec<Diagnostic>) {
    const HELP: &str = "give it a path within the package, with `/` between its parts";
    let faults = case.odd_messages(OddityKind::Escaping).map(|says| CODE.at(case.package.whole(), "leaves its folder", says).help(HELP));
    found.extend(faults);
}
