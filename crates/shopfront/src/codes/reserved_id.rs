//! An id that the site or the API needs for itself.

use super::source_place;
use crate::catalogue::Snippet;
use crate::diagnostic::{Code, Diagnostic, Place, code};

/// The code.
pub static CODE: Code = code!("reserved-id", Error, Files);

/// `id` can not be the id of `what`.
pub fn found(path: &str, id: &str, what: &str) -> Diagnostic {
    CODE.at(Place::whole(path), "a reserved id", format!("`{id}` can not be the id of {what}: the store needs that name for itself"))
        .help(format!("call it `{id}-plugin` or the like"))
}

/// The project of `snippet` is `program` itself, and no plugin of it.
pub fn of_package(snippet: &Snippet, program: &str) -> Diagnostic {
    let name = &snippet.source.name;
    CODE.at(source_place(snippet), format!("{program} itself"), format!("`{name}` is {program} itself, and no plugin of it"))
        .help("name the module that is meant")
}
