//! A list that is longer than a reader would read.

use super::{Check, Rule};
use shopfront_diagnostics::pointer::Pointer;
use shopfront_diagnostics::{Code, Diagnostic, Location, Part, code};

static CODE: Code = code!("too-many-items", Error, Files);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Schema,
};

/// The list at `at` has `count` items, and may have `most`; the first one too many is pointed at.
pub fn diagnostic(path: &str, at: &Pointer, count: usize, most: usize) -> Diagnostic {
    let name = shopfront_diagnostics::pointer::field_name(at);
    let message = format!("{name} has {count} items, and may have {most}");
    CODE.at(
        Location::part(path, at.index(most), Part::Value),
        "the first one too many",
        message,
    )
    .help(format!("keep the {most} that matter most"))
}
