//! Fetches and inspects packages for hosts that need it, and caches the results in the answer.

use std::io::Cursor;

use super::examine::Workspace;
use super::registry_client::RegistryClient;
use crate::files;
use shopfront_archive::Limits;
use shopfront_diagnostics::Location;
use shopfront_diagnostics::error::Error;
use shopfront_hosts as kinds;
use shopfront_model::answers::{Answer, File, FileKind, Project, ProjectKey, Release, Trouble};
use shopfront_model::bundle::{Bundle, BundleMetadata};
use shopfront_model::catalogue::{PLAIN, Pin, ResolveTarget};
use shopfront_registry::resolve::{self, Resolution, Resolved, contents};
use shopfront_registry::{self as registry, PackageRequest, Reads};
use shopfront_text as text;

/// Access to the packages of one registry.
pub(super) struct PackageFetcher<'b> {
    pub(super) workspace: &'b Workspace,
    pub(super) way: &'b RegistryClient,
    /// Maximum size of one package, in bytes.
    pub(super) max_package: u64,
}

/// The bytes of texts in the packages of one entry, beyond which the rest is left for the next
/// time.
const MAX_READ: usize = 16 << 20;

/// Whether everything of `answer` that `subject` wants read was read, and is what its snippet says
/// today.
pub(super) fn is_inspected(answer: &Answer, subject: &ResolveTarget<'_>) -> bool {
    let Some((kind, _)) = subject.reader else {
        return true;
    };
    let (Some(project), Some(registry)) = (answer.found(), registry::find(&answer.registry)) else {
        return true;
    };
    let is_as_written = !registry.is_local()
        || subject
            .locator
            .is_none_or(|it| contents::is_of(project, &it.archive));
    is_as_written
        && wanted(project, registry.reads())
            .iter()
            .all(|release| release.contents_of(kind).is_some())
}

/// Returns the releases whose packages are inspected.
pub(super) fn wanted(project: &Project, reads: Reads) -> Vec<&Release> {
    match reads {
        Reads::All => project.releases.iter().collect(),
        Reads::Newest => project
            .newest_release()
            .map(|(release, _)| release)
            .into_iter()
            .collect(),
    }
}

/// Inspects the packages of `resolved` that are not inspected yet, if `subject` needs that.
/// `before` is the saved answer. If a package cannot be read, the result is a failure, and earlier
/// results of its inspection remain.
///
/// # Errors
/// Returns an error if a package of the store itself cannot be read.
pub(super) fn complete(
    bench: &PackageFetcher<'_>,
    key: &ProjectKey,
    subject: &ResolveTarget<'_>,
    before: Option<&Answer>,
    resolved: &mut Resolved,
) -> Result<(), Error> {
    let Some((kind, _)) = subject.reader else {
        return Ok(());
    };
    let Some(registry) = registry::find(key.registry) else {
        return Ok(());
    };
    let Some(answer) = resolved
        .answer
        .as_mut()
        .filter(|answer| answer.found().is_some())
    else {
        return Ok(());
    };
    let Some(project) = answer.project.as_mut() else {
        return Ok(());
    };
    let archives = &subject.locator.unwrap_or(&PLAIN).archive;
    contents::carry_over(project, before.and_then(Answer::found), kind, archives);
    let due: Vec<Release> = wanted(project, registry.reads())
        .into_iter()
        .filter(|release| release.contents_of(kind).is_none())
        .cloned()
        .collect();
    let mut spent = 0;
    for release in due {
        let version = &release.version;
        let opened = if spent > MAX_READ {
            Err(format!(
                "more than {} MiB of texts were read of the packages before it; it is read next time",
                MAX_READ >> 20
            ))
        } else {
            open(bench, key, subject, &release)?
        };
        match opened {
            Ok(opened) => {
                spent += opened.bundle.as_ref().map_or(0, Bundle::text_bytes);
                if let Some(text) = contents::put(
                    project,
                    version,
                    kind,
                    (opened.reading, opened.file),
                    archives,
                ) {
                    resolved.description = Some(text);
                }
            }
            Err(why) => {
                let message = text::one_line(
                    &format!("the package of {version} can not be read: {why}"),
                    resolve::MAX_MESSAGE,
                );
                let since = before
                    .and_then(|before| before.trouble.as_ref())
                    .map_or(answer.checked_at, |trouble| trouble.at);
                answer.trouble = Some(Trouble {
                    at: since,
                    message: message.clone(),
                });
                resolved.what = Resolution::Failed(message);
            }
        }
    }
    if registry.is_local() && matches!(resolved.what, Resolution::New | Resolution::Same) {
        // No server was queried: if nothing changed, nothing was confirmed either, and the time of
        // the answer stays.
        let same = before
            .filter(|before| before.project == answer.project && before.state == answer.state);
        if let Some(same) = same {
            answer.checked_at = same.checked_at;
        }
        resolved.what = if same.is_some() {
            Resolution::Same
        } else {
            Resolution::New
        };
    }
    Ok(())
}

