//! An entry whose registry was never asked.

use super::source_place;
use super::{Check, Rule};
use crate::catalogue::Snippet;
use crate::diagnostic::{Code, Diagnostic, code};

static CODE: Code = code!("not-asked", Warning, Answers);
/// Its line of the table.
pub(super) static CHECK: Check = Check { code: &CODE, rule: Rule::Publication };

/// There is no answer for `snippet`.
pub(crate) fn found(snippet: &Snippet) -> Diagnostic {
    let message = format!("no registry was asked for `{}` yet: its version is not known", snippet.source.name);
    CODE.at(source_place(snippet), "not asked yet", message).help(format!("{} resolve", crate::program::name()))
}
