//! A module that Python can not read.

use super::context::shown_name;
use super::{Check, PackageContext, Rule, one_line};
use shopfront_diagnostics::{Code, Diagnostic, code};
use shopfront_package::bindings::NEWEST_MINOR;
use shopfront_package::python;

static CODE: Code = code!("malformed-module", Error, Package);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Package(run),
};

fn run(case: &PackageContext<'_>, diagnostics: &mut Vec<Diagnostic>) {
    // What is written for a later Python alone may be sound, in words that the parser does not
    // know.
    let requires = case
        .metadata()
        .and_then(|metadata| metadata.value("Requires-Python"));
    if requires.is_some_and(|it| {
        python::allowed_minors(it)
            .iter()
            .all(|minor| *minor > NEWEST_MINOR)
    }) {
        return;
    }
    for (source, bindings) in &case.package.bindings {
        let Some((bytes, says)) = &bindings.error else {
            continue;
        };
        let message = format!(
            "`{}` is not Python: {}",
            shown_name(source),
            one_line(&as_in_a_sentence(says))
        );
        diagnostics.push(
            CODE.at(case.package.place(source, bytes.clone()), "can not be read on from here", message)
                .help("run `python -m compileall .` in the folder of the source, correct what it tells, and build the package again"),
        );
    }
}

/// The words of the parser begin with a capital, or with code.
fn as_in_a_sentence(says: &str) -> String {
    let mut letters = says.chars();
    let first = letters.next().into_iter().flat_map(char::to_lowercase);
    first.chain(letters).collect()
}
