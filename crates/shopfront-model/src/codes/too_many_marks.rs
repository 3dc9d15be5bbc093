//! Combining marks that no letter takes.

use shopfront_diagnostics::{Code, Diagnostic, Location, code};
use shopfront_text::{Hidden, MAX_MARKS};

/// Code `too-many-marks`.
pub static CODE: Code = code!("too-many-marks", Error, Files);

/// Reports the mark `hidden`, which its letter cannot take, in the text at `place`. Messages call
/// the text `name`.
pub fn diagnostic(place: Location, name: &str, hidden: Hidden) -> Diagnostic {
    let code_point = format!("U+{:04X}", u32::from(hidden.character));
    let message = format!(
        "the mark {code_point} in {name} has no letter, repeats the mark before it, or is the {}th on its letter",
        MAX_MARKS + 1
    );
    CODE.at(place, format!("contains {code_point}"), message)
        .help(format!(
            "remove it; a letter has at most {MAX_MARKS} marks, all different from the one before"
        ))
}
