//! A file of a library whose name editors can not show, or that is of no type they know.

use super::one_line;
use shopfront_diagnostics::{Code, Diagnostic, Location, code};

/// The code.
pub static CODE: Code = code!("bad-library-name", Error, Files);

/// The file at `path` is not where, or not called as, files of a library are.
pub fn diagnostic(path: &str, why: &str) -> Diagnostic {
    CODE.at(Location::whole(path), "not found by editors", format!("`{}` {why}", one_line(path)))
        .help("call it `library/flows/<folder>/<name>.json`, `library/functions/<folder>/<name>.js` or `library/templates/<folder>/<name>.mustache`, with plain letters, digits, blanks and `. _ ( ) + -`")
}
