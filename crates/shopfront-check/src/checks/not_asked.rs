//! An entry whose registry was never asked.

use super::{Check, Rule};
use shopfront_diagnostics::{Code, Diagnostic, code};
use shopfront_model::catalogue::Snippet;

static CODE: Code = code!("not-asked", Warning, Answers);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Build,
};

/// There is no answer for `snippet`.
pub fn diagnostic(snippet: &Snippet) -> Diagnostic {
    let message = format!(
        "no registry was asked for `{}` yet: its version is not known",
        snippet.source.name
    );
    CODE.at(snippet.source_place(), "not asked yet", message)
        .help(format!(
            "{} resolve",
            shopfront_diagnostics::program::name()
        ))
}
