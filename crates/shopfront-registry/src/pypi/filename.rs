//! What the name of a file says: which kind it is, and of which version.

use shopfront_model::answers::FileKind;
use shopfront_text::names::normal_project;

const SDIST_ENDINGS: &[&str] = &[
    ".tar.gz", ".zip", ".tar.bz2", ".tgz", ".tar.xz", ".tar.Z", ".tar",
];

/// The kind of a file by its name.
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

/// The version in the name of a file of `project` (in its normal form).
///
/// A wheel says it in its second part (PEP 427); a source archive is `<name>-<version>`, where the
/// name of an old one may hold dashes itself (PEP 625 ended that).
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
