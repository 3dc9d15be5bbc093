//! Flow of a library that the editor cannot import.

use shopfront_diagnostics::{Code, Diagnostic, Location, code};

/// Code `malformed-flow`.
pub static CODE: Code = code!("malformed-flow", Error, Files);

/// Reports content at `place` that is not a valid part of a flow.
pub fn diagnostic(place: Location, label: &str, message: String) -> Diagnostic {
    CODE.at(place, label, message)
        .help("export the flow from the editor again, as JSON, and put that file here")
}
