//! A package without a file that its host needs.

use super::{Check, Rule};
use crate::diagnostic::{Code, Diagnostic, Place, code};

static CODE: Code = code!("missing-member", Error, Package);
/// Its line of the table.
pub(super) static CHECK: Check = Check { code: &CODE, rule: Rule::Reading };

/// A file that the host needs is not in the package; `place` is what asks for it, else the package as a whole.
pub(crate) fn found(place: Place, label: impl Into<String>, message: impl Into<String>) -> Diagnostic {
    CODE.at(place, label, message)
}
