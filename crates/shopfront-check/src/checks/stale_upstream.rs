//! Another store that did not answer as it should.

use super::{Check, Rule};
use shopfront_diagnostics::{Code, Diagnostic, Location, code};

static CODE: Code = code!("stale-upstream", Warning, Answers);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Build,
};

/// The upstream store at `index` of `store.json` failed because of `why`; `kept` says what is shown
/// instead.
pub fn diagnostic(index: usize, title: &str, why: &str, kept: &str) -> Diagnostic {
    let place = Location::value("catalogue/store.json", format!("/upstreams/{index}/url"));
    CODE.at(
        place,
        "did not answer as it should",
        format!(
            "the store `{}` could not be read: {}; {kept}",
            super::one_line(title),
            super::one_line(why)
        ),
    )
    .help(format!(
        "{} resolve --refresh",
        shopfront_diagnostics::program::name()
    ))
}
