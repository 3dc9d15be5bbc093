//! A plugin that uses what it does not say that it uses.

use super::{Check, Rule};
use crate::diagnostic::{Code, Diagnostic, Place, code};

static CODE: Code = code!("undeclared-capability", Error, Package);
/// Its line of the table.
pub(super) static CHECK: Check = Check { code: &CODE, rule: Rule::Reading };

/// The capability that is used at `place` is not declared.
pub(crate) fn found(place: Place, label: impl Into<String>, message: impl Into<String>) -> Diagnostic {
    CODE.at(place, label, message)
}
