//! A link in the catalogue: it could show a file that is not in the repository.

use super::{Check, Rule};
use shopfront_diagnostics::{Code, Diagnostic, Location, code};

static CODE: Code = code!("symbolic-link", Error, Files);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Load,
};

/// `path` is a link.
pub fn diagnostic(path: &str) -> Diagnostic {
    CODE.at(
        Location::whole(path),
        "a link",
        format!("`{path}` is a symbolic link"),
    )
    .help("put the file itself there")
}
