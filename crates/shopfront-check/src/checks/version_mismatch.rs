//! A package whose file, folder and metadata are of different versions.

use std::str::FromStr;

use pep440_rs::Version;

use super::{AnswerContext, Check, PackageContext, Rule, one_line};
use shopfront_diagnostics::{Code, Diagnostic, Location, code};
use shopfront_model::adapter::IdentityMismatch;
use shopfront_model::adapter::identity_mismatch;

static CODE: Code = code!("version-mismatch", Error, Answers);
/// Entry in the table of checks.
pub(super) static CHECK: Check = Check {
    code: &CODE,
    rule: Rule::AnswerOrPackage(of_answer, run),
};

/// The package of a release says that it is another one: of those of the store itself
/// `wrong-version` tells it.
fn of_answer(case: &AnswerContext<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let archives = &case.snippet.locator.archive;
    for release in case
        .answer
        .found()
        .map(|project| project.releases.as_slice())
        .unwrap_or_default()
    {
        let Some(IdentityMismatch::Version(version)) =
            identity_mismatch(case.host, case.snippet, release)
        else {
            continue;
        };
        let at = archives
            .iter()
            .position(|pin| pin.version == release.version);
        if at.is_some_and(|at| archives[at].url.is_none()) {
            continue;
        }
        let place = match at {
            Some(at) => {
                Location::value(&case.snippet.path, format!("/source/archive/{at}/version"))
            }
            None => case.snippet.source_place(),
        };
        let version = one_line(&version);
        let message = format!(
            "the package of {} says that it is {version}: hosts are not given it",
            release.version
        );
        let help = match at {
            Some(_) => format!("write `{version}`, or name the package that is meant"),
            None => "release it again, under the version that its manifest says".to_owned(),
        };
        diagnostics.push(
            CODE.at(place, format!("its package says `{version}`"), message)
                .help(help),
        );
    }
}

fn run(case: &PackageContext<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let of_file = case.package.file_name.version();
    let Ok(expected) = Version::from_str(of_file) else {
        return;
    };
    // What is no version at all is a fault of the metadata itself.
    let is_other =
        |text: &str| Version::from_str(text.trim()).is_ok_and(|version| version != expected);
    if let Some(field) = case
        .metadata()
        .and_then(|metadata| metadata.one("Version"))
        .filter(|field| is_other(&field.value))
    {
        let message = format!(
            "the name of the file says version {of_file}, its metadata says {}",
            one_line(&field.value)
        );
        diagnostics.push(
            CODE.at(case.place_of(field), format!("not {of_file}"), message)
                .help(HELP),
        );
    } else if let Some((_, version)) = case
        .package
        .info_parts()
        .filter(|(_, version)| is_other(version))
    {
        let folder = case.package.info_folder.as_deref().unwrap_or_default();
        let message = format!(
            "the name of the file says version {of_file}, its folder `{}` says {version}",
            one_line(folder)
        );
        diagnostics.push(
            CODE.at(case.package.whole(), "two versions", message)
                .help(HELP),
        );
    }
}

const HELP: &str = "build it again, and do not rename what the build tool wrote";
