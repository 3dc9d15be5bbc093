//! The packages that the store serves itself, and the manifests that stand in snippets: that they
//! are there, are what the snippet says, and hold what their host needs.

use std::collections::BTreeSet;
use std::io::Cursor;

use rayon::prelude::*;

use super::Read;
use super::layout::Folder;
use crate::checks::{self, ArchiveContext};
use shopfront_archive::Limits;
use shopfront_diagnostics::error::{Context, Error};
use shopfront_diagnostics::{Diagnostic, Location};
use shopfront_model::bundle::{self, Bundle, BundleMetadata, BundleReader};
use shopfront_model::catalogue::{Host, Pin, Snippet};
use shopfront_text::digest;

/// The faults of the packages of one host, none of which may have more than `megabytes`; `sound`
/// are its snippets without a fault of their own.
pub(super) fn check(
    host: &Host,
    sound: &[Snippet],
    folder: &Folder,
    megabytes: u64,
    read: &Read<'_>,
) -> Result<Vec<Diagnostic>, Error> {
    let Some(reader) = host.adapter.reader() else {
        let stray = |path: &String| {
            checks::stray_file::diagnostic(path, "hosts of this kind have no `packages`", None)
        };
        return Ok(folder.packages.values().map(stray).collect());
    };
    let pins = sound
        .iter()
        .filter(|it| !it.is_withdrawn())
        .flat_map(|snippet| {
            snippet
                .locator
                .archive
                .iter()
                .enumerate()
                .map(move |(at, pin)| (snippet, at, pin))
        });
    let pins: Vec<(&Snippet, usize, &Pin)> = pins.collect();
    let used: BTreeSet<&str> = pins
        .iter()
        .filter_map(|(_, _, pin)| pin.file.as_deref())
        .collect();
    let of_pin = |(snippet, at, pin): &(&Snippet, usize, &Pin)| {
        of_pin(snippet, *at, pin, folder, megabytes, reader, read)
    };
    let found: Vec<Vec<Diagnostic>> = pins.par_iter().map(of_pin).collect::<Result<_, Error>>()?;
    let mut found: Vec<Diagnostic> = found.into_iter().flatten().collect();
    // What a snippet with faults of its own names is not known.
    if sound.len() == folder.snippets.len() {
        let stray = folder
            .packages
            .iter()
            .filter(|(file, _)| !used.contains(file.as_str()));
        found.extend(stray.map(|(_, path)| {
            checks::stray_file::diagnostic(path, "no snippet names it as its archive", None)
        }));
    }
    Ok(found)
}

fn of_pin(
    snippet: &Snippet,
    at: usize,
    pin: &Pin,
    folder: &Folder,
    megabytes: u64,
    reader: &dyn BundleReader,
    read: &Read<'_>,
) -> Result<Vec<Diagnostic>, Error> {
    let place =
        |field: &str| Location::value(&snippet.path, format!("/source/archive/{at}/{field}"));
    if let Some(manifest) = &pin.manifest {
        let within = |pointer: &str| place(&format!("manifest{pointer}"));
        return Ok(match reader.of_manifest(manifest, &within) {
            Some(reading) => another_version(place("version"), pin, &reading)
                .into_iter()
                .chain(reading.found)
                .collect(),
            None => vec![checks::manifest_alone::diagnostic(place("manifest"))],
        });
    }
    let Some(file) = &pin.file else {
        return Ok(Vec::new());
    };
    let Some(path) = folder.packages.get(file) else {
        return Ok(vec![checks::missing_package::diagnostic(
            place("file"),
            file,
            &snippet.host,
        )]);
    };
    let limits = Limits::of(megabytes);
    let most = usize::try_from(limits.packed)
        .unwrap_or(usize::MAX)
        .saturating_add(1);
    let bytes = read(path, most)?;
    let actual = digest::sha256(&bytes);
    if pin.sha256.as_ref().is_some_and(|pinned| *pinned != actual) && bytes.len() < most {
        return Ok(vec![checks::wrong_package::diagnostic(
            place("sha256"),
            file,
            &actual,
        )]);
    }
    let Some(form) = bundle::form_for(file, reader) else {
        return Ok(vec![checks::wrong_package::of_name(
            place("file"),
            file,
            &bundle::extensions_of(reader),
        )]);
    };
    let bundle = Bundle::read(path, Cursor::new(bytes), form, &limits, reader)
        .with_context(|| format!("reading {path}"))?;
    let reading = bundle.reading(reader);
    let another = another_version(place("version"), pin, &reading);
    let mut found = checks::run_archive(&ArchiveContext::of_bundle(&bundle));
    found.extend(reading.found);
    Ok(found
        .into_iter()
        .map(|fault| fault.told_at(place("file")))
        .chain(another)
        .collect())
}

/// Hosts tell versions apart by their text: what is pinned as one and is another would be known
/// under both.
fn another_version(place: Location, pin: &Pin, reading: &BundleMetadata) -> Option<Diagnostic> {
    let says = &reading.says.version;
    (!says.is_empty() && *says != pin.version)
        .then(|| checks::wrong_version::diagnostic(place, pin, says))
}
