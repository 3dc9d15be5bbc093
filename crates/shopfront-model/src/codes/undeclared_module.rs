//! Flow of a library with nodes of a module that users cannot install from it.

use super::one_line;
use shopfront_diagnostics::{Code, Diagnostic, Location, code};

/// Name of the code, for `--fix`.
pub const NAME: &str = "undeclared-module";
/// Code `undeclared-module`.
pub static CODE: Code = code!("undeclared-module", Error, Files);

/// Reports the node at `place` with the type `name`, which is not Node-RED's own, in a flow that
/// names no module.
pub fn diagnostic(place: Location, name: &str) -> Diagnostic {
    let name = one_line(name);
    CODE.at(place, "of no module that the flow names", format!("the flow uses `{name}`, and does not say which module has it"))
        .help(format!(
            "add a node `{{\"id\": …, \"type\": \"global-config\", \"modules\": {{\"<module>\": \"<version>\"}}}}`: the editor then offers to \
             install it; `{} check --fix` does so where one listed module has the type",
            shopfront_diagnostics::program::name()
        ))
}

/// Reports the module `name`, which the flow names at `place` and this store does not list.
pub fn not_listed(place: Location, name: &str) -> Diagnostic {
    let name = one_line(name);
    CODE.at(
        place,
        "not listed here",
        format!("the flow needs the module `{name}`, which this host does not list"),
    )
    .help(format!(
        "list it first: add the snippet of `{name}`, or a flow without it"
    ))
}

/// Reports the node at `place` with the type `name`, which no module named by the flow has.
/// `owners` are the listed modules that have it.
pub fn of_another(place: Location, name: &str, owners: &[&str]) -> Diagnostic {
    let name = one_line(name);
    let help = match owners {
        [owner] => format!(
            "name `{owner}` in `modules` too: `{} check --fix` does so",
            shopfront_diagnostics::program::name()
        ),
        [] => "name the module that has it in `modules`, and list that module".to_owned(),
        several => format!(
            "name the one that is meant in `modules`: {}",
            several.join(", ")
        ),
    };
    CODE.at(
        place,
        "of none of its modules",
        format!("the flow uses `{name}`, which none of the modules that it names has"),
    )
    .help(help)
    .by_answers()
}
