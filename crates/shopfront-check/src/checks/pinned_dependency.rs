//! A package that takes one version of another project and no other.

use super::{Check, PackageContext, Rule, one_line};
use shopfront_diagnostics::{Code, Diagnostic, code};
use shopfront_package::metadata::Field;
use shopfront_package::requirement;

static CODE: Code = code!("pinned-dependency", Warning, Package);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Package(run),
};

/// A package that pins everything is told of so many.
const MOST: usize = 5;

fn run(case: &PackageContext<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let Some(metadata) = case.metadata() else {
        return;
    };
    let host = case.host_project();
    // A pin of the host is told by `host-excluded` and `wrong-core-range`, where it does harm.
    let is_of_host = |field: &Field| {
        host.as_ref()
            .is_some_and(|host| requirement::project_of(&field.value) == host.name)
    };
    // Behind a marker it is a workaround for some machines, or belongs to an extra that users do
    // not install.
    let counts = |field: &&Field| !requirement::is_conditional(&field.value) && !is_of_host(field);
    let pins: Vec<(&Field, String)> = metadata
        .all("Requires-Dist")
        .filter(counts)
        .filter_map(|field| Some((field, requirement::pin(&field.value)?)))
        .collect();
    let Some((first, pin)) = pins.first() else {
        return;
    };
    let more = match pins.len() {
        1 => String::new(),
        count => format!(", and pins {} more", count - 1),
    };
    let message = format!(
        "the package takes `{}` in one version only, `{}`{more}",
        requirement::project_of(&first.value),
        one_line(pin)
    );
    let mut diagnostic = CODE
        .at(case.place_of(first), "one version only", message)
        .help(
            "require the oldest version that works (`>=`), and leave exact versions to a lock file",
        );
    for (field, _) in pins.iter().skip(1).take(MOST) {
        diagnostic = diagnostic.with_secondary(case.place_of(field), "so does this");
    }
    diagnostics.push(diagnostic);
}
