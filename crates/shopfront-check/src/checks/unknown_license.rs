//! A licence that is no SPDX expression.

use super::{Check, Rule};
use shopfront_diagnostics::pointer::Pointer;
use shopfront_diagnostics::{Code, Diagnostic, Location, Part, code};

static CODE: Code = code!("unknown-license", Error, Files);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Schema,
};

/// The license at `at` is refused because of `fault`; `possible` are the expressions that it can
/// stand for.
pub fn diagnostic(
    path: &str,
    at: &Pointer,
    value: &str,
    fault: &str,
    possible: &[String],
) -> Diagnostic {
    let quoted: Vec<String> = possible.iter().map(|it| format!("`{it}`")).collect();
    let help = match quoted.as_slice() {
        [] => "take an identifier of the SPDX list, join several by `OR` or `AND`, or write `LicenseRef-` and a name for one that is not listed".to_owned(),
        [one] => format!("write {one}"),
        [all @ .., last] => {
            format!("write {} or {last}: the text may mean each of them, and the license file of the package says which", all.join(", "))
        }
    };
    CODE.at(
        Location::part(path, at.clone(), Part::Value),
        fault.to_owned(),
        format!("`{value}` is no SPDX licence expression"),
    )
    .help(help)
}
