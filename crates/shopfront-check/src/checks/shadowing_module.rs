//! A package with a module that another one has already: Python's own, the host's, or another
//! entry's.

use std::collections::BTreeMap;

use super::{Check, PackageContext, Rule, one_line};
use shopfront_diagnostics::{Diagnostic, Location};
use shopfront_model::catalogue::Snippet;
use shopfront_model::codes::shadowing_module::CODE;
use shopfront_package::modules::{Module, ModuleKind};
use shopfront_package::python;
use shopfront_text::names::normal_project;

/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Package(run),
};

fn run(case: &PackageContext<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let project = case.project();
    let entries = other_entries(case, &project);
    let host_project = case.host_project().filter(|host| host.name != project);
    for module in &case.package.modules {
        let of_host = || {
            host_project
                .as_ref()
                .and_then(|it| host(case, &it.name, module))
        };
        let of_entry = || {
            entries
                .get(module.name.as_str())
                .map(|other| another_entry(case, other, module))
        };
        diagnostics.extend(
            standard_library(case, module)
                .or_else(of_host)
                .or_else(of_entry),
        );
    }
}

fn place(case: &PackageContext<'_>, module: &Module) -> Location {
    module.source.as_ref().map_or_else(
        || case.package.whole(),
        |source| case.package.whole_member(source),
    )
}

fn standard_library(case: &PackageContext<'_>, module: &Module) -> Option<Diagnostic> {
    let root = module.name.split('.').next().unwrap_or_default();
    let message =
        format!("the wheel installs a module `{root}`, which Python's standard library has");
    python::is_standard_module(root).then(|| {
        CODE.at(place(case, module), "Python never finds this one", message)
            .help(format!(
                "move it into the package's own folder, and import it as `<package>.{root}`"
            ))
    })
}

fn host(case: &PackageContext<'_>, host: &str, module: &Module) -> Option<Diagnostic> {
    // What extends a package of the host in a folder without `__init__` overwrites nothing (PEP
    // 420).
    let is_the_hosts = module.kind != ModuleKind::Namespace && normal_project(&module.name) == host;
    let message = format!(
        "the wheel installs a module `{}`, which is that of its host, `{}`",
        one_line(&module.name),
        host
    );
    is_the_hosts.then(|| {
        CODE.at(place(case, module), "overwrites a file of the host", message)
            .help("give the module a name of its own; two packages can not share a folder with an `__init__.py`")
    })
}

/// The entries of other projects that are installed beside this one, by their module.
fn other_entries<'c>(case: &PackageContext<'c>, project: &str) -> BTreeMap<&'c str, &'c Snippet> {
    let shares_environment =
        |snippet: &Snippet| case.host.is_none_or(|host| host.id == snippet.host);
    let is_other = |snippet: &&Snippet| {
        shares_environment(snippet) && snippet.source.name != project && !snippet.is_withdrawn()
    };
    let others = case.catalogue.snippets.iter().filter(is_other);
    others
        .filter_map(|snippet| Some((snippet.body.module_name.as_deref()?, snippet)))
        .collect()
}

fn another_entry(case: &PackageContext<'_>, other: &Snippet, module: &Module) -> Diagnostic {
    let message = format!(
        "the wheel installs a module `{}`, which `{}/{}` has already",
        one_line(&module.name),
        other.host,
        other.id
    );
    CODE.at(place(case, module), "overwrites the other one", message)
        .with_secondary(Location::value(&other.path, "/module_name"), format!("the module of `{}`", other.source.name))
        .help("give the module a name of its own: whoever installs both has one of the two, and can not tell which")
}
