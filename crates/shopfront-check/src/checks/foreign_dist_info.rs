//! A wheel with the metadata folder of another project, or with two.

use std::collections::BTreeSet;

use super::{Check, PackageContext, Rule, one_line};
use shopfront_diagnostics::{Code, Diagnostic, code};
use shopfront_package::file_name::FileName;
use shopfront_text::names::normal_project;

static CODE: Code = code!("foreign-dist-info", Error, Package);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::Package(run),
};

/// More of them say nothing new.
const MOST: usize = 10;

fn run(case: &PackageContext<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let package = case.package;
    let (FileName::Wheel(name), Some(own)) = (&package.file_name, &package.info_folder) else {
        return;
    };
    let tops = package
        .scan
        .members
        .iter()
        .filter_map(|member| member.name.split('/').next());
    let folders: BTreeSet<&str> = tops
        .filter(|top| top.ends_with(".dist-info") && top != own)
        .collect();
    for folder in folders.into_iter().take(MOST) {
        let message = format!(
            "the wheel has a second folder of metadata: `{}` beside `{}`",
            one_line(folder),
            one_line(own)
        );
        let help = "build in a clean folder; a wheel has the metadata of its own project alone";
        diagnostics.push(
            CODE.at(package.whole(), "two `.dist-info` folders", message)
                .help(help),
        );
    }
    let of_folder = package
        .info_parts()
        .map(|(name, _)| normal_project(name))
        .unwrap_or_default();
    let of_metadata = case
        .metadata()
        .and_then(|metadata| metadata.value("Name"))
        .map(normal_project);
    // A file that was renamed is told by its name, once.
    if of_folder != normal_project(&name.distribution)
        && of_metadata.is_none_or(|name| name != of_folder)
    {
        let message = format!(
            "the folder of the metadata, `{}`, is not that of the project `{}`",
            one_line(own),
            name.distribution
        );
        let help = format!(
            "its name is `{}-{}.dist-info`; build the wheel again",
            name.distribution, name.version
        );
        diagnostics.push(
            CODE.at(package.whole(), "metadata of another project", message)
                .help(help),
        );
    }
}
