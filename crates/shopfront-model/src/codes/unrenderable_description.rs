//! Long description whose declared type is wrong, or that is too costly to render.

use shopfront_diagnostics::{Code, Diagnostic, Location, code};
use shopfront_markdown::readme::Excess;

/// Code `unrenderable-description`.
pub static CODE: Code = code!("unrenderable-description", Warning, Package);

/// Reports the long description at `place`, which exceeds its budget.
pub fn diagnostic(place: Location, excess: Excess) -> Diagnostic {
    let message = format!("the long description is shown as it was written: {excess}");
    let help = match excess {
        Excess::Depth => "close lists and quotes with a blank line, and indent less",
        Excess::Steps => "close every tag that the text opens, and nest fewer of them",
        Excess::Size => "shorten it, and link to the rest",
    };
    CODE.at(place, "too costly to render", message).help(help)
}
