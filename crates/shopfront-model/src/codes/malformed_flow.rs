//! A flow of a library that the editor can not import.

use shopfront_diagnostics::{Code, Diagnostic, Location, code};

/// The code.
pub static CODE: Code = code!("malformed-flow", Error, Files);

/// What stands at `place` is no part of a flow.
pub fn diagnostic(place: Location, label: &str, message: String) -> Diagnostic {
    CODE.at(place, label, message)
        .help("export the flow from the editor again, as JSON, and put that file here")
}
