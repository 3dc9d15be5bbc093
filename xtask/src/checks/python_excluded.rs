//! A package that can not be installed on the Pythons that its host runs on.

use super::{Check, PackageCase, Rule, one_line};
use crate::diagnostic::{Code, Diagnostic, code};
use crate::kinds::HostVersions;
use crate::python;

static CODE: Code = code!("python-excluded", Error, Package);
/// Its line of the table.
pub(super) static CHECK: Check = Check { code: &CODE, rule: Rule::Package(run) };

/// The minor versions of Python 3 that the released backends of Forecast in a Box run on.
const OF_FORECAST_IN_A_BOX: std::ops::RangeInclusive<u64> = 11..=13;

fn run(case: &PackageCase<'_>, found: &mut Vec<Diagnostic>) {
    let (Some(metadata), Some(host)) = (case.metadata(), case.host) else { return };
    let Some(field) = metadata.one("Requires-Python") else { return };
    let allowed = python::allowed_minors(&field.value);
    let of_host = of_host(case);
    let (shared, excluded): (Vec<u64>, Vec<u64>) = of_host.iter().partition(|minor| allowed.contains(minor));
    // A backend may run on any of its Pythons, and whoever installs the plugin there can not choose another. Users of
    // other applications can.
    let is_harmed = if case.is_kind("fiab") { !excluded.is_empty() } else { shared.is_empty() && !of_host.is_empty() };
    if !is_harmed {
        return;
    }
    let message = format!(
        "the package requires Python `{}`, which excludes {} of those that {} runs on ({})",
        one_line(&field.value),
        if shared.is_empty() { "all".to_owned() } else { python::written(&excluded) },
        one_line(&host.body.title),
        python::written(&of_host)
    );
    found.push(
        CODE.at(case.place_of(field), "excludes Pythons of the host", message)
            .help("widen `requires-python` in `pyproject.toml`, and test the package there"),
    );
}

/// The minor versions of Python 3 that the host of `case` runs on.
fn of_host(case: &PackageCase<'_>) -> Vec<u64> {
    let HostVersions { requires_python, .. } = case.versions;
    let allowed = requires_python.as_deref().map(python::allowed_minors);
    if !case.is_kind("fiab") {
        return allowed.unwrap_or_default();
    }
    // The core says `>=3.11` and means it for all time to come; the backend is installed with a Python of its own.
    let of_backend = || OF_FORECAST_IN_A_BOX.filter(|minor| allowed.as_ref().is_none_or(|it| it.contains(minor))).collect::<Vec<_>>();
    match of_backend() {
        pythons if pythons.is_empty() => allowed.unwrap_or_default(),
        pythons => pythons,
    }
}
