//! A licence file that the metadata names and the package does not hold.

use std::collections::BTreeSet;

use super::{Check, PackageContext, Rule, one_line};
use shopfront_diagnostics::{Code, Diagnostic, code};

static CODE: Code = code!("missing-license-file", Error, Package);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Package(run),
};

fn run(case: &PackageContext<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let (Some(metadata), Some(folder)) = (case.metadata(), &case.package.info_folder) else {
        return;
    };
    if !case.package.is_listed_whole() {
        return;
    }
    let held: BTreeSet<&str> = case
        .package
        .scan
        .files()
        .map(|member| member.name.as_str())
        .collect();
    let is_wheel = case.whole_wheel().is_some();
    for field in metadata.all("License-File") {
        let path = field.value.trim();
        // A path that leads elsewhere is told as such.
        if metadata.flaws.iter().any(|flaw| flaw.bytes == field.bytes) {
            continue;
        }
        // PEP 639: in a wheel below `licenses/`. Before it, tools wrote the name alone and put the
        // file beside it.
        let places = if is_wheel {
            let name = path.rsplit('/').next().unwrap_or_default();
            vec![
                format!("{folder}/licenses/{path}"),
                format!("{folder}/{path}"),
                format!("{folder}/{name}"),
            ]
        } else {
            vec![format!("{folder}/{path}")]
        };
        if places.iter().any(|place| held.contains(place.as_str())) {
            continue;
        }
        let message = format!(
            "the metadata names the licence file `{}`, which is not in the package",
            one_line(path)
        );
        diagnostics.push(
            CODE.at(case.place_of(field), "not there", message)
                .help(format!(
                    "add it as `{}`, or take the line out",
                    one_line(&places[0])
                )),
        );
    }
}
