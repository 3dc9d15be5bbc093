//! A field that nothing reads, most often a misspelt one.

use super::{Check, Rule};
use shopfront_diagnostics::pointer::Pointer;
use shopfront_diagnostics::{Code, Diagnostic, Location, Part, code};
use shopfront_text::names::nearest;

static CODE: Code = code!("unknown-field", Error, Files);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Schema,
};

/// The object at `at` has a `field` that is none of `known`.
pub fn diagnostic(path: &str, at: &Pointer, field: &str, known: &[&str]) -> Diagnostic {
    let near = nearest(field, known.iter().copied());
    let list = known
        .iter()
        .map(|it| format!("`{it}`"))
        .collect::<Vec<_>>()
        .join(", ");
    let help = near.map_or_else(
        || format!("the fields are: {list}"),
        |near| format!("did you mean `{near}`?"),
    );
    CODE.at(
        Location::part(path, at.key(field), Part::Key),
        "no such field",
        format!("no field is called `{field}`"),
    )
    .help(help)
}
