//! An entry whose registry did not answer any more.

use super::source_place;
use super::{Check, Rule};
use crate::answers::{Answer, Trouble};
use crate::catalogue::Snippet;
use crate::diagnostic::{Code, Diagnostic, code};

static CODE: Code = code!("stale-answer", Warning, Answers);
/// Its line of the table.
pub(super) static CHECK: Check = Check { code: &CODE, rule: Rule::Publication };

/// The registry failed since the answer for `snippet` was confirmed.
pub(crate) fn found(snippet: &Snippet, answer: &Answer, trouble: &Trouble) -> Diagnostic {
    let message =
        format!("what is known of `{}` is from {}: {}", snippet.source.name, answer.checked_at, super::one_line(&trouble.message));
    CODE.at(source_place(snippet), "not confirmed since", message).help(format!("{} resolve --refresh", crate::program::name()))
}
