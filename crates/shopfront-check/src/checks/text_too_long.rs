//! A text that does not fit where it is shown.

use super::{Check, Rule};
use shopfront_diagnostics::pointer::Pointer;
use shopfront_diagnostics::{Code, Diagnostic, Location, Part, code};

static CODE: Code = code!("text-too-long", Error, Files);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Schema,
};

/// The text at `at` has `count` characters, and may have `most`.
pub fn diagnostic(path: &str, at: &Pointer, count: usize, most: usize) -> Diagnostic {
    let name = shopfront_diagnostics::pointer::field_name(at);
    CODE.at(
        Location::part(path, at.clone(), Part::Value),
        format!("{} too many", count - most),
        format!("{name} has {count} characters, and may have {most}"),
    )
    .help("say the most important in one sentence; the page shows the package's whole README")
}
