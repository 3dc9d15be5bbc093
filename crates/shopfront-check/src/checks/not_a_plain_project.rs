//! A source that says more than the name of a project.

use super::{Check, Rule};
use shopfront_diagnostics::pointer::Pointer;
use shopfront_diagnostics::{Code, Diagnostic, Location, Part, code};
use shopfront_model::pasted;
use shopfront_model::registry_rules::pypi::Pypi;

static CODE: Code = code!("not-a-plain-project", Error, Files);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Schema,
};

/// The name at `at` is refused.
pub fn diagnostic(path: &str, at: &Pointer, value: &str) -> Diagnostic {
    let what = if value.contains("://") || value.contains('/') {
        "an address or a path"
    } else if value.contains('[') {
        "a name with extras"
    } else if value.contains(['=', '<', '>', '~', '!', '@']) {
        "a name with a version"
    } else {
        "not the name of a project"
    };
    let usual = || "write the project's name on PyPI alone, such as `fiab-plugin-ecmwf`".to_owned();
    CODE.at(
        Location::part(path, at.clone(), Part::Value),
        what,
        format!("`{value}` is not the plain name of a project"),
    )
    .help(pasted::help(&Pypi, value).unwrap_or_else(usual))
}
