//! Icons and screenshots: that each one named is there, is what its name says, and is used by
//! somebody.

use std::collections::{BTreeMap, BTreeSet};

use super::Read;
use super::layout::Folder;
use crate::checks;
use crate::checks::bad_asset::{self, MAX_IMAGE, Use};
use shopfront_diagnostics::Diagnostic;
use shopfront_diagnostics::error::Error;
use shopfront_model::catalogue::{Host, Snippet, StoreFile};

/// The faults of the images of one host; `sound` are its snippets without a fault of their own.
pub(super) fn check(
    host: &Host,
    sound: &[Snippet],
    folder: &Folder,
    read: &Read<'_>,
) -> Result<Vec<Diagnostic>, Error> {
    let mut found = Vec::new();
    let mut uses = BTreeMap::new();
    let base = format!("catalogue/{}/assets", host.id);
    if let Some(icon) = &host.body.icon {
        named(
            &host.path,
            "/icon",
            (&format!("host/{icon}"), Use::Icon),
            &base,
            folder,
            &mut uses,
            &mut found,
        );
    }
    for snippet in sound {
        if let Some(icon) = &snippet.body.icon {
            named(
                &snippet.path,
                "/icon",
                (&format!("{}/{icon}", snippet.id), Use::Icon),
                &base,
                folder,
                &mut uses,
                &mut found,
            );
        }
        for (index, screenshot) in snippet.body.screenshots.iter().enumerate() {
            let pointer = format!("/screenshots/{index}/file");
            let asset = format!("{}/{}", snippet.id, screenshot.file);
            named(
                &snippet.path,
                &pointer,
                (&asset, Use::Picture),
                &base,
                folder,
                &mut uses,
                &mut found,
            );
        }
    }
    for (asset, path) in &folder.assets {
        if let Some(used_as) = uses.get(asset) {
            let bytes = read(path, MAX_IMAGE)?;
            found.extend(bad_asset::of_image(path, &bytes, *used_as));
        } else if !is_of_faulty_snippet(asset, sound, folder) {
            found.push(checks::stray_file::diagnostic(
                path,
                "no file names it as its icon or screenshot",
                None,
            ));
        }
    }
    Ok(found)
}

/// The faults of the store's logo; `site` are the files of `catalogue/site/`.
pub(super) fn check_logo(
    store: &StoreFile,
    site: &BTreeSet<String>,
    read: &Read<'_>,
) -> Result<Vec<Diagnostic>, Error> {
    let Some(logo) = &store.logo else {
        return Ok(Vec::new());
    };
    let path = format!("catalogue/site/{logo}");
    if !site.contains(logo) {
        return Ok(vec![checks::missing_asset::diagnostic(
            "catalogue/store.json",
            "/logo",
            logo,
            &path,
        )]);
    }
    let bytes = read(&path, MAX_IMAGE)?;
    Ok(bad_asset::of_image(&path, &bytes, Use::Picture)
        .into_iter()
        .collect())
}

/// The uses of each asset that is there, of several the one that allows least.
type Uses = BTreeMap<String, Use>;

fn named(
    path: &str,
    pointer: &str,
    (asset, used_as): (&str, Use),
    base: &str,
    folder: &Folder,
    uses: &mut Uses,
    found: &mut Vec<Diagnostic>,
) {
    if folder.assets.contains_key(asset) {
        let known = uses.entry(asset.to_owned()).or_insert(used_as);
        *known = used_as.min(*known);
        return;
    }
    let file = asset.rsplit('/').next().unwrap_or_default();
    found.push(checks::missing_asset::diagnostic(
        path,
        pointer,
        file,
        &format!("{base}/{asset}"),
    ));
}

/// The images of an invalid snippet are unknown; they are then not called
/// stray.
fn is_of_faulty_snippet(asset: &str, sound: &[Snippet], folder: &Folder) -> bool {
    let id = asset.split('/').next().unwrap_or_default();
    let has_file = folder.snippets.iter().any(|(_, stem)| stem == id);
    has_file && sound.iter().all(|snippet| snippet.id != id)
}
