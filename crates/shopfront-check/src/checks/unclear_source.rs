//! A source that names no place where releases are, or two.

use serde_json::Value;

use super::{Check, Rule};
use shopfront_diagnostics::{Code, Diagnostic, Location, code};
use shopfront_model::registry_rules;

static CODE: Code = code!("unclear-source", Error, Files);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Schema,
};

/// `source`, of the snippet at `path`, names no registry, or two.
pub fn diagnostic(path: &str, source: &Value) -> Diagnostic {
    let known = registry_rules::ALL.iter().map(|registry| registry.id());
    let named: Vec<String> = known
        .filter(|id| source.get(id).is_some())
        .map(|id| format!("`{id}`"))
        .collect();
    let message = match named.as_slice() {
        [] => "the source names no place where releases are".to_owned(),
        several => format!("the source names {} at once", several.join(" and ")),
    };
    CODE.at(Location::value(path, "/source"), "not one place", message)
        .help("name one, such as `\"archive\": […]`; a second plugin is a second snippet")
}
