//! A file or folder whose name can not be an id.

use super::{Check, Rule};
use shopfront_diagnostics::{Code, Diagnostic, Location, code};
use shopfront_text::names::{MAX_ID_LENGTH, nearest_id};

static CODE: Code = code!("bad-file-name", Error, Files);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Load,
};

/// `stem` can not be the id of `what`.
pub fn diagnostic(path: &str, stem: &str, what: &str) -> Diagnostic {
    let message = if stem.len() > MAX_ID_LENGTH {
        format!("the name of this {what} is longer than {MAX_ID_LENGTH} characters")
    } else {
        format!(
            "`{stem}` can not be the id of {what}: an id has lower-case letters and digits, with single `.`, `_` or `-` between them"
        )
    };
    let better = nearest_id(stem).filter(|better| better != stem);
    CODE.at(Location::whole(path), "no id", message)
        .help_if(better.map(|id| format!("call it `{id}`")))
}
