//! A package without a long description.

use super::{Check, PackageContext, Rule};
use shopfront_diagnostics::{Code, Diagnostic, code};
use shopfront_package::description;

static CODE: Code = code!("no-description", Warning, Package);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Package(run),
};

fn run(case: &PackageContext<'_>, diagnostics: &mut Vec<Diagnostic>) {
    if case.metadata().is_none() || description::of(case.package).is_some() {
        return;
    }
    diagnostics.push(
        CODE.at(case.whole_metadata(), "no long description", "the package has no long description")
            .help("write `readme = \"README.md\"` into `[project]` of `pyproject.toml`, and build it again"),
    );
}
