//! A wheel without the list of its files.

use super::{Check, PackageContext, Rule, one_line};
use shopfront_diagnostics::{Code, Diagnostic, code};

static CODE: Code = code!("missing-record", Error, Package);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Package(run),
};

fn run(case: &PackageContext<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let Some(member) = case
        .whole_wheel()
        .and_then(|_| case.package.info_member("RECORD"))
    else {
        return;
    };
    if case.package.scan.member(&member).is_some() {
        return;
    }
    let message = format!(
        "the wheel has no `{}`, the list of its files with their hashes",
        one_line(&member)
    );
    let help = "build it again with a build tool: `python -m build`; after a change by hand, `wheel pack` writes the list";
    diagnostics.push(
        CODE.at(case.package.whole(), "no `RECORD`", message)
            .help(help),
    );
}
