//! HTML in a text that is shown as it is.

use super::{Check, Rule};
use shopfront_diagnostics::pointer::Pointer;
use shopfront_diagnostics::{Code, Diagnostic, Location, Part, code};

static CODE: Code = code!("markup-in-text", Error, Files);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Schema,
};

/// The text at `at` holds `markup`.
pub fn diagnostic(path: &str, at: &Pointer, markup: &str) -> Diagnostic {
    let name = shopfront_diagnostics::pointer::field_name(at);
    CODE.at(
        Location::part(path, at.clone(), Part::Value),
        format!("`{markup}` is HTML"),
        format!("{name} holds HTML: it is shown as plain text"),
    )
    .help("write the words alone, and plain characters such as `&` instead of `&amp;`")
}
