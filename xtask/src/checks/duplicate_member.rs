//! Members that would be one file.

use super::{Check, PackageCase, Rule};
use crate::archive::OddityKind;
use crate::diagnostic::{Code, Diagnostic, code};

static CODE: Code = code!("duplicate-member", Error, Package);
/// Its line of the table.
pub(super) static CHECK: Check = Check { code: &CODE, rule: Rule::Package(run) };

fn run(case: &PackageCase<'_>, found: &mut Vec<Diagnostic>) {
    const HELP: &str = "build it again with `python -m build`; see which setting of the build tool adds the file a second time";
    let faults =
        case.odd_messages(OddityKind::Duplicate).map(|says| CODE.at(case.package.whole(), "one file, several times", says).help(HELP));
    found.extend(faults);
}
