//! A file of a package that the installer of its host leaves out without a word.

use super::{Check, Rule};
use crate::diagnostic::{Code, Diagnostic, Place, code};

static CODE: Code = code!("skipped-member", Error, Package);
/// Its line of the table.
pub(super) static CHECK: Check = Check { code: &CODE, rule: Rule::Reading };

/// The member at `place` is not unpacked.
pub(crate) fn found(place: Place, label: impl Into<String>, message: impl Into<String>) -> Diagnostic {
    CODE.at(place, label, message)
}
