//! File of a library whose name or type editors cannot show.

use super::one_line;
use shopfront_diagnostics::{Code, Diagnostic, Location, code};

/// Code `bad-library-name`.
pub static CODE: Code = code!("bad-library-name", Error, Files);

/// Reports the library file at `path` with a wrong location or name.
pub fn diagnostic(path: &str, why: &str) -> Diagnostic {
    CODE.at(Location::whole(path), "not found by editors", format!("`{}` {why}", one_line(path)))
        .help("call it `library/flows/<folder>/<name>.json`, `library/functions/<folder>/<name>.js` or `library/templates/<folder>/<name>.mustache`, with plain letters, digits, blanks and `. _ ( ) + -`")
}
