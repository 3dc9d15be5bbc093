//! A package without the files that say what it is.

use super::{Check, PackageContext, Rule, one_line};
use shopfront_diagnostics::{Code, Diagnostic, code};
use shopfront_package::file_name::FileName;

static CODE: Code = code!("missing-metadata", Error, Package);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Package(run),
};

fn run(case: &PackageContext<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let package = case.package;
    if !package.is_listed_whole() {
        return;
    }
    let is_wheel = matches!(package.file_name, FileName::Wheel(_));
    let Some(folder) = &package.info_folder else {
        let message = if is_wheel {
            "the wheel has no `.dist-info` folder, so nothing says what it is"
        } else {
            "the source distribution has no folder with a `PKG-INFO`, so nothing says what it is"
        };
        let help = "build it with a build tool: `python -m build`";
        return diagnostics.push(CODE.at(package.whole(), "no metadata", message).help(help));
    };
    // The folder of a source distribution is known by its `PKG-INFO`.
    for file in ["METADATA", "WHEEL"].into_iter().filter(|_| is_wheel) {
        let member = format!("{folder}/{file}");
        if package.scan.member(&member).is_none() {
            let message = format!("the wheel has no `{}`", one_line(&member));
            let help = "build it again with a build tool: `python -m build`; a folder that was zipped by hand is no wheel";
            diagnostics.push(
                CODE.at(package.whole(), format!("no `{file}`"), message)
                    .help(help),
            );
        }
    }
}
