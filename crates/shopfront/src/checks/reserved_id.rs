//! An id that the site or the API needs for itself.

use super::{Check, Rule, source_place};
use crate::catalogue::Snippet;
use crate::diagnostic::{Code, Diagnostic, Place, code};

static CODE: Code = code!("reserved-id", Error, Files);
/// Its line of the table.
pub(super) static CHECK: Check = Check { code: &CODE, rule: Rule::Reading };

/// `id` can not be the id of `what`.
pub(crate) fn found(path: &str, id: &str, what: &str) -> Diagnostic {
    CODE.at(Place::whole(path), "a reserved id", format!("`{id}` can not be the id of {what}: the store needs that name for itself"))
        .help(format!("call it `{id}-plugin` or the like"))
}

/// The project of `snippet` is `program` itself, and no plugin of it.
pub(crate) fn of_package(snippet: &Snippet, program: &str) -> Diagnostic {
    let name = &snippet.source.name;
    CODE.at(source_place(snippet), format!("{program} itself"), format!("`{name}` is {program} itself, and no plugin of it"))
        .help("name the module that is meant")
}
