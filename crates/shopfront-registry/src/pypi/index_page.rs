//! Files of a project in an index with their URLs, which an answer does not contain.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use url::Url;

use super::super::package::Sidecar;
use super::super::{PackageRequest, RegistryError, RemoteFile};
use super::{ACCEPT_SIMPLE, filename, get, json_api, simple};
use crate::web::HttpClient;
use shopfront_model::answers::{FileKind, Project, Release};

/// File with its location.
pub(super) struct IndexFile {
    pub(super) name: String,
    /// URL, absolute or relative to the page.
    pub(super) address: String,
    pub(super) size: Option<u64>,
    pub(super) sha256: Option<String>,
    pub(super) yanked: bool,
    pub(super) sidecar: Sidecar,
}

/// Contents of one page of an index.
pub(super) struct ProjectPage {
    /// Project as in an answer.
    pub(super) project: Project,
    /// All files of all releases.
    pub(super) files: Vec<IndexFile>,
}

/// Finds the requested package: in the JSON document, otherwise in the simple page.
pub(super) fn find<'w>(
    wish: &PackageRequest<'_>,
    web: &'w dyn HttpClient,
) -> Result<RemoteFile<'w>, RegistryError> {
    let (base, has_pages_only) = match wish.base.strip_suffix("/simple") {
        Some(base) => (base, true),
        None => (wish.base, false),
    };
    let mut why = RegistryError(format!("the index knows no project `{}`", wish.name));
    if !has_pages_only {
        let url = format!("{base}/pypi/{}/json", wish.name);
        let response = get(web, &url, "application/json", None)?;
        if response.status == 200 {
            // The document may contain only the newest release, or no URL; the page may contain
            // the missing data.
            match json_api::read_offers(&response.body, wish.name)
                .and_then(|offers| chosen(wish, &offers, &response.url, web))
            {
                Ok(package) => return Ok(package),
                Err(failure) => why = failure,
            }
        }
    }
    let url = format!("{base}/simple/{}/", wish.name);
    let response = get(web, &url, ACCEPT_SIMPLE, None)?;
    if response.status != 200 {
        return Err(why);
    }
    let offers = simple::read_offers(&response.content_type, &response.body, wish.name)?;
    chosen(wish, &offers, &response.url, web)
}

fn chosen<'w>(
    wish: &PackageRequest<'_>,
    offers: &ProjectPage,
    page: &str,
    web: &'w dyn HttpClient,
) -> Result<RemoteFile<'w>, RegistryError> {
    let release = release_of(wish, &offers.project)?;
    let names: BTreeSet<&str> = release
        .files
        .iter()
        .map(|file| file.name.as_str())
        .collect();
    let is_of_release = |offer: &&IndexFile| names.contains(offer.name.as_str());
    let of_release = offers.files.iter().filter(is_of_release);
    let offer = match wish.file {
        Some(name) => of_release.into_iter().find(|offer| offer.name == name),
        None => of_release
            .filter(|offer| rank(&offer.name).is_some())
            .min_by_key(|offer| (offer.yanked, rank(&offer.name), &offer.name)),
    };
    let Some(offer) = offer else {
        let wanted = wish.file.map_or_else(
            || "wheel or source archive".to_owned(),
            |name| format!("file `{name}`"),
        );
        return Err(RegistryError(format!(
            "the index has no {wanted} of `{}` {}",
            wish.name, release.version
        )));
    };
    Ok(RemoteFile {
        file: offer.name.clone(),
        kind: filename::kind(&offer.name),
        version: release.version.clone(),
        size: offer.size,
        sha256: offer.sha256.clone(),
        integrity: None,
        url: location(wish, offer, page, web)?,
        sidecar: offer.sidecar.clone(),
        max_bytes: wish.max_bytes,
        web,
    })
}

fn release_of<'p>(
    wish: &PackageRequest<'_>,
    project: &'p Project,
) -> Result<&'p Release, RegistryError> {
    if let Some(version) = wish.version {
        let is_it = |release: &&Release| {
            release.version == version
                || (release.parsed().is_some() && release.parsed() == parsed(version))
        };
        return project
            .releases
            .iter()
            .find(is_it)
            .ok_or_else(|| RegistryError(format!("the index has no `{}` {version}", wish.name)));
    }
    if let Some(name) = wish.file {
        let has_it = |release: &&Release| release.files.iter().any(|file| file.name == name);
        return project.releases.iter().find(has_it).ok_or_else(|| {
            RegistryError(format!("the index has no file `{name}` of `{}`", wish.name))
        });
    }
    let newest = project.newest_release().map(|(release, _)| release);
    newest.ok_or_else(|| {
        RegistryError(format!(
            "the index has no release of `{}` with files",
            wish.name
        ))
    })
}

fn parsed(version: &str) -> Option<pep440_rs::Version> {
    version.parse().ok()
}

/// Returns the rank of a file by its information on the package, best first; `None` for files
/// that are neither wheel nor source archive.
///
/// A wheel for all systems is small and the same for all users.
pub(super) fn rank(name: &str) -> Option<(u8, Reverse<bool>)> {
    let class = match filename::kind(name) {
        FileKind::Wheel if name.ends_with("-none-any.whl") => 0,
        FileKind::Wheel => 1,
        FileKind::Sdist => 2,
        FileKind::Archive | FileKind::Manifest | FileKind::Other => return None,
    };
    Some((class, Reverse(name.contains("py3"))))
}

/// Returns the absolute URL of a file, if fetching it is allowed.
fn location(
    wish: &PackageRequest<'_>,
    offer: &IndexFile,
    page: &str,
    web: &dyn HttpClient,
) -> Result<String, RegistryError> {
    let refused = |why: String| {
        RegistryError(format!(
            "the index says that `{}` lies where it is not fetched from: {why}",
            offer.name
        ))
    };
    let base = Url::parse(wish.base).map_err(|cause| refused(cause.to_string()))?;
    let mut url = Url::parse(page)
        .and_then(|page| page.join(&offer.address))
        .map_err(|cause| refused(cause.to_string()))?;
    url.set_fragment(None);
    match web.check_file_url(&base, &url) {
        Some(why) => Err(refused(why)),
        None => Ok(url.into()),
    }
}
