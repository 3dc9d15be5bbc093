//! A manifest that can not be read at all: its bytes, its syntax.

use super::{Check, Rule};
use crate::diagnostic::{Code, Diagnostic, Place, code};

static CODE: Code = code!("malformed-manifest", Error, Package);
/// Its line of the table.
pub(super) static CHECK: Check = Check { code: &CODE, rule: Rule::Reading };

/// The text at `place` can not be read.
pub(crate) fn found(place: Place, label: impl Into<String>, message: impl Into<String>) -> Diagnostic {
    CODE.at(place, label, message)
}
