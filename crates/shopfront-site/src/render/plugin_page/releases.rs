//! The releases of one entry: a row of a table each, with what of the host it fits and what its
//! files are.

use serde::Serialize;

use crate::merge::{Entry, Store};
use shopfront_model::adapter;
use shopfront_model::adapter::ArchiveLocation;
use shopfront_model::answers::{File, FileKind, Project, Release};

/// One release.
#[derive(Serialize)]
pub(super) struct ReleaseContext<'s> {
    version: &'s str,
    released_at: Option<String>,
    yanked: bool,
    yanked_reason: Option<&'s str>,
    prerelease: bool,
    requires_python: Option<&'s str>,
    requires: String,
    /// For each major version of the host, the newest first, whether the release fits it; `None`
    /// where nobody knows, since registries tell what only the newest release requires.
    fits: Vec<Option<bool>>,
    size: Option<u64>,
    files: Vec<FileContext<'s>>,
}

/// One file of a release.
#[derive(Serialize)]
struct FileContext<'s> {
    name: &'s str,
    kind: &'static str,
    size: Option<u64>,
    sha256: Option<&'s str>,
    /// Public URL, if the listing states one.
    place: Option<Place>,
}

/// Location of a file.
#[derive(Serialize)]
pub(super) struct Place {
    /// From the root of the site, or the whole address.
    pub(super) address: String,
    /// `true` if it lies in the store itself.
    pub(super) is_own: bool,
    /// The name that the file is to be kept under.
    pub(super) name: String,
}

/// Where the archive `file` of `release` lies, where that is known.
pub(super) fn place_of(entry: Entry<'_>, release: &Release, file: &File) -> Option<Place> {
    let Entry { snippet, card, .. } = entry;
    Some(
        match adapter::archive_location(snippet, &card.access, &release.version, Some(file))? {
            ArchiveLocation::Here(name) => Place {
                address: format!("{}/packages/{name}", snippet.host),
                is_own: true,
                name: name.to_owned(),
            },
            ArchiveLocation::There(address) => Place {
                address,
                is_own: false,
                name: file.name.clone(),
            },
        },
    )
}

/// Of how many releases the files are named on the page; the data of the entry names all.
const MOST_WITH_FILES: usize = 50;

/// Every release of `project`, the newest first.
pub(super) fn of<'s>(
    store: &'s Store<'_>,
    entry: Entry<'s>,
    project: &'s Project,
) -> Vec<ReleaseContext<'s>> {
    let rows = project.releases.iter().rev().enumerate();
    rows.map(|(index, it)| {
        row(
            store,
            entry,
            project,
            it,
            if index < MOST_WITH_FILES {
                &it.files
            } else {
                &[]
            },
        )
    })
    .collect()
}

/// The major versions of its host that the page of `entry` has columns for, the newest first. What
/// a host leaves out is not told to fit or not: that is not why.
pub(super) fn shown_majors(store: &Store<'_>, entry: Entry<'_>) -> Vec<usize> {
    let count = store.versions[&entry.host.id].majors.len();
    if entry.card.left_out {
        Vec::new()
    } else {
        (0..count).rev().collect()
    }
}

fn row<'s>(
    store: &'s Store<'_>,
    entry: Entry<'s>,
    project: &'s Project,
    release: &'s Release,
    files: &'s [File],
) -> ReleaseContext<'s> {
    let versions = &store.versions[&entry.host.id];
    let majors = adapter::compatible_majors(entry.host, versions, entry.snippet, project, release);
    let reads_packages = entry.host.adapter.reader().is_some();
    // Of a package that is read, each release says what it wants; of others the newest alone.
    let is_known = !majors.is_empty()
        || if reads_packages {
            !release.requires.is_empty()
        } else {
            project.facts_of(release).is_some()
        };
    let size = release.files.iter().filter_map(|file| file.size).max();
    ReleaseContext {
        version: &release.version,
        released_at: release.released_at.map(|at| at.to_string()),
        yanked: release.yanked,
        yanked_reason: release.yanked_reason.as_deref(),
        prerelease: release.is_prerelease(),
        requires_python: release.requires_python.as_deref(),
        requires: release
            .requires
            .iter()
            .map(|(name, range)| format!("{name} {range}"))
            .collect::<Vec<_>>()
            .join(", "),
        fits: shown_majors(store, entry)
            .into_iter()
            .map(|at| is_known.then(|| majors.contains(&at)))
            .collect(),
        size,
        files: files.iter().map(|it| file(it, entry, release)).collect(),
    }
}

fn file<'s>(file: &'s File, entry: Entry<'_>, release: &Release) -> FileContext<'s> {
    let kind = match file.kind {
        FileKind::Wheel => "wheel",
        FileKind::Sdist => "sdist",
        FileKind::Archive => "archive",
        FileKind::Manifest => "manifest",
        FileKind::Other => "other",
    };
    FileContext {
        name: &file.name,
        kind,
        size: file.size,
        sha256: file.sha256.as_deref(),
        place: place_of(entry, release, file),
    }
}
