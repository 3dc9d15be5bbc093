//! A character that moves the cursor instead of being read.

use super::{Check, Rule};
use crate::diagnostic::{Code, Diagnostic, Part, Place, code};
use crate::pointer::Pointer;

static CODE: Code = code!("control-character", Error, Files);
/// Its line of the table.
pub(super) static CHECK: Check = Check { code: &CODE, rule: Rule::Schema };

/// The text at `at` holds `character`.
pub(crate) fn found(path: &str, at: &Pointer, character: char) -> Diagnostic {
    let name = crate::schema::field_name(at);
    let what = match character {
        '\n' | '\r' | '\u{2028}' | '\u{2029}' => "a line break".to_owned(),
        '\t' => "a tab".to_owned(),
        other => format!("the control character U+{:04X}", u32::from(other)),
    };
    CODE.at(Place::part(path, at.clone(), Part::Value), what.clone(), format!("{name} holds {what}: it is one line of plain text"))
        .help("write a space instead")
}
