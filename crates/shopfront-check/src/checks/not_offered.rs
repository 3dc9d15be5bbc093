//! An entry that could be installed, and that the files which its host reads leave out.

use super::{Check, Rule, one_line};
use shopfront_diagnostics::{Code, Diagnostic, code};
use shopfront_model::adapter::OmittedEntry;
use shopfront_model::adapter::Why;
use shopfront_model::catalogue::Snippet;

static CODE: Code = code!("not-offered", Warning, Answers);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Build,
};

/// `snippet` is `left` out.
pub fn diagnostic(snippet: &Snippet, left: &OmittedEntry) -> Diagnostic {
    let (Why::Useless(why) | Why::ByHand(why)) = &left.why;
    let message = format!(
        "`{}` is not in `{}`: {}",
        snippet.id,
        left.document,
        one_line(why)
    );
    CODE.at(snippet.source_place(), "not offered", message)
}
