//! A character that makes a text look like another one.

use super::{Check, Rule};
use crate::diagnostic::{Code, Diagnostic, Part, Place, code};
use crate::pointer::Pointer;

static CODE: Code = code!("bidirectional-character", Error, Files);
/// Its line of the table.
pub(super) static CHECK: Check = Check { code: &CODE, rule: Rule::Schema };

/// The text at `at` holds `character`.
pub(crate) fn found(path: &str, at: &Pointer, character: char) -> Diagnostic {
    let name = crate::schema::field_name(at);
    let code_point = format!("U+{:04X}", u32::from(character));
    CODE.at(
        Place::part(path, at.clone(), Part::Value),
        format!("holds {code_point}"),
        format!("{name} holds {code_point}, which changes the direction of the text around it"),
    )
    .help("take it out; letters of right-to-left scripts need no such mark")
}
