//! A list of files that readers refuse, or take in different ways.

use super::{Check, PackageContext, Rule};
use shopfront_diagnostics::{Code, Diagnostic, code};

static CODE: Code = code!("malformed-record", Error, Package);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Package(run),
};

fn run(case: &PackageContext<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let (Some(record), Some(member)) = (&case.package.record, case.package.info_member("RECORD"))
    else {
        return;
    };
    diagnostics.extend(
        record
            .flaws
            .iter()
            .map(|flaw| case.flaw(&CODE, &member, flaw, "not as the specification has it")),
    );
}
