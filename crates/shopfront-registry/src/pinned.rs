//! Archives that a snippet lists individually: the snippet replaces the registry, and no registry
//! is queried.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{
    FoundProject, Lookup, PackageRequest, ProjectRequest, Reads, Registry, RegistryError,
    RemoteFile,
};
use crate::web::HttpClient;
use shopfront_model::answers::{File, FileKind, NewestFacts, Project, Release};
use shopfront_model::catalogue::Pin;
use shopfront_model::registry_rules::pinned::Pinned;
use shopfront_text::url_policy;

impl Registry for Pinned {
    fn reads(&self) -> Reads {
        Reads::All
    }

    fn ask(
        &self,
        question: &ProjectRequest<'_>,
        _web: &dyn HttpClient,
    ) -> Result<Lookup, RegistryError> {
        let mut project = Project {
            name: question.name.to_owned(),
            status: None,
            status_reason: None,
            attestations: Vec::new(),
            newest: NewestFacts::default(),
            releases: question.locator.archive.iter().map(release).collect(),
        };
        project.sort();
        project.newest.version = project
            .newest_release()
            .map(|(release, _)| release.version.clone());
        Ok(Lookup::Found(Box::new(FoundProject {
            project,
            description: None,
            validators: None,
            simple_page: None,
        })))
    }

    fn package<'w>(
        &self,
        wish: &PackageRequest<'_>,
        web: &'w dyn HttpClient,
    ) -> Result<RemoteFile<'w>, RegistryError> {
        let pin = wish
            .locator
            .archive
            .iter()
            .find(|pin| wish.version.is_none_or(|version| pin.version == version));
        let pin =
            pin.ok_or_else(|| RegistryError(format!("`{}` names no such archive", wish.name)))?;
        let (Some(url), Some(name)) = (&pin.url, pin.file_name()) else {
            return Err(RegistryError(
                "the archive lies in the store itself".to_owned(),
            ));
        };
        Ok(RemoteFile {
            file: name.to_owned(),
            kind: FileKind::Archive,
            version: pin.version.clone(),
            size: None,
            sha256: pin.sha256.clone(),
            integrity: None,
            url: mirrored(wish.base, url),
            sidecar: super::package::Sidecar::None,
            max_bytes: wish.max_bytes,
            web,
        })
    }
}

/// Returns the URL from which an archive is fetched: below the configured mirror, otherwise its
/// own. A URL below the mirror is unchanged: a store in a private network can thus name the
/// server of its archives.
fn mirrored(mirror: &str, url: &str) -> String {
    // Without `..`, which would leave the mirror.
    let url = url_policy::normal(url);
    let is_there = url
        .strip_prefix(mirror)
        .is_some_and(|rest| rest.starts_with('/'));
    match url.split_once("://") {
        Some((_, rest)) if !mirror.is_empty() && !is_there => format!("{mirror}/{rest}"),
        _ => url.into_owned(),
    }
}

fn release(pin: &Pin) -> Release {
    let kind = if pin.manifest.is_some() {
        FileKind::Manifest
    } else {
        FileKind::Archive
    };
    let name = pin.file_name().unwrap_or("manifest").to_owned();
    Release {
        version: pin.version.clone(),
        released_at: pin.released.as_deref().and_then(time),
        yanked: false,
        yanked_reason: None,
        requires_python: None,
        attested: None,
        prerelease: None,
        requires: Default::default(),
        contents: None,
        files: vec![File {
            name,
            kind,
            size: None,
            sha256: pin.sha256.clone(),
            integrity: None,
            address: None,
        }],
    }
}

/// Parses a day or a time; a day begins at midnight in UTC.
fn time(text: &str) -> Option<Timestamp> {
    text.parse().ok().or_else(|| {
        Some(
            text.parse::<Date>()
                .ok()?
                .to_zoned(TimeZone::UTC)
                .ok()?
                .timestamp(),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::mirrored;

    #[test]
    fn a_mirror_has_what_lies_elsewhere_below_the_name_of_its_host() {
        let url = "https://tides.example/files/tides-1.0.0.zip";
        assert_eq!(mirrored("", url), url);
        assert_eq!(
            mirrored("https://mirror.example/all", url),
            "https://mirror.example/all/tides.example/files/tides-1.0.0.zip"
        );
        assert_eq!(mirrored("https://tides.example/files", url), url);
        assert_eq!(
            mirrored("https://tides.example/fil", url),
            "https://tides.example/fil/tides.example/files/tides-1.0.0.zip"
        );
        let out = "https://tides.example/files/../private/tides.zip";
        assert_eq!(
            mirrored("https://tides.example/files", out),
            "https://tides.example/files/tides.example/private/tides.zip"
        );
    }
}
