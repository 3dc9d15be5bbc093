//! A package that installs a folder such as `tests` where Python looks for modules.

use std::collections::BTreeMap;

use super::{Check, PackageContext, Rule, one_line};
use shopfront_diagnostics::{Code, Diagnostic, code};
use shopfront_package::modules::installed_path;
use shopfront_text::names::normal_project;

static CODE: Code = code!("common-module", Warning, Package);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Package(run),
};

/// Names that many projects use beside their code, and that build tools pack by mistake.
const COMMON: &[&str] = &[
    "app",
    "benchmarks",
    "build",
    "cli",
    "conftest",
    "data",
    "dist",
    "doc",
    "docs",
    "example",
    "examples",
    "lib",
    "scripts",
    "setup",
    "src",
    "test",
    "tests",
    "utils",
    "venv",
];

fn run(case: &PackageContext<'_>, diagnostics: &mut Vec<Diagnostic>) {
    if case.whole_wheel().is_none() {
        return;
    }
    let project = case.project();
    let mut roots: BTreeMap<&str, &str> = BTreeMap::new();
    for member in case.package.scan.files() {
        let Some(path) = installed_path(&member.name) else {
            continue;
        };
        let root = path.split('/').next().unwrap_or_default();
        let root = root.strip_suffix(".py").unwrap_or(root);
        if is_common(root) && normal_project(root) != project {
            roots.entry(root).or_insert(&member.name);
        }
    }
    for (root, member) in roots {
        let message =
            format!("the wheel installs `{root}` beside the modules of all other packages");
        diagnostics.push(
            CODE.at(
                case.package.whole_member(member),
                format!("`{}` is installed", one_line(member)),
                message,
            )
            .help(format!(
                "keep `{root}` out of the wheel, or move it into the package's own folder"
            )),
        );
    }
}

/// Returns `true` if the name `root` does not identify the project that it belongs to.
pub(super) fn is_common(root: &str) -> bool {
    COMMON.binary_search(&root).is_ok()
}
