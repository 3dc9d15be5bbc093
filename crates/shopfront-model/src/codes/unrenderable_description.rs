//! A long description in another language than its type says, or one that costs too much to render.

use shopfront_diagnostics::{Code, Diagnostic, Location, code};
use shopfront_markdown::readme::Excess;

/// The code.
pub static CODE: Code = code!("unrenderable-description", Warning, Package);

/// The long description at `place` exceeds its budget.
pub fn diagnostic(place: Location, excess: Excess) -> Diagnostic {
    let message = format!("the long description is shown as it was written: {excess}");
    let help = match excess {
        Excess::Depth => "close lists and quotes with a blank line, and indent less",
        Excess::Steps => "close every tag that the text opens, and nest fewer of them",
        Excess::Size => "shorten it, and link to the rest",
    };
    CODE.at(place, "too costly to render", message).help(help)
}
