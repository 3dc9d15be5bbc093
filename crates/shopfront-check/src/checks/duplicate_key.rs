//! A key that stands twice in one object: of two values, readers take whichever they like.

use super::{Check, Rule};
use shopfront_diagnostics::{Code, Diagnostic, Place, code};
use shopfront_json::Duplicate;

static CODE: Code = code!("duplicate-key", Error, Files);
/// Its line of the table.
pub(super) static CHECK: Check = Check { code: &CODE, rule: Rule::Reading };

/// One repeated key.
pub fn found(path: &str, duplicate: &Duplicate) -> Diagnostic {
    let name = duplicate.pointer.last();
    let second = Place::bytes(path, duplicate.second.clone(), duplicate.pointer.clone());
    let first = Place::bytes(path, duplicate.first.clone(), duplicate.pointer.clone());
    CODE.at(second, "again here", format!("the key `{name}` stands twice")).and(first, "first here").help("keep one of the two lines")
}
