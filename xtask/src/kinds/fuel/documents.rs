//! What Fuel's web interface asks its server for, as files: the list of plugins, each plugin, and the files of their interfaces.

use serde::Serialize;
use serde_json::Value;

use super::contents::{Contents, Form};
use super::interface;
use super::metadata::Target;
use super::rules::GROUPS;
use crate::address;
use crate::kinds::{Content, Desk, Document, Offer, Own};

/// One version of a plugin: exactly the keys that the server sends, and the two that interfaces need.
#[derive(Serialize)]
struct Plugin {
    id: u64,
    name: String,
    title: String,
    version: String,
    description: String,
    releases: Vec<Target>,
    package_version: String,
    groups: Vec<String>,
    authors: Vec<String>,
    licenses: Vec<String>,
    homepage: Option<String>,
    fuel_version: Vec<String>,
    is_hotpluggable: bool,
    ui: bool,
    enabled: bool,
}

/// Every document of the host.
pub(super) fn all(desk: &Desk<'_>) -> Vec<Document> {
    let mut plugins = Vec::new();
    let mut documents = Vec::new();
    for own in desk.entries.iter().filter_map(|entry| entry.own) {
        for offer in desk.host.adapter.shown(own.offers) {
            let Some(contents) = Contents::from(&offer.facts).filter(|contents| contents.is_sound) else { continue };
            documents.extend(of_interface(desk.host.id.as_str(), &own, offer, &contents));
            plugins.extend(own.release_numbers.get(&offer.version).and_then(|number| plugin(*number, offer, contents)));
        }
    }
    plugins.sort_by_key(|plugin| plugin.id);
    documents.extend(
        plugins
            .iter()
            .map(|plugin| Document::json(format!("api/v1/plugins/{}/index.json", plugin.id), "fuel-plugin.schema.json", json(plugin))),
    );
    documents.push(Document::json("api/v1/plugins/index.json", "fuel-plugins.schema.json", json(&plugins)));
    documents
}

fn json(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

/// `None` of an RPM package: its header does not say what the list has to.
fn plugin(id: u64, offer: &Offer, contents: Contents) -> Option<Plugin> {
    let metadata = contents.metadata;
    (contents.form != Form::Rpm).then(|| Plugin {
        id,
        name: metadata.name,
        title: metadata.title,
        version: metadata.version,
        description: metadata.description,
        releases: metadata.releases,
        package_version: metadata.package_version,
        // The first format lets anything pass.
        groups: metadata.groups.into_iter().filter(|group| GROUPS.contains(&group.as_str())).collect(),
        authors: metadata.authors,
        licenses: metadata.licenses,
        // The interface makes a link of it.
        homepage: metadata.homepage.filter(|url| address::fault_of_web_address(url).is_none()),
        fuel_version: metadata.fuel_version,
        is_hotpluggable: metadata.is_hotpluggable,
        ui: metadata.ui,
        enabled: !offer.yanked,
    })
}

/// The files of the interface, of an archive that the store serves itself.
fn of_interface(host: &str, own: &Own<'_>, offer: &Offer, contents: &Contents) -> Vec<Document> {
    let pin = own.snippet.locator.archive.iter().find(|pin| pin.version == offer.version);
    let Some(package) = pin.and_then(|pin| pin.local_path(host)) else { return Vec::new() };
    let metadata = &contents.metadata;
    let folder = format!("static/plugins/{}-{}", metadata.name, metadata.version);
    let document = |file: &String| Document {
        path: format!("{folder}/{file}"),
        content: Content::Member { package: package.clone(), member: format!("{}{}/{file}", contents.root, interface::FOLDER) },
    };
    contents.interface.iter().map(document).collect()
}
