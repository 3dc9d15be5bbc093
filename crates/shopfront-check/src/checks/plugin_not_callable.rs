//! A plugin of Forecast in a Box whose `plugin` the backend can not call.

use super::{Check, PackageContext, Rule, one_line};
use shopfront_diagnostics::{Code, Diagnostic, code};
use shopfront_package::bindings::Value;

static CODE: Code = code!("plugin-not-callable", Error, Package);
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
    let Some(binding) = bindings
        .names
        .get("plugin")
        .filter(|_| bindings.error.is_none())
    else {
        return;
    };
    let (label, fault, help) = match &binding.value {
        Value::Literal => (
            "a value",
            "binds `plugin` to a value that can not be called",
            "write `def plugin():`, and return a `fiab_core.plugin.Plugin`",
        ),
        Value::Callable { required: 1.. } => (
            "needs arguments",
            "binds `plugin` to something that can not be called without arguments",
            "give every argument a default, or take them out: the backend calls `plugin()`",
        ),
        Value::Called { name } if name == "Plugin" => (
            "an instance",
            "binds `plugin` to an instance of `Plugin`, which can not be called",
            "write `def plugin():`, and return the instance from it",
        ),
        _ => return,
    };
    let message = format!("the module `{}` {fault}", one_line(&module.name));
    diagnostics.push(
        CODE.at(
            case.package.place(source, binding.bytes.clone()),
            label,
            message,
        )
        .help(help),
    );
}
