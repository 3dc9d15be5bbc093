//! A plugin of Forecast in a Box whose module has nothing that the backend could call.

use super::{Check, PackageContext, Rule, one_line};
use shopfront_diagnostics::{Code, Diagnostic, code};
use shopfront_package::bindings::{Binding, Value};

static CODE: Code = code!("no-plugin-binding", Error, Package);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Package(run),
};

fn run(case: &PackageContext<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let Some(module) = case
        .own_module()
        .filter(|_| case.is_of_host(|adapter| adapter.loads_by_project_name()))
    else {
        return;
    };
    let Some((source, bindings)) = module
        .source
        .as_ref()
        .and_then(|source| Some((source, case.package.bindings.get(source)?)))
    else {
        return;
    };
    // Of a source that can not be read, or that takes its names from elsewhere, nobody can say what
    // it binds.
    if bindings.is_open || bindings.error.is_some() || bindings.names.contains_key("plugin") {
        return;
    }
    // Of an imported name nobody knows whether it can be called.
    let is_near = |(name, binding): &(&String, &Binding)| {
        binding.value == Value::Callable { required: 0 }
            && name.to_ascii_lowercase().contains("plugin")
    };
    let help = match bindings.names.iter().find(is_near) {
        Some((name, _)) => format!("add `plugin = {}`, or give it that name", one_line(name)),
        None => {
            "add a function `def plugin():` that returns a `fiab_core.plugin.Plugin`".to_owned()
        }
    };
    let message = format!(
        "the module `{}` does not bind `plugin`",
        one_line(&module.name)
    );
    diagnostics.push(
        CODE.at(case.package.whole_member(source), "no `plugin`", message)
            .help(help),
    );
}
