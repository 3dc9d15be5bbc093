//! An entry point that names what the wheel does not hold.

use super::{Check, PackageContext, Rule, one_line};
use shopfront_diagnostics::{Code, Diagnostic, code};
use shopfront_package::entry_points::EntryPoint;
use shopfront_package::installed::{Found, Installed};

static CODE: Code = code!("broken-entry-point", Error, Package);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Package(run),
};

fn run(case: &PackageContext<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let (Some(entry_points), Some(member)) = (
        &case.package.entry_points,
        case.package.info_member("entry_points.txt"),
    ) else {
        return;
    };
    if case.whole_wheel().is_none() {
        return;
    }
    let groups_of_host = case
        .host
        .map(|host| host.adapter.entry_point_groups())
        .unwrap_or_default();
    let installed = Installed::of(case.package);
    for entry_point in &entry_points.all {
        let is_of_host = groups_of_host.contains(&entry_point.group);
        // Other programs read the other groups, and may give a value another meaning.
        if !is_of_host
            && !matches!(
                entry_point.group.as_str(),
                "console_scripts" | "gui_scripts"
            )
        {
            continue;
        }
        let Some((label, fault)) = fault(case, &installed, entry_point, is_of_host) else {
            continue;
        };
        let message = format!(
            "the entry point `{}` of `{}` {fault}",
            one_line(&entry_point.name),
            one_line(&entry_point.group)
        );
        diagnostics.push(
            CODE.at(case.package.place(&member, entry_point.bytes.clone()), label, message)
                .help("correct it in `pyproject.toml`, or add what is missing to the package, and build it again"),
        );
    }
}

/// Returns the certain problem of `entry_point`, as text that follows its name.
fn fault(
    case: &PackageContext<'_>,
    installed: &Installed<'_>,
    entry_point: &EntryPoint,
    is_of_host: bool,
) -> Option<(&'static str, String)> {
    let (module, attribute) = (&entry_point.module, &entry_point.attribute);
    let source = match installed.find(module) {
        Found::Source(source) => source,
        Found::Opaque => return None,
        Found::Nothing => {
            // A script may start what a dependency brings; a plugin without code of its own is
            // none.
            let root = module.split('.').next().unwrap_or_default();
            let is_of_wheel = installed.find(root) != Found::Nothing;
            let fault = format!(
                "names the module `{}`, which the wheel does not hold",
                one_line(module)
            );
            return (is_of_host || is_of_wheel).then_some(("not in the wheel", fault));
        }
    };
    let bindings = case
        .package
        .bindings
        .get(source)
        .filter(|it| !it.is_open && it.error.is_none())?;
    let first = attribute.split('.').next().unwrap_or_default();
    // npe2 names a file of the package this way; and what is no name of the module may be a module
    // below it.
    let may_be_there = first.is_empty()
        || bindings.names.contains_key(first)
        || installed.find(&format!("{module}.{first}")) != Found::Nothing
        || installed.is_data_of(module, attribute);
    let fault = format!(
        "names `{}`, which the module `{}` does not bind",
        one_line(attribute),
        one_line(module)
    );
    (!may_be_there).then_some(("not bound there", fault))
}
