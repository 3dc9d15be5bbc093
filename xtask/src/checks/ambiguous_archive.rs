//! An archive that two readers would take in two ways.

use super::{Check, PackageCase, Rule};
use crate::archive::OddityKind;
use crate::diagnostic::{Code, Diagnostic, code};

static CODE: Code = code!("ambiguous-archive", Error, Package);
/// Its line of the table.
pub(super) static CHECK: Check = Check { code: &CODE, rule: Rule::Package(run) };

fn run(case: &PackageCase<'_>, found: &mut Vec<Diagnostic>) {
    const HELP: &str = "build it again with `python -m build`, and upload exactly the file that it writes";
    let faults = case.odd_messages(OddityKind::Ambiguous).map(|says| CODE.at(case.package.whole(), "two readings", says).help(HELP));
    found.extend(faults);
}
