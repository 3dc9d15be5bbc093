//! A folder of snippets that belongs to no host.

use super::{Check, Rule};
use shopfront_diagnostics::{Code, Diagnostic, Location, code};

static CODE: Code = code!("missing-host", Error, Files);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Load,
};

/// `folder` has no `host.json`; `path` is the first file in it.
pub fn diagnostic(folder: &str, path: &str) -> Diagnostic {
    CODE.at(
        Location::whole(path),
        "belongs to no host",
        format!("the folder `{folder}` has no `host.json`"),
    )
    .help(format!(
        "write `{folder}/host.json`, or move the snippets into the folder of their host"
    ))
}
