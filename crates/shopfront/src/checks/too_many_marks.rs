//! Marks that no letter bears.

use super::{Check, Rule};
use crate::diagnostic::{Code, Diagnostic, Place, code};
use crate::text::{Hidden, MAX_MARKS};

static CODE: Code = code!("too-many-marks", Error, Files);
/// Its line of the table.
pub(super) static CHECK: Check = Check { code: &CODE, rule: Rule::Schema };

/// The text at `place`, which messages call `name`, contains the mark `hidden`, which its letter cannot bear.
pub(super) fn found(place: Place, name: &str, hidden: Hidden) -> Diagnostic {
    let code_point = format!("U+{:04X}", u32::from(hidden.character));
    let message =
        format!("the mark {code_point} in {name} has no letter, repeats the mark before it, or is the {}th on its letter", MAX_MARKS + 1);
    CODE.at(place, format!("contains {code_point}"), message)
        .help(format!("remove it; a letter has at most {MAX_MARKS} marks, all different from the one before"))
}
