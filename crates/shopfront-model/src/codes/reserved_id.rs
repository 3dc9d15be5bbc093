//! Id that the site or the API reserves.

use shopfront_diagnostics::{Code, Diagnostic, Location, code};

/// Code `reserved-id`.
pub static CODE: Code = code!("reserved-id", Error, Files);

/// Reports `id`, which is reserved and cannot be the id of `what`.
pub fn diagnostic(path: &str, id: &str, what: &str) -> Diagnostic {
    CODE.at(
        Location::whole(path),
        "a reserved id",
        format!("`{id}` can not be the id of {what}: the store needs that name for itself"),
    )
    .help(format!("call it `{id}-plugin` or the like"))
}

/// Reports the project `name` of a snippet, at `place`, that is `program` itself and not a
/// plugin.
pub fn of_package(place: Location, name: &str, program: &str) -> Diagnostic {
    CODE.at(
        place,
        format!("{program} itself"),
        format!("`{name}` is {program} itself, and no plugin of it"),
    )
    .help("name the module that is meant")
}

/// `id`, at `place`, can not be the id of a category.
pub fn of_category(place: Location, id: &str) -> Diagnostic {
    let stem = id.rsplit_once('.').map_or(id, |(stem, _)| stem);
    CODE.at(
        place,
        "ends like a file",
        format!(
            "`{}` can not be the id of a category: the store needs that name for itself",
            super::one_line(id)
        ),
    )
    .help(format!(
        "call it `{}`, without the ending",
        super::one_line(stem)
    ))
}
