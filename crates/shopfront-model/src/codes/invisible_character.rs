//! Character without a visible glyph.

use shopfront_diagnostics::{Code, Diagnostic, Location, code};
use shopfront_text::{Hidden, HiddenKind};

/// Code `invisible-character`.
pub static CODE: Code = code!("invisible-character", Error, Files);

/// Reports `hidden` in the text at `place`, which messages call `name`.
pub fn diagnostic(place: Location, name: &str, hidden: Hidden) -> Diagnostic {
    let code_point = format!("U+{:04X}", u32::from(hidden.character));
    let what = match hidden.kind {
        HiddenKind::Private => "a private-use character, which every system shows differently",
        HiddenKind::Unassigned => "which is not a character of Unicode",
        _ => "which is invisible there",
    };
    let message = format!("{name} contains {code_point}, {what}");
    CODE.at(place, format!("contains {code_point}"), message)
        .help("remove it, or write the text anew")
}
