//! A package with a module that another one has already: Python's own, the host's, or another
//! entry's.

use shopfront_diagnostics::{Code, Diagnostic, Location, code};

/// The code.
pub static CODE: Code = code!("shadowing-module", Error, Package);

/// A plugin whose name, at `place`, its host makes the name of a module.
pub fn found_in_name(place: Location, name: &str) -> Diagnostic {
    let message =
        format!("the plugin is called `{name}`, as a module of Python's standard library is");
    CODE.at(place, "takes the place of Python's own", message)
        .help("give the plugin a name of its own: its host puts it among the modules of Python under this one")
}
