//! A character that makes a text look like another one.

use shopfront_diagnostics::{Code, Diagnostic, Location, code};

/// The code.
pub static CODE: Code = code!("bidirectional-character", Error, Files);

/// The text at `place`, which messages call `name`, holds `character`.
pub fn diagnostic(place: Location, name: &str, character: char) -> Diagnostic {
    let code_point = format!("U+{:04X}", u32::from(character));
    CODE.at(
        place,
        format!("holds {code_point}"),
        format!("{name} holds {code_point}, which changes the direction of the text around it"),
    )
    .help("take it out; letters of right-to-left scripts need no such mark")
}
