//! Package with a module name that is already in use: by Python, the host or another entry.

use shopfront_diagnostics::{Code, Diagnostic, Location, code};

/// Code `shadowing-module`.
pub static CODE: Code = code!("shadowing-module", Error, Package);

/// Reports the plugin name at `place`, from which its host creates a module with a taken name.
pub fn found_in_name(place: Location, name: &str) -> Diagnostic {
    let message =
        format!("the plugin is called `{name}`, as a module of Python's standard library is");
    CODE.at(place, "takes the place of Python's own", message)
        .help("give the plugin a name of its own: its host puts it among the modules of Python under this one")
}
