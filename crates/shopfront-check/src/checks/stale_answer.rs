//! An entry whose registry did not answer any more.

use super::{Check, Rule};
use shopfront_diagnostics::{Code, Diagnostic, Location, code};
use shopfront_model::answers::{Answer, Trouble};

static CODE: Code = code!("stale-answer", Warning, Answers);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Build,
};

/// The registry failed since the answer for a project, which is named at `place`, was confirmed.
pub fn diagnostic(place: Location, answer: &Answer, trouble: &Trouble) -> Diagnostic {
    let message = format!(
        "what is known of `{}` is from {}: {}",
        answer.name,
        answer.checked_at,
        super::one_line(&trouble.message)
    );
    CODE.at(place, "not confirmed since", message).help(format!(
        "{} resolve --refresh",
        shopfront_diagnostics::program::name()
    ))
}
