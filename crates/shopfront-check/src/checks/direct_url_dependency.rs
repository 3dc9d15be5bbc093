//! A package that requires another one by its address.

use super::{Check, PackageContext, Rule, one_line};
use shopfront_diagnostics::{Code, Diagnostic, code};
use shopfront_package::requirement;

static CODE: Code = code!("direct-url-dependency", Error, Package);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Package(run),
};

fn run(case: &PackageContext<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for field in case
        .metadata()
        .iter()
        .flat_map(|metadata| metadata.all("Requires-Dist"))
    {
        if !requirement::is_direct_url(&field.value) {
            continue;
        }
        let project = requirement::project_of(&field.value);
        let message = format!(
            "the package requires `{project}` from an address: `{}`",
            one_line(&field.value)
        );
        diagnostics.push(
            CODE.at(case.place_of(field), "an address", message)
                .help(format!("require a released version, such as `{project}>=1.0`; if there is none, ask its author for a release")),
        );
    }
}
