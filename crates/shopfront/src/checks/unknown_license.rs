//! A licence that is no SPDX expression.

use super::{Check, Rule};
use crate::diagnostic::{Code, Diagnostic, Part, Place, code};
use crate::pointer::Pointer;

static CODE: Code = code!("unknown-license", Error, Files);
/// Its line of the table.
pub(super) static CHECK: Check = Check { code: &CODE, rule: Rule::Schema };

/// The licence at `at` is refused because of `fault`; `better` is what was probably meant.
pub(crate) fn found(path: &str, at: &Pointer, value: &str, fault: &str, better: Option<String>) -> Diagnostic {
    let help = better.map_or_else(
        || "take an identifier of the SPDX list, join several by `OR` or `AND`, or write `LicenseRef-` and a name for one that is not listed".to_owned(),
        |better| format!("write `{better}`"),
    );
    CODE.at(Place::part(path, at.clone(), Part::Value), fault.to_owned(), format!("`{value}` is no SPDX licence expression")).help(help)
}
