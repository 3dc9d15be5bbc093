//! Members whose names are two on one system and one on another.

use super::{Check, PackageCase, Rule};
use crate::archive::OddityKind;
use crate::diagnostic::{Code, Diagnostic, code};

static CODE: Code = code!("case-collision", Error, Package);
/// Its line of the table.
pub(super) static CHECK: Check = Check { code: &CODE, rule: Rule::Package(run) };

fn run(case: &PackageCase<'_>, found: &mut Vec<Diagnostic>) {
    const HELP: &str = "rename one of them";
    let faults = case
        .odd_messages(OddityKind::CaseCollision)
        .map(|says| CODE.at(case.package.whole(), "one file on Windows and macOS", says).help(HELP));
    found.extend(faults);
}
