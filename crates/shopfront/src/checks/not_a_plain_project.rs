//! A source that says more than the name of a project.

use super::{Check, Rule};
use crate::diagnostic::{Code, Diagnostic, Part, Place, code};
use crate::pointer::Pointer;

static CODE: Code = code!("not-a-plain-project", Error, Files);
/// Its line of the table.
pub(super) static CHECK: Check = Check { code: &CODE, rule: Rule::Schema };

/// The name at `at` is refused.
pub(crate) fn found(path: &str, at: &Pointer, value: &str) -> Diagnostic {
    let stem: String = value
        .rsplit('/')
        .next()
        .unwrap_or_default()
        .chars()
        .take_while(|it| it.is_ascii_alphanumeric() || matches!(it, '.' | '_' | '-'))
        .collect();
    let what = if value.contains("://") || value.contains('/') {
        "an address or a path"
    } else if value.contains('[') {
        "a name with extras"
    } else if value.contains(['=', '<', '>', '~', '!', '@']) {
        "a name with a version"
    } else {
        "not the name of a project"
    };
    let is_name = crate::names::is_project(&stem) && !value.contains('/');
    CODE.at(Place::part(path, at.clone(), Part::Value), what, format!("`{value}` is not the plain name of a project")).help(if is_name {
        format!("write `{}`", crate::names::normal_project(&stem))
    } else {
        "write the project's name on PyPI alone, such as `fiab-plugin-ecmwf`".to_owned()
    })
}
