//! A flow of a library that holds a secret.

use super::{Check, Rule};
use crate::diagnostic::{Code, Diagnostic, Place, code};

static CODE: Code = code!("credentials-in-flow", Error, Files);
/// Its line of the table.
pub(super) static CHECK: Check = Check { code: &CODE, rule: Rule::Reading };

/// The node at `place` has credentials.
pub(crate) fn found(place: Place) -> Diagnostic {
    CODE.at(place, "everybody would read them", "the node has `credentials`: a published flow gives them to everybody")
        .help("take them out, and change them where they are used: they stand in the history of this repository now")
}
