//! A flow of a library that the editor can not import.

use super::{Check, Rule};
use crate::diagnostic::{Code, Diagnostic, Place, code};

static CODE: Code = code!("malformed-flow", Error, Files);
/// Its line of the table.
pub(super) static CHECK: Check = Check { code: &CODE, rule: Rule::Reading };

/// What stands at `place` is no part of a flow.
pub(crate) fn found(place: Place, label: &str, message: String) -> Diagnostic {
    CODE.at(place, label, message).help("export the flow from the editor again, as JSON, and put that file here")
}
