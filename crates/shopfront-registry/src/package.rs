//! Package of a registry: one file of one release, of which only the required parts are fetched.

use super::RegistryError;
use super::archive::{Archive, Remote};
use super::integrity::Integrity;
use crate::web::{BodyRange, HttpClient, Request};
use shopfront_model::answers::{File, FileKind};
use shopfront_model::catalogue::Locator;
use shopfront_text::digest;

/// Maximum size of METADATA in bytes: most of it is a long description.
const MAX_METADATA: u64 = 16 << 20;

/// Request for a package.
pub struct PackageRequest<'q> {
    /// Base URL without a trailing slash.
    pub base: &'q str,
    /// Source data of the snippet.
    pub locator: &'q Locator,
    /// Project, in the registry's normal form.
    pub name: &'q str,
    /// Version; otherwise the newest usable one.
    pub version: Option<&'q str>,
    /// Known file of the release, if any.
    pub known: Option<&'q File>,
    /// File name; otherwise the most informative file: a wheel for all systems, any wheel, a
    /// source archive.
    pub file: Option<&'q str>,
    /// Maximum number of bytes that are read.
    pub max_bytes: u64,
}

/// File of a release that is not fetched yet.
pub struct RemoteFile<'w> {
    /// File name.
    pub file: String,
    /// Type of the file.
    pub kind: FileKind,
    /// Version of its release in the registry's spelling.
    pub version: String,
    /// Size in bytes, from the registry.
    pub size: Option<u64>,
    /// SHA-256 in lower-case hexadecimal, from the registry.
    pub sha256: Option<String>,
    /// Integrity hash, from the registry.
    pub integrity: Option<Integrity>,
    /// URL of the file.
    pub url: String,
    pub(super) sidecar: Sidecar,
    pub(super) max_bytes: u64,
    pub(super) web: &'w dyn HttpClient,
}

/// Existence of METADATA beside a file (PEP 658, PEP 714).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Sidecar {
    /// Not announced by the registry.
    None,
    /// Announced by the registry.
    Announced,
    /// Announced with its SHA-256.
    Hashed(String),
}

impl<'w> RemoteFile<'w> {
    /// Returns the METADATA beside the file. `None` if it is missing, or not the announced one:
    /// many registries announce it for every file but have it for few. The archive also contains
    /// it.
    pub fn metadata(&self) -> Option<String> {
        let limit = MAX_METADATA.min(self.max_bytes);
        let url = match &self.sidecar {
            Sidecar::None => return None,
            Sidecar::Announced | Sidecar::Hashed(_) => beside(&self.url)?,
        };
        let response = self
            .web
            .get(&Request::file(&url, BodyRange::File, limit))
            .ok()
            .filter(|it| it.status == 200)?;
        let is_the_one = match &self.sidecar {
            Sidecar::Hashed(sha256) => digest::sha256(&response.body) == *sha256,
            // A "not found" page with status 200 is not METADATA.
            _ => response.body.starts_with(b"Metadata-Version:"),
        };
        String::from_utf8(response.body).ok().filter(|_| is_the_one)
    }

    /// Returns the file for reading and seeking. Of a zip file, only the required parts are
    /// fetched, if the server supports it.
    ///
    /// # Errors
    /// Returns a [`RegistryError`] if it is unavailable, too large, or does not match the
    /// registry's hash.
    pub fn archive(&self) -> Result<Archive<'w>, RegistryError> {
        let is_zip = [".whl", ".zip", ".egg"]
            .iter()
            .any(|ending| self.file.ends_with(ending));
        if is_zip {
            Archive::open(self.remote())
        } else {
            self.whole().map(Archive::of_whole)
        }
    }

    /// Returns the whole file, which matches the registry's hash.
    ///
    /// # Errors
    /// Returns a [`RegistryError`] if it is unavailable, too large, or another file.
    pub fn whole(&self) -> Result<Vec<u8>, RegistryError> {
        self.remote().whole()
    }

    fn remote(&self) -> Remote<'w> {
        Remote {
            web: self.web,
            url: self.url.clone(),
            size: self.size,
            sha256: self.sha256.clone(),
            integrity: self.integrity.clone(),
            max_bytes: self.max_bytes,
        }
    }
}

/// Returns the URL of the METADATA beside a file: PEP 658 adds `.metadata` to the path.
fn beside(url: &str) -> Option<String> {
    let mut url = url::Url::parse(url).ok()?;
    let path = format!("{}.metadata", url.path());
    url.set_path(&path);
    Some(url.into())
}
