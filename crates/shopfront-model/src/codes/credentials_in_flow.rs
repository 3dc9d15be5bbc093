//! A flow of a library that holds a secret.

use shopfront_diagnostics::{Code, Diagnostic, Location, code};

/// The code.
pub static CODE: Code = code!("credentials-in-flow", Error, Files);

/// The node at `place` has credentials.
pub fn diagnostic(place: Location) -> Diagnostic {
    CODE.at(place, "everybody would read them", "the node has `credentials`: a published flow gives them to everybody")
        .help("take them out, and change them where they are used: they stand in the history of this repository now")
}
