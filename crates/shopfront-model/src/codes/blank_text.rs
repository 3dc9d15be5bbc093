//! A text in which a reader sees nothing.

use shopfront_diagnostics::pointer::Pointer;
use shopfront_diagnostics::{Code, Diagnostic, Location, Part, code};

/// The code.
pub static CODE: Code = code!("blank-text", Error, Files);

/// `what` at `path` is a file with nothing in it that its reader would use.
pub fn of_file(path: &str, what: &str) -> Diagnostic {
    CODE.at(
        Location::whole(path),
        "nothing to import",
        format!("{what} is blank"),
    )
    .help("write it, or take the file out")
}

/// The text at `at` is empty or only blanks.
pub fn diagnostic(path: &str, at: &Pointer) -> Diagnostic {
    let name = shopfront_diagnostics::pointer::field_name(at);
    CODE.at(
        Location::part(path, at.clone(), Part::Value),
        "nothing to read",
        format!("{name} is blank"),
    )
    .help("write something, or take the line out where the field is optional")
}
