//! A plugin of Forecast in a Box that installs more modules than its own.

use super::{Check, PackageContext, Rule, common_module, one_line};
use shopfront_diagnostics::{Code, Diagnostic, code};
use shopfront_package::python;
use shopfront_text::names::normal_project;

static CODE: Code = code!("stray-module", Warning, Package);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Package(run),
};

fn run(case: &PackageContext<'_>, diagnostics: &mut Vec<Diagnostic>) {
    // Without a module of its own the fault is that, not the others.
    if !case.is_of_host(|adapter| adapter.loads_by_project_name()) || case.own_module().is_none() {
        return;
    }
    let project = case.project();
    for module in &case.package.modules {
        let root = module.name.split('.').next().unwrap_or_default();
        let is_told_already = common_module::is_common(root) || python::is_standard_module(root);
        if is_told_already || normal_project(root) == project {
            continue;
        }
        let place = module.source.as_ref().map_or_else(
            || case.package.whole(),
            |source| case.package.whole_member(source),
        );
        let message = format!(
            "the wheel installs the module `{}` beside its own",
            one_line(&module.name)
        );
        diagnostics.push(
            CODE.at(place, "not the plugin's own", message)
                .help(format!(
                    "move it into `{}`, or release it as a project of its own",
                    project.replace('-', "_")
                )),
        );
    }
}
