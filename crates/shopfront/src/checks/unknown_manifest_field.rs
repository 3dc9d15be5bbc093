//! A key in a manifest that no host reads.

use super::{Check, Rule};
use crate::diagnostic::{Code, Diagnostic, Place, code};

static CODE: Code = code!("unknown-manifest-field", Warning, Package);
/// Its line of the table.
pub(super) static CHECK: Check = Check { code: &CODE, rule: Rule::Reading };

/// Nobody reads the key at `place`.
pub(crate) fn found(place: Place, message: impl Into<String>) -> Diagnostic {
    CODE.at(place, "read by nobody", message)
}
