//! The marketplace that the admin panel of Bitcart reads: a list of plugins, and the archive of each.

use serde_json::{Value, json};

use super::contents::Contents;
use crate::kinds::{Content, Desk, Document, Installable, Offer, Own};

/// The panel asks for `plugins`, which a file server can not answer where a folder has that name; it finds the page.
const LIST: &str = "plugins.html";

/// The list, and the archives that it names: what the store does not serve itself can not be in it.
pub(super) fn documents(desk: &Desk<'_>) -> Vec<Document> {
    let mut list = Vec::new();
    let mut archives = Vec::new();
    for entry in desk.entries {
        let Some((own, offer, archive)) = served(desk, entry) else { continue };
        list.push(listed(entry, own, offer));
        archives.push(Document { path: format!("plugins/{}/download", entry.id), content: Content::Package(archive) });
    }
    let list = Document::json(LIST, "bitcart-plugins.schema.json", Value::Array(list));
    std::iter::once(list).chain(archives).collect()
}

/// The newest stable release of `entry` whose archive lies in the catalogue, and where it lies from the root of the store.
fn served<'d>(desk: &Desk<'_>, entry: &Installable<'d>) -> Option<(Own<'d>, &'d Offer, String)> {
    let own = entry.own?;
    let stable = own.offers.iter().filter(|offer| !offer.prerelease && !offer.yanked && !offer.is_manifest_alone);
    let taken = stable.filter(|offer| Contents::from(&offer.facts).is_some_and(|contents| !contents.refused));
    let mut local = taken.filter_map(|offer| {
        let pin = own.snippet.locator.archive.iter().find(|pin| pin.version == offer.version)?;
        Some((own, offer, pin.local_path(desk.host.id.as_str())?))
    });
    local.next()
}

/// Exactly what the panel knows of a plugin. It recognises an installed one by the name and the author of its manifest.
fn listed(entry: &Installable<'_>, own: Own<'_>, offer: &Offer) -> Value {
    let contents = Contents::from(&offer.facts).unwrap_or_default();
    let or = |told: String, else_it: &str| if told.is_empty() { else_it.to_owned() } else { told };
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
