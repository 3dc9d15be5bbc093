//! A package whose file, folder and metadata are of different versions.

use std::str::FromStr;

use pep440_rs::Version;

use super::{Check, PackageCase, Rule, one_line};
use crate::diagnostic::{Code, Diagnostic, code};

static CODE: Code = code!("version-mismatch", Error, Package);
/// Its line of the table.
pub(super) static CHECK: Check = Check { code: &CODE, rule: Rule::Package(run) };

fn run(case: &PackageCase<'_>, found: &mut Vec<Diagnostic>) {
    let of_file = case.package.file_name.version();
    let Ok(expected) = Version::from_str(of_file) else { return };
    // What is no version at all is a fault of the metadata itself.
    let is_other = |text: &str| Version::from_str(text.trim()).is_ok_and(|version| version != expected);
    if let Some(field) = case.metadata().and_then(|metadata| metadata.one("Version")).filter(|field| is_other(&field.value)) {
        let message = format!("the name of the file says version {of_file}, its metadata says {}", one_line(&field.value));
        found.push(CODE.at(case.place_of(field), format!("not {of_file}"), message).help(HELP));
    } else if let Some((_, version)) = case.package.info_parts().filter(|(_, version)| is_other(version)) {
        let folder = case.package.info_folder.as_deref().unwrap_or_default();
        let message = format!("the name of the file says version {of_file}, its folder `{}` says {version}", one_line(folder));
        found.push(CODE.at(case.package.whole(), "two versions", message).help(HELP));
    }
}

const HELP: &str = "build it again, and do not rename what the build tool wrote";
