//! A package whose file and whose metadata are of two projects, or two plugins.

use super::{AnswerContext, Check, PackageContext, Rule, one_line};
use shopfront_diagnostics::Diagnostic;
use shopfront_model::adapter::IdentityMismatch;
use shopfront_model::adapter::identity_mismatch;
use shopfront_model::codes::name_mismatch::CODE;
use shopfront_package::Package;
use shopfront_package::file_name::FileName;
use shopfront_text::names::{is_project, normal_project};

/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::AnswerOrPackage(of_answer, run),
};

/// A package that npm fetches under one name installs itself under that of its `package.json`: the
/// host then looks for a module that is not there.
fn of_answer(case: &AnswerContext<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let Some((release, _)) = case.newest() else {
        return;
    };
    let Some(IdentityMismatch::Name(name)) = identity_mismatch(case.host, case.snippet, release)
    else {
        return;
    };
    let (name, listed) = (one_line(&name), &case.snippet.source.name);
    let message = format!(
        "the package of `{listed}` {} calls itself `{name}`: hosts are not given it",
        release.version
    );
    let help =
        "list it under its own name, or release it with the name that the registry has it under";
    diagnostics.push(
        CODE.at(
            case.snippet.source_place(),
            format!("its package says `{name}`"),
            message,
        )
        .help(help),
    );
}

fn run(case: &PackageContext<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let of_file = case.package.file_name.distribution();
    // What is no name at all is a fault of the metadata itself.
    let is_other = |name: &str| is_project(name) && normal_project(name) != normal_project(of_file);
    if let Some(field) = case
        .metadata()
        .and_then(|metadata| metadata.one("Name"))
        .filter(|field| is_other(field.value.trim()))
    {
        let message = format!(
            "the file is named for the project `{of_file}`, its metadata for `{}`",
            one_line(&field.value)
        );
        diagnostics.push(
            CODE.at(case.place_of(field), format!("not `{of_file}`"), message)
                .help(HELP),
        );
    } else if let Some(name) = root_folder(case.package).filter(|name| is_other(name)) {
        let message = format!(
            "the file is named for the project `{of_file}`, its folder for `{}`",
            one_line(name)
        );
        diagnostics.push(
            CODE.at(
                case.package.whole(),
                format!("its folder is not named `{of_file}`"),
                message,
            )
            .help(HELP),
        );
    }
}

const HELP: &str = "build it again, and do not rename what the build tool wrote";

/// The project in the name of the root folder of a source distribution; the folder of a wheel has a
/// code of its own.
fn root_folder(package: &Package) -> Option<&str> {
    match package.file_name {
        FileName::Sdist(_) => package.info_parts().map(|(name, _)| name),
        FileName::Wheel(_) => None,
    }
}
