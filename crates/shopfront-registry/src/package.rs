//! A package of a registry: one file of one release, of which no more is fetched than somebody
//! wants to know.

use super::RegistryError;
use super::archive::{Archive, Remote};
use super::integrity::Integrity;
use crate::web::{BodyRange, HttpClient, Request};
use shopfront_model::answers::{File, FileKind};
use shopfront_model::catalogue::Locator;
use shopfront_text::digest;

/// The longest METADATA that is read, in bytes: most of it is a long description.
const MAX_METADATA: u64 = 16 << 20;

/// Which package is wanted.
pub struct PackageRequest<'q> {
    /// The base address, without a slash at its end.
    pub base: &'q str,
    /// What the snippet says of its source.
    pub locator: &'q Locator,
    /// The project, in the registry's normal form.
    pub name: &'q str,
    /// The version; else the newest usable one.
    pub version: Option<&'q str>,
    /// The file as it was told with its release, where it was.
    pub known: Option<&'q File>,
    /// The name of the file; else the one that tells most: a wheel for every system, any wheel, a
    /// source archive.
    pub file: Option<&'q str>,
    /// The most that is taken of the file, in bytes.
    pub max_bytes: u64,
}

/// One file of a release, not yet fetched.
pub struct RemoteFile<'w> {
    /// Its name.
    pub file: String,
    /// What it is.
    pub kind: FileKind,
    /// The version of its release, as the registry writes it.
    pub version: String,
    /// In bytes, as the registry says.
    pub size: Option<u64>,
    /// In lower-case hexadecimal, as the registry says.
    pub sha256: Option<String>,
    /// What its bytes have to be, as the registry says in another way.
    pub integrity: Option<Integrity>,
    /// Where it lies.
    pub url: String,
    pub(super) sidecar: Sidecar,
    pub(super) max_bytes: u64,
    pub(super) web: &'w dyn HttpClient,
}

/// Whether METADATA lies beside a file (PEP 658, PEP 714).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Sidecar {
    /// The registry does not say so.
    None,
    /// It does.
    Announced,
    /// It does, with the SHA-256 of it.
    Hashed(String),
}

impl<'w> RemoteFile<'w> {
    /// The METADATA that lies beside the file. `None` when there is none, or not the one that was
    /// announced: many registries announce it for every file and have it for few. The archive
    /// holds it then.
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
            // A page that says "not found" with status 200 is no METADATA.
            _ => response.body.starts_with(b"Metadata-Version:"),
        };
        String::from_utf8(response.body).ok().filter(|_| is_the_one)
    }

    /// The file, to be read and sought in. Of a zip file no more is fetched than is read, where the
    /// server allows it.
    ///
    /// # Errors
    /// [`RegistryError`] when it can not be had, is too large, or is not the file of which the
    /// registry gave the hash.
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

    /// The whole file, which is the one of which the registry gave the hash.
    ///
    /// # Errors
    /// [`RegistryError`] when it can not be had, is too large, or is another one.
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

/// The address of the METADATA beside a file: PEP 658 adds `.metadata` to the path.
fn beside(url: &str) -> Option<String> {
    let mut url = url::Url::parse(url).ok()?;
    let path = format!("{}.metadata", url.path());
    url.set_path(&path);
    Some(url.into())
}
