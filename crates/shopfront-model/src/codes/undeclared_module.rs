//! A flow of a library that uses nodes of a module that nobody can install from it.

use super::one_line;
use shopfront_diagnostics::{Code, Diagnostic, Location, code};

/// Its name, for who mends it.
pub const NAME: &str = "undeclared-module";
/// The code.
pub static CODE: Code = code!("undeclared-module", Error, Files);

/// The node at `place` has the type `name`, which is not Node-RED's own, and the flow names no
/// module.
pub fn diagnostic(place: Location, name: &str) -> Diagnostic {
    let name = one_line(name);
    CODE.at(place, "of no module that the flow names", format!("the flow uses `{name}`, and does not say which module has it"))
        .help(format!(
            "add a node `{{\"id\": …, \"type\": \"global-config\", \"modules\": {{\"<module>\": \"<version>\"}}}}`: the editor then offers to \
             install it; `{} check --fix` does so where one listed module has the type",
            shopfront_diagnostics::program::name()
        ))
}

/// The flow names the module `name` at `place`, which this store does not list.
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

/// The node at `place` has the type `name`, which none of the modules that the flow names has;
/// `owners` are listed, and have it.
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
