//! A plugin of Forecast in a Box whose wheel lacks the module that the backend imports.

use super::{Check, PackageContext, Rule, one_line};
use shopfront_diagnostics::{Code, Diagnostic, code};
use shopfront_text::names::normal_project;

static CODE: Code = code!("module-not-in-wheel", Error, Package);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Package(run),
};

fn run(case: &PackageContext<'_>, diagnostics: &mut Vec<Diagnostic>) {
    // A wheel without any module is told by `no-module`.
    let is_told_already = case.package.modules.is_empty();
    if !case.is_of_host(|adapter| adapter.loads_by_project_name())
        || case.whole_wheel().is_none()
        || is_told_already
        || case.own_module().is_some()
    {
        return;
    }
    let project = case.project();
    let wanted = project.replace('-', "_");
    let message = format!(
        "the wheel of `{}` holds no module `{}`",
        one_line(&project),
        one_line(&wanted)
    );
    let is_folder = case
        .package
        .modules
        .iter()
        .any(|module| normal_project(&module.name) == project);
    let help = if is_folder {
        format!("add `{wanted}/__init__.py`; a folder without it binds nothing")
    } else {
        let held: Vec<String> = case
            .package
            .modules
            .iter()
            .take(3)
            .map(|module| format!("`{}`", one_line(&module.name)))
            .collect();
        format!(
            "rename the module ({}) to `{wanted}`, or the project to the module's name",
            held.join(", ")
        )
    };
    diagnostics.push(
        CODE.at(
            case.package.whole(),
            "not the module of the project",
            message,
        )
        .help(help),
    );
}
