//! An id that the site or the API needs for itself.

use super::{Check, Rule};
use crate::diagnostic::{Code, Diagnostic, Place, code};

static CODE: Code = code!("reserved-id", Error, Files);
/// Its line of the table.
pub(super) static CHECK: Check = Check { code: &CODE, rule: Rule::Reading };

/// `id` can not be the id of `what`.
pub(crate) fn found(path: &str, id: &str, what: &str) -> Diagnostic {
    CODE.at(Place::whole(path), "a reserved id", format!("`{id}` can not be the id of {what}: the store needs that name for itself"))
        .help(format!("call it `{id}-plugin` or the like"))
}
