//! An entry that could be installed, and that the files which its host reads leave out.

use super::{Check, Rule, one_line, source_place};
use crate::catalogue::Snippet;
use crate::diagnostic::{Code, Diagnostic, code};
use crate::adapter::Why;
use crate::adapter::LeftOut;

static CODE: Code = code!("not-offered", Warning, Answers);
/// Its line of the table.
pub(super) static CHECK: Check = Check { code: &CODE, rule: Rule::Publication };

/// `snippet` is `left` out.
pub(crate) fn found(snippet: &Snippet, left: &LeftOut) -> Diagnostic {
    let (Why::Useless(why) | Why::ByHand(why)) = &left.why;
    let message = format!("`{}` is not in `{}`: {}", snippet.id, left.document, one_line(why));
    CODE.at(source_place(snippet), "not offered", message)
}
