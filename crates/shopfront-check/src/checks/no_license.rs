//! A package that does not say under which licence it may be used.

use super::{Check, PackageContext, Rule};
use shopfront_diagnostics::Diagnostic;
use shopfront_model::codes::no_license::CODE;
use shopfront_package::Package;

/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Package(run),
};

fn run(case: &PackageContext<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let Some(metadata) = case.metadata() else {
        return;
    };
    let says = ["License-Expression", "License", "License-File"]
        .iter()
        .any(|name| metadata.one(name).is_some());
    let is_classified = metadata
        .all("Classifier")
        .any(|field| field.value.starts_with("License :: "));
    if says || is_classified || holds_a_license(case.package) {
        return;
    }
    let message = "the package does not say under which licence it may be used";
    diagnostics.push(
        CODE.at(case.whole_metadata(), "no licence", message)
            .help("write `license = \"…\"` with an SPDX expression into `[project]` of `pyproject.toml`, and add the file with its text"),
    );
}

/// Build tools before PEP 639 put the file beside the metadata without a word.
fn holds_a_license(package: &Package) -> bool {
    let Some(folder) = &package.info_folder else {
        return false;
    };
    let names = ["licen", "copying", "unlicense"];
    let below = package
        .scan
        .files()
        .filter_map(|member| member.name.strip_prefix(folder.as_str())?.strip_prefix('/'));
    let is_beside = |name: &&str| !name.contains('/') || name.starts_with("licenses/");
    below.filter(is_beside).any(|name| {
        names
            .iter()
            .any(|start| name.to_ascii_lowercase().starts_with(start))
    })
}
