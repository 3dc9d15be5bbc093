//! A wheel from which nothing can be imported.

use super::{Check, PackageContext, Rule};
use shopfront_diagnostics::{Code, Diagnostic, code};

static CODE: Code = code!("no-module", Error, Package);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Package(run),
};

fn run(case: &PackageContext<'_>, diagnostics: &mut Vec<Diagnostic>) {
    if case.whole_wheel().is_none() || !case.package.modules.is_empty() {
        return;
    }
    // A program comes as a script alone; only who loads plugins has to import something.
    let is_program = case
        .package
        .scan
        .files()
        .any(|member| member.name.contains(".data/scripts/"));
    if is_program && case.host.is_none() {
        return;
    }
    let files = case
        .package
        .scan
        .files()
        .filter(|member| !member.name.contains(".dist-info/"))
        .count();
    let message = if files == 0 {
        "the wheel holds no module, nothing but its metadata"
    } else {
        "the wheel holds no module"
    };
    diagnostics.push(
        CODE.at(case.package.whole(), "nothing to import", message)
            .help("tell the build tool where the package lies (setuptools: `packages`, hatchling: `[tool.hatch.build.targets.wheel]`), and build it again"),
    );
}
