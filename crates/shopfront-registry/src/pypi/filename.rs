//! Type and version in the name of a file.

use shopfront_model::answers::FileKind;
use shopfront_text::names::normal_project;

const SDIST_ENDINGS: &[&str] = &[
    ".tar.gz", ".zip", ".tar.bz2", ".tgz", ".tar.xz", ".tar.Z", ".tar",
];

/// Returns the type of a file by its name.
pub(super) fn kind(name: &str) -> FileKind {
    if name.ends_with(".whl") {
        return FileKind::Wheel;
    }
    let is_sdist = SDIST_ENDINGS.iter().any(|ending| name.ends_with(ending));
    if is_sdist {
        FileKind::Sdist
    } else {
        FileKind::Other
    }
}

/// Returns the version in the name of a file of `project` (in its normal form).
///
/// A wheel has it in its second component (PEP 427). A source archive is `<name>-<version>`; the
/// names of old ones may contain dashes (which PEP 625 forbids).
pub(super) fn version<'n>(name: &'n str, project: &str) -> Option<&'n str> {
    let stem = match name
        .strip_suffix(".whl")
        .or_else(|| name.strip_suffix(".egg"))
    {
        Some(stem) => {
            return stem
                .split('-')
                .nth(1)
                .filter(|_| normal_project(stem.split('-').next().unwrap_or_default()) == project);
        }
        None => SDIST_ENDINGS
            .iter()
            .find_map(|ending| name.strip_suffix(ending))?,
    };
    let dashes = stem.match_indices('-').map(|(at, _)| at);
    dashes
        .filter(|at| normal_project(&stem[..*at]) == project)
        .map(|at| &stem[at + 1..])
        .find(|rest| rest.starts_with(|it: char| it.is_ascii_digit() || it == 'v'))
}
