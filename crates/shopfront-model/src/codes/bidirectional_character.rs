//! Character that changes the text direction, so that a text resembles another one.

use shopfront_diagnostics::{Code, Diagnostic, Location, code};

/// Code `bidirectional-character`.
pub static CODE: Code = code!("bidirectional-character", Error, Files);

/// Reports `character` in the text at `place`, which messages call `name`.
pub fn diagnostic(place: Location, name: &str, character: char) -> Diagnostic {
    let code_point = format!("U+{:04X}", u32::from(character));
    CODE.at(
        place,
        format!("holds {code_point}"),
        format!("{name} holds {code_point}, which changes the direction of the text around it"),
    )
    .help("take it out; letters of right-to-left scripts need no such mark")
}
