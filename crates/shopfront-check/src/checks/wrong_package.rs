//! A package of the store that is not the one that its snippet says.

use super::{Check, Rule};
use shopfront_diagnostics::{Code, Diagnostic, Location, code};

static CODE: Code = code!("wrong-package", Error, Files);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Load,
};

/// The package `file` has the SHA-256 `actual`, and at `place` another one is written.
pub fn diagnostic(place: Location, file: &str, actual: &str) -> Diagnostic {
    CODE.at(place, "of another file", format!("the package `{file}` has another SHA-256")).help(format!(
        "when the file is the one that you mean, write `{actual}`; a version that users may have keeps its file, and a changed one is a new version"
    ))
}

/// The package `file`, which is named at `place`, is not called like one of its host.
pub fn of_name(place: Location, file: &str, endings: &str) -> Diagnostic {
    CODE.at(
        place,
        "another form",
        format!("`{file}` is not called like a package of this host"),
    )
    .help(format!("names of such files end with {endings}"))
}
