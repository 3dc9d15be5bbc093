//! A package that is no final release.

use super::{Check, PackageContext, Rule};
use shopfront_diagnostics::{Code, Diagnostic, code};

static CODE: Code = code!("prerelease-package", Warning, Package);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Package(run),
};

fn run(case: &PackageContext<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let Some(version) = case.version().filter(pep440_rs::Version::any_prerelease) else {
        return;
    };
    let field = case.metadata().and_then(|metadata| metadata.one("Version"));
    let place = field.map_or_else(|| case.package.whole(), |field| case.place_of(field));
    let message = format!("the package is a pre-release, {version}");
    diagnostics.push(
        CODE.at(place, "a pre-release", message)
            .help("release a final version when it is ready: installers leave a pre-release out where they find another"),
    );
}
