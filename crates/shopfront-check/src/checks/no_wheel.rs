//! A source distribution where a wheel is wanted.

use super::{Check, PackageContext, Rule};
use shopfront_diagnostics::{Code, Diagnostic, code};
use shopfront_package::file_name::FileName;

static CODE: Code = code!("no-wheel", Warning, Package);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Package(run),
};

fn run(case: &PackageContext<'_>, diagnostics: &mut Vec<Diagnostic>) {
    if matches!(case.package.file_name, FileName::Wheel(_)) {
        return;
    }
    let message =
        "the package is a source distribution, which has to be built where it is installed";
    diagnostics.push(
        CODE.at(case.package.whole(), "no wheel", message)
            .help("build a wheel too (`python -m build` makes both), upload it, and inspect that"),
    );
}