/// Inspected package.
pub(super) struct Opened {
    /// The archive. `None` for a manifest in a snippet.
    pub(super) bundle: Option<Bundle>,
    /// Metadata of the package.
    pub(super) reading: BundleMetadata,
    file: Option<File>,
}

/// Inspects the package of `release`. The inner error is the reason why it cannot be read.
///
/// # Errors
/// Returns an error if a package of the store itself cannot be read.
pub(super) fn open(
    bench: &PackageFetcher<'_>,
    key: &ProjectKey,
    subject: &ResolveTarget<'_>,
    release: &Release,
) -> Result<Result<Opened, String>, Error> {
    let Some((_, reader)) = subject.reader else {
        return Ok(Err("nothing reads it".to_owned()));
    };
    let locator = subject.locator.unwrap_or(&PLAIN);
    let pin = locator
        .archive
        .iter()
        .find(|pin| pin.version == release.version);
    if let Some(manifest) = pin.and_then(|pin| pin.manifest.as_ref()) {
        let place = |_: &str| Location::whole(key.to_string());
        let reading = reader.of_manifest(manifest, &place);
        let opened = reading.map(|reading| Opened {
            bundle: None,
            reading,
            file: None,
        });
        return Ok(opened.ok_or_else(|| "a manifest alone does not say enough".to_owned()));
    }
    let most = usize::try_from(bench.max_package).unwrap_or(usize::MAX);
    let (name, bytes) = match pin.and_then(|pin| local(pin, key)) {
        Some(path) => match files::read_optional(&bench.workspace.root, &path, most)? {
            Some(bytes) => (path, bytes),
            // The checks report this with its location.
            None => return Ok(Err("it is not there".to_owned())),
        },
        None => match fetch(bench, key, subject, release) {
            Ok(fetched) => fetched,
            Err(why) => return Ok(Err(why)),
        },
    };
    if let Some(expected) = pin.and_then(|pin| pin.sha256.as_deref())
        && shopfront_text::digest::sha256(&bytes) != expected
    {
        return Ok(Err("it has another sha256 than its snippet says".to_owned()));
    }
    let Some(form) = kinds::form_of(&name) else {
        return Ok(Err(format!("`{name}` is no archive that is read")));
    };
    let limits = Limits::of(bench.max_package / 1_000_000);
    let file = File {
        name: name.rsplit('/').next().unwrap_or_default().to_owned(),
        kind: FileKind::Archive,
        size: Some(bytes.len() as u64),
        sha256: Some(shopfront_text::digest::sha256(&bytes)),
        integrity: None,
        address: None,
    };
    let below = locator.subdirectory.as_deref().unwrap_or_default();
    let bundle = Bundle::read_below(&name, Cursor::new(bytes), form, &limits, reader, below);
    Ok(match bundle {
        Ok(bundle) => Ok(Opened {
            reading: bundle.reading(reader),
            bundle: Some(bundle),
            file: Some(file),
        }),
        Err(cause) => Err(cause.to_string()),
    })
}

fn local(pin: &Pin, key: &ProjectKey) -> Option<String> {
    let (host, _) = key.name.split_once('/')?;
    pin.local_path(host)
}

fn fetch(
    bench: &PackageFetcher<'_>,
    key: &ProjectKey,
    subject: &ResolveTarget<'_>,
    release: &Release,
) -> Result<(String, Vec<u8>), String> {
    let registry = registry::find(key.registry).ok_or("there is no such registry")?;
    let (way, locator) = (bench.way, subject.locator.unwrap_or(&PLAIN));
    let wish = PackageRequest {
        base: way.base(),
        locator,
        name: &key.name,
        version: Some(&release.version),
        known: release.files.first(),
        file: None,
        max_bytes: bench.max_package,
    };
    let package = registry
        .package(&wish, way.web())
        .map_err(|failure| failure.0)?;
    Ok((
        package.file.clone(),
        package.whole().map_err(|failure| failure.0)?,
    ))
}
