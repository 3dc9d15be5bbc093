//! A host that no adapter serves.

use super::{Check, Rule};
use shopfront_diagnostics::fix::{Edit, Fix};
use shopfront_diagnostics::pointer::Pointer;
use shopfront_diagnostics::{Code, Diagnostic, Location, code};
use shopfront_text::names::nearest;

static CODE: Code = code!("unknown-kind", Error, Files);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Load,
};

/// `kind` is none of `known`.
pub fn diagnostic(path: &str, kind: &str, known: &[&str]) -> Diagnostic {
    let near = nearest(kind, known.iter().copied());
    let list = known
        .iter()
        .map(|it| format!("`{it}`"))
        .collect::<Vec<_>>()
        .join(", ");
    let help = near.map_or_else(
        || format!("the kinds are: {list}"),
        |near| format!("did you mean `{near}`?"),
    );
    let same = known.iter().find(|it| it.eq_ignore_ascii_case(kind.trim()));
    CODE.at(
        Location::value(path, "/kind"),
        "no such kind",
        format!("no adapter serves hosts of kind `{kind}`"),
    )
    .help(help)
    .fix_if(same.map(|kind| Fix::Edit(Edit::Set(Pointer::new("/kind"), (*kind).into()))))
}
