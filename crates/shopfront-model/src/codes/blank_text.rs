//! Text without visible content.

use shopfront_diagnostics::pointer::Pointer;
use shopfront_diagnostics::{Code, Diagnostic, Location, Part, code};

/// Code `blank-text`.
pub static CODE: Code = code!("blank-text", Error, Files);

/// Reports the file `what` at `path` without usable content.
pub fn of_file(path: &str, what: &str) -> Diagnostic {
    CODE.at(
        Location::whole(path),
        "nothing to import",
        format!("{what} is blank"),
    )
    .help("write it, or take the file out")
}

/// Reports an empty or whitespace-only text at `at`.
pub fn diagnostic(path: &str, at: &Pointer) -> Diagnostic {
    let name = shopfront_diagnostics::pointer::field_name(at);
    CODE.at(
        Location::part(path, at.clone(), Part::Value),
        "nothing to read",
        format!("{name} is blank"),
    )
    .help("write something, or take the line out where the field is optional")
}
