//! Flow of a library with credentials.

use shopfront_diagnostics::{Code, Diagnostic, Location, code};

/// Code `credentials-in-flow`.
pub static CODE: Code = code!("credentials-in-flow", Error, Files);

/// Reports the credentials of the node at `place`.
pub fn diagnostic(place: Location) -> Diagnostic {
    CODE.at(place, "everybody would read them", "the node has `credentials`: a published flow gives them to everybody")
        .help("take them out, and change them where they are used: they stand in the history of this repository now")
}
