//! Control character in a text.

use shopfront_diagnostics::{Code, Diagnostic, Location, code};

/// Code `control-character`.
pub static CODE: Code = code!("control-character", Error, Files);

/// Reports `character` in the text at `place`, which messages call `name`.
pub fn diagnostic(place: Location, name: &str, character: char) -> Diagnostic {
    let what = match character {
        '\n' | '\r' | '\u{2028}' | '\u{2029}' => "a line break".to_owned(),
        '\t' => "a tab".to_owned(),
        other => format!("the control character U+{:04X}", u32::from(other)),
    };
    CODE.at(
        place,
        what.clone(),
        format!("{name} holds {what}: it is one line of plain text"),
    )
    .help("write a space instead")
}
