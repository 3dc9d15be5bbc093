//! Metadata that readers refuse, or take in different ways.

use super::{Check, PackageContext, Rule};
use shopfront_diagnostics::{Code, Diagnostic, code};

static CODE: Code = code!("malformed-metadata", Error, Package);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Package(run),
};

fn run(case: &PackageContext<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let (Some(metadata), Some(member)) = (&case.package.metadata, case.package.metadata_member())
    else {
        return;
    };
    diagnostics.extend(
        metadata
            .flaws
            .iter()
            .map(|flaw| case.flaw(&CODE, &member, flaw, "not as the specification has it")),
    );
}
