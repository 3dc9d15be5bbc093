//! A file of a library whose name editors can not show, or that is of no type they know.

use super::{Check, Rule, one_line};
use crate::diagnostic::{Code, Diagnostic, Place, code};

static CODE: Code = code!("bad-library-name", Error, Files);
/// Its line of the table.
pub(super) static CHECK: Check = Check { code: &CODE, rule: Rule::Reading };

/// The file at `path` is not where, or not called as, files of a library are.
pub(crate) fn found(path: &str, why: &str) -> Diagnostic {
    CODE.at(Place::whole(path), "not found by editors", format!("`{}` {why}", one_line(path)))
        .help("call it `library/flows/<folder>/<name>.json`, `library/functions/<folder>/<name>.js` or `library/templates/<folder>/<name>`, with plain letters, digits, blanks and `. _ ( ) + -`")
}
