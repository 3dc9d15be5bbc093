//! Entry points that readers refuse, or take in different ways.

use super::{Check, PackageContext, Rule};
use shopfront_diagnostics::{Code, Diagnostic, code};

static CODE: Code = code!("malformed-entry-points", Error, Package);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Package(run),
};

fn run(case: &PackageContext<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let (Some(entry_points), Some(member)) = (
        &case.package.entry_points,
        case.package.info_member("entry_points.txt"),
    ) else {
        return;
    };
    diagnostics.extend(
        entry_points
            .flaws
            .iter()
            .map(|flaw| case.flaw(&CODE, &member, flaw, "not as the specification has it")),
    );
}
