//! npm, and every registry with its protocol: one document per package.

mod packument;

use super::package::Sidecar;
use super::{
    FoundProject, Integrity, Lookup, PackageRequest, ProjectRequest, Reads, Registry,
    RegistryError, RemoteFile,
};
use crate::web::{HttpClient, Request, Response};
use packument::Packument;
use shopfront_model::answers::{FileKind, Validators};
use shopfront_model::registry_rules::npm::Npm;
use url::Url;

impl Registry for Npm {
    fn reads(&self) -> Reads {
        Reads::Newest
    }

    fn ask(
        &self,
        question: &ProjectRequest<'_>,
        web: &dyn HttpClient,
    ) -> Result<Lookup, RegistryError> {
        let kept = question.last.and_then(|it| it.validators.as_ref());
        let response = get(web, question.base, question.name, DOCUMENT, kept)?;
        match response.status {
            304 => Ok(Lookup::NotModified),
            200 => {
                let found = Packument::read(&response.body, question.name)?.understood();
                Ok(Lookup::Found(Box::new(FoundProject {
                    validators: response.validators(),
                    ..found
                })))
            }
            _ => Ok(Lookup::NotFound),
        }
    }

    fn package<'w>(
        &self,
        wish: &PackageRequest<'_>,
        web: &'w dyn HttpClient,
    ) -> Result<RemoteFile<'w>, RegistryError> {
        let response = get(web, wish.base, wish.name, SHORT_DOCUMENT, None)?;
        if response.status != 200 {
            return Err(RegistryError(format!(
                "the registry knows no package `{}`",
                wish.name
            )));
        }
        let packument = Packument::read(&response.body, wish.name)?;
        let newest = || {
            packument.newest().ok_or_else(|| {
                RegistryError(format!("the registry has no release of `{}`", wish.name))
            })
        };
        let version = wish
            .version
            .map_or_else(newest, |version| Ok(version.to_owned()))?;
        let dist = packument.dist(&version).ok_or_else(|| {
            RegistryError(format!("the registry has no `{}` {version}", wish.name))
        })?;
        // SHA-1 alone does not protect against attackers.
        let integrity = Integrity::parse(dist.integrity.as_deref().unwrap_or_default())
            .ok_or_else(|| {
                RegistryError(format!(
                    "the registry gives no hash of `{}` {version} that can be trusted",
                    wish.name
                ))
            })?;
        Ok(RemoteFile {
            file: file_name(wish.name, &version),
            kind: FileKind::Archive,
            size: None,
            sha256: None,
            integrity: Some(integrity),
            url: location(wish, &dist.tarball, &response.url, web)?,
            version,
            sidecar: Sidecar::None,
            max_bytes: wish.max_bytes,
            web,
        })
    }
}

/// Returns the file name of a release, as used by `npm pack`.
fn file_name(name: &str, version: &str) -> String {
    format!(
        "{}-{version}.tgz",
        name.trim_start_matches('@').replace('/', "-")
    )
}

/// Media type of the complete document.
const DOCUMENT: &str = "application/json";

/// Media type of the document without times and long descriptions, a tenth of the other.
/// Registries without it send the complete one.
const SHORT_DOCUMENT: &str = "application/vnd.npm.install-v1+json, application/json;q=0.8";

fn get(
    web: &dyn HttpClient,
    base: &str,
    name: &str,
    accept: &str,
    kept: Option<&Validators>,
) -> Result<Response, RegistryError> {
    // The slash of a scoped name is a part of the name.
    let url = format!("{base}/{}", name.replace('/', "%2f"));
    let etag = kept.and_then(|it| it.etag.as_deref());
    let last_modified = kept.and_then(|it| it.last_modified.as_deref());
    web.get(&Request {
        etag,
        last_modified,
        ..Request::document(&url, accept)
    })
    .map_err(RegistryError)
}

/// The whole address of a tarball, when it is one that may be fetched.
fn location(
    wish: &PackageRequest<'_>,
    tarball: &str,
    page: &str,
    web: &dyn HttpClient,
) -> Result<String, RegistryError> {
    let refused = |why: String| {
        RegistryError(format!(
            "the registry says that the package lies where it is not fetched from: {why}"
        ))
    };
    let base = Url::parse(wish.base).map_err(|cause| refused(cause.to_string()))?;
    let url = Url::parse(page)
        .and_then(|page| page.join(tarball))
        .map_err(|cause| refused(cause.to_string()))?;
    match web.check_file_url(&base, &url) {
        Some(why) => Err(refused(why)),
        None => Ok(url.into()),
    }
}

/// Parses a document of the registry, for tests and fuzzing of the parser only.
///
/// # Errors
/// Returns a [`RegistryError`] if the document is not trustworthy.
pub fn read(body: &[u8], name: &str) -> Result<FoundProject, RegistryError> {
    Ok(Packument::read(body, name)?.understood())
}
