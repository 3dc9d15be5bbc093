//! A manifest without a field that its host needs.

use super::{Check, Rule};
use crate::diagnostic::{Code, Diagnostic, Place, code};

static CODE: Code = code!("missing-manifest-field", Error, Package);
/// Its line of the table.
pub(super) static CHECK: Check = Check { code: &CODE, rule: Rule::Reading };

/// The manifest lacks a field; `place` is where it would stand.
pub(crate) fn found(place: Place, label: impl Into<String>, message: impl Into<String>) -> Diagnostic {
    CODE.at(place, label, message)
}
