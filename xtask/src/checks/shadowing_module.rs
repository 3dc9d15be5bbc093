//! A package with a module that another one has already: Python's own, the host's, or another entry's.

use super::{Check, PackageCase, Rule};
use crate::diagnostic::{Code, Diagnostic, Place, code};
use crate::names::normal_project;
use crate::package::modules::{Module, ModuleKind};
use crate::python;

static CODE: Code = code!("shadowing-module", Error, Package);
/// Its line of the table.
pub(super) static CHECK: Check = Check { code: &CODE, rule: Rule::Package(run) };

fn run(case: &PackageCase<'_>, found: &mut Vec<Diagnostic>) {
    for module in &case.package.modules {
        let diagnostic = standard_library(case, module).or_else(|| host(case, module)).or_else(|| another_entry(case, module));
        found.extend(diagnostic);
    }
}

fn place(case: &PackageCase<'_>, module: &Module) -> Place {
    module.source.as_ref().map_or_else(|| case.package.whole(), |source| case.package.whole_member(source))
}

fn standard_library(case: &PackageCase<'_>, module: &Module) -> Option<Diagnostic> {
    let root = module.name.split('.').next().unwrap_or_default();
    let message = format!("the wheel installs a module `{root}`, which Python's standard library has");
    python::is_standard_module(root).then(|| {
        CODE.at(place(case, module), "Python never finds this one", message)
            .help(format!("move it into the package's own folder, and import it as `<package>.{root}`"))
    })
}

fn host(case: &PackageCase<'_>, module: &Module) -> Option<Diagnostic> {
    let host = case.host_project().filter(|host| host.name != case.project())?;
    // What extends a package of the host in a folder without `__init__` overwrites nothing (PEP 420).
    let is_the_hosts = module.kind != ModuleKind::Namespace && normal_project(&module.name) == host.name;
    let message = format!("the wheel installs a module `{}`, which is that of its host, `{}`", module.name, host.name);
    is_the_hosts.then(|| {
        CODE.at(place(case, module), "overwrites a file of the host", message)
            .help("give the module a name of its own; two packages can not share a folder with an `__init__.py`")
    })
}

fn another_entry(case: &PackageCase<'_>, module: &Module) -> Option<Diagnostic> {
    let project = case.project();
    let is_other = |snippet: &&crate::catalogue::Snippet| {
        let shares_environment = case.host.is_none_or(|host| host.id == snippet.host);
        let is_same_module = snippet.body.module_name.as_ref() == Some(&module.name);
        shares_environment && is_same_module && snippet.source.name != project && !snippet.is_withdrawn()
    };
    let other = case.catalogue.snippets.iter().find(is_other)?;
    let message = format!("the wheel installs a module `{}`, which `{}/{}` has already", module.name, other.host, other.id);
    Some(
        CODE.at(place(case, module), "overwrites the other one", message)
            .and(Place::value(&other.path, "/module_name"), format!("the module of `{}`", other.source.name))
            .help("give the module a name of its own: whoever installs both has one of the two, and can not tell which"),
    )
}
