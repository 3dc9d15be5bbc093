//! Marketplace that the admin panel of Bitcart reads: a list of plugins, and the archive of each.

use serde_json::{Value, json};

use super::contents::Contents;
use crate::{
    ArchiveLocation, Content, Document, HostFiles, HostFilesInput, InspectedRelease, Installable,
    LocalEntry, OmittedEntry, Why, archive_location,
};

/// List of plugins. The panel requests `plugins`, for which a file server cannot return a file if
/// a directory has that name. It then returns this page.
const LIST: &str = "plugins.html";

/// Returns the list and its archives; it can contain only archives that the store serves itself.
pub(super) fn documents(desk: &HostFilesInput<'_>) -> HostFiles {
    let (mut list, mut archives, mut left_out) = (Vec::new(), Vec::new(), Vec::new());
    for (entry, own) in desk
        .entries
        .iter()
        .filter_map(|entry| Some((entry, entry.own?)))
    {
        match served(desk, own) {
            Ok((offer, archive)) => {
                list.push(listed(entry, own, offer));
                archives.push(Document {
                    path: format!("plugins/{}/download", entry.id),
                    content: Content::Package(archive),
                });
            }
            Err(why) => left_out.push(OmittedEntry {
                id: entry.id.to_owned(),
                document: LIST.to_owned(),
                why,
            }),
        }
    }
    let list = Document::json(LIST, "bitcart-plugins.schema.json", Value::Array(list));
    HostFiles {
        documents: std::iter::once(list).chain(archives).collect(),
        left_out,
    }
}

/// Returns the newest stable release of `own` with an archive in the catalogue, and its path from
/// the root of the store. Otherwise returns the reason why there is none.
fn served<'d>(
    desk: &HostFilesInput<'_>,
    own: LocalEntry<'d>,
) -> Result<(&'d InspectedRelease, String), Why> {
    let stable = own.offers.iter().filter(|offer| offer.is_stable());
    let taken: Vec<&InspectedRelease> = stable
        .filter(|offer| Contents::from(&offer.facts).is_some_and(|contents| !contents.refused))
        .collect();
    let useless = |why: &str| Why::Useless(why.to_owned());
    let newest = *taken
        .first()
        .ok_or_else(|| useless("it has no final release that a server takes"))?;
    let here = |offer: &&&InspectedRelease| {
        matches!(
            archive_location(own.snippet, own.access, &offer.version, offer.file.as_ref()),
            Some(ArchiveLocation::Here(_))
        )
    };
    let path = |offer: &'d InspectedRelease| match archive_location(
        own.snippet,
        own.access,
        &offer.version,
        offer.file.as_ref(),
    ) {
        Some(ArchiveLocation::Here(file)) => {
            Some((offer, format!("catalogue/{}/packages/{file}", desk.host.id)))
        }
        _ => None,
    };
    if let Some(served) = taken.iter().find(here).and_then(|offer| path(offer)) {
        return Ok(served);
    }
    if !super::is_archive(newest, own.snippet) {
        return Err(useless(
            "its archive is that of a repository: a server takes a `.bitcart` file, such as an `asset` of a release",
        ));
    }
    Err(Why::ByHand(
        "its archive lies elsewhere, and the panel fetches from the marketplace alone".to_owned(),
    ))
}

/// Returns exactly the fields of a plugin that the panel reads. It identifies an installed plugin
/// by the name and the author of its manifest.
fn listed(entry: &Installable<'_>, own: LocalEntry<'_>, offer: &InspectedRelease) -> Value {
    let contents = Contents::from(&offer.facts).unwrap_or_default();
    let or = |told: String, else_it: &str| {
        if told.is_empty() {
            else_it.to_owned()
        } else {
            told
        }
    };
    json!({
        "id": entry.id,
        "name": or(contents.name, entry.display_name),
        "author": or(contents.author, entry.author),
        "description": entry.display_description,
        "created": own.listed_at.to_string(),
        "pinned": false,
        "pricing_info": {
            "fully_free": true,
            "base_amount": 0,
            "volume_threshold": 0,
            "percentage_rate": 0,
            "yearly_discount": 0,
        },
    })
}
