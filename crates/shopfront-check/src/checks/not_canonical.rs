//! A file that is not written as `fmt` writes it.

use super::{Check, Rule};
use shopfront_diagnostics::fix::Fix;
use shopfront_diagnostics::{Code, Diagnostic, Location, code};

static CODE: Code = code!("not-canonical", Warning, Files);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Load,
};

/// `text` should be `canonical`; the first line that differs is pointed at.
pub fn diagnostic(path: &str, text: &str, canonical: &str) -> Diagnostic {
    let same: usize = text
        .lines()
        .zip(canonical.lines())
        .take_while(|(a, b)| a == b)
        .map(|(line, _)| line.len() + 1)
        .sum();
    let start = same.min(text.len().saturating_sub(1));
    let start = (0..=start)
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or_default();
    let length = text[start..].find('\n').unwrap_or(text.len() - start);
    let message = if text.contains("\r\n") {
        "the lines of the file end with CR LF, not LF"
    } else {
        "the file is not in its canonical form"
    };
    let place = Location::bytes(
        path,
        start..start + length,
        shopfront_diagnostics::pointer::Pointer::root(),
    );
    CODE.at(place, "`fmt` writes this differently", message)
        .fix(Fix::Form)
}
