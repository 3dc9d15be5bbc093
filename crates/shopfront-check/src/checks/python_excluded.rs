//! A package that can not be installed on the Pythons that its host runs on.

use super::{Check, PackageContext, Rule, one_line};
use shopfront_diagnostics::{Code, Diagnostic, code};
use shopfront_model::adapter::HostVersions;
use shopfront_package::python;

static CODE: Code = code!("python-excluded", Error, Package);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Package(run),
};

fn run(case: &PackageContext<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let (Some(metadata), Some(host)) = (case.metadata(), case.host) else {
        return;
    };
    let Some(field) = metadata.one("Requires-Python") else {
        return;
    };
    let allowed = python::allowed_minors(&field.value);
    let of_host = of_host(case);
    let (shared, excluded): (Vec<u64>, Vec<u64>) =
        of_host.iter().partition(|minor| allowed.contains(minor));
    // A backend may run on any of its own Pythons, and whoever installs the plugin there can not
    // choose another. Users of other applications can.
    let has_its_own = host.adapter.own_pythons().is_some();
    let is_harmed = if has_its_own {
        !excluded.is_empty()
    } else {
        shared.is_empty() && !of_host.is_empty()
    };
    if !is_harmed {
        return;
    }
    let message = format!(
        "the package requires Python `{}`, which excludes {} of those that {} runs on ({})",
        one_line(&field.value),
        if shared.is_empty() {
            "all".to_owned()
        } else {
            python::written(&excluded)
        },
        one_line(&host.body.title),
        python::written(&of_host)
    );
    diagnostics.push(
        CODE.at(
            case.place_of(field),
            "excludes Pythons of the host",
            message,
        )
        .help("widen `requires-python` in `pyproject.toml`, and test the package there"),
    );
}

/// The minor versions of Python 3 that the host of `case` runs on.
fn of_host(case: &PackageContext<'_>) -> Vec<u64> {
    let HostVersions {
        requires_python, ..
    } = case.versions;
    let allowed = requires_python.as_deref().map(python::allowed_minors);
    let own = case
        .host
        .and_then(|host| host.adapter.own_pythons())
        .into_iter()
        .flatten();
    match own
        .filter(|minor| allowed.as_ref().is_none_or(|it| it.contains(minor)))
        .collect::<Vec<_>>()
    {
        pythons if pythons.is_empty() => allowed.unwrap_or_default(),
        pythons => pythons,
    }
}
