//! A package that its host does not find, for it offers nothing to it.

use super::{Check, PackageContext, Rule, one_line};
use shopfront_diagnostics::{Code, Diagnostic, code};
use shopfront_text::names::nearest;
use shopfront_text::{toml_key, toml_string};

static CODE: Code = code!("no-entry-point", Error, Package);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Package(run),
};

fn run(case: &PackageContext<'_>, diagnostics: &mut Vec<Diagnostic>) {
    // A wheel without any module is told by `no-module`, one without metadata or with broken lines
    // by those.
    let is_broken = case
        .package
        .entry_points
        .as_ref()
        .is_some_and(|it| !it.flaws.is_empty())
        || case.package.info_folder.is_none();
    let is_looked_at =
        case.whole_wheel().is_some() && !case.package.modules.is_empty() && !is_broken;
    let Some(host) = case.host.filter(|_| is_looked_at) else {
        return;
    };
    let Some(group) = host.adapter.entry_point_groups().first() else {
        return;
    };
    let entry_points = case.package.entry_points.as_ref();
    let mut groups = entry_points
        .iter()
        .flat_map(|it| &it.all)
        .map(|it| it.group.as_str());
    if case.declares_entry_point() {
        return;
    }
    let message = format!(
        "the wheel has no entry point of the group `{group}`, by which {} finds its plugins",
        one_line(&host.body.title)
    );
    let member = case
        .package
        .info_member("entry_points.txt")
        .filter(|_| entry_points.is_some());
    let place = member.map_or_else(
        || case.package.whole(),
        |member| case.package.whole_member(&member),
    );
    let module = case
        .package
        .modules
        .first()
        .map_or_else(|| "example".to_owned(), |module| one_line(&module.name));
    let help = match nearest(group, &mut groups) {
        Some(near) => format!("call the group `{group}`, not `{}`", one_line(near)),
        None => {
            let (group, name, value) = (
                toml_key(group),
                toml_key(&module.replace('.', "_")),
                toml_string(&module),
            );
            format!(
                "add `[project.entry-points.{group}]` with `{name} = {value}` to `pyproject.toml`"
            )
        }
    };
    diagnostics.push(CODE.at(place, "nothing for the host", message).help(help));
}
