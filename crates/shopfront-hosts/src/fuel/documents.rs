//! Server responses that Fuel's web interface requests, as files: the list of plugins, each
//! plugin, and the files of their interfaces.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use serde::Serialize;
use serde_json::Value;

use super::contents::{Contents, Form};
use super::interface;
use super::metadata::Target;
use super::rules::GROUPS;
use crate::{
    ArchiveLocation, Content, Document, HostFiles, HostFilesInput, InspectedRelease, LocalEntry,
    OmittedEntry, Why, archive_location,
};
use shopfront_text::url_policy;

/// One version of a plugin: exactly the keys that the server sends, and the two that interfaces
/// need.
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

const LIST: &str = "api/v1/plugins/index.json";

/// Returns all documents of the host.
pub(super) fn all(desk: &HostFilesInput<'_>) -> HostFiles {
    let (mut plugins, mut documents, mut left_out) = (Vec::new(), Vec::new(), Vec::new());
    let mut places = BTreeMap::new();
    for (entry, own) in desk
        .entries
        .iter()
        .filter_map(|entry| Some((entry, entry.own?)))
    {
        let mut missing = None;
        let before = plugins.len();
        for offer in desk.host.adapter.shown(own.offers) {
            match listed(&own, offer) {
                // The interface finds its files by name and version: the first plugin with these
                // keeps them.
                Ok((plugin, contents)) => match places.entry(place(&plugin)) {
                    Entry::Vacant(free) => {
                        free.insert(entry.id);
                        documents.extend(of_interface(
                            desk.host.id.as_str(),
                            &own,
                            offer,
                            &contents,
                        ));
                        plugins.push(plugin);
                    }
                    Entry::Occupied(taken) => {
                        let why = format!("`{}` has `{}`", taken.get(), taken.key());
                        left_out.push(OmittedEntry {
                            id: entry.id.to_owned(),
                            document: LIST.to_owned(),
                            why: Why::ByHand(why),
                        });
                    }
                },
                Err(why) => missing = missing.or(Some(why)),
            }
        }
        if plugins.len() == before {
            left_out.extend(missing.map(|why| OmittedEntry {
                id: entry.id.to_owned(),
                document: LIST.to_owned(),
                why,
            }));
        }
    }
    plugins.sort_by_key(|plugin| plugin.id);
    documents.extend(plugins.iter().map(|plugin| {
        Document::json(
            format!("api/v1/plugins/{}/index.json", plugin.id),
            "fuel-plugin.schema.json",
            json(plugin),
        )
    }));
    documents.push(Document::json(
        LIST,
        "fuel-plugins.schema.json",
        json(&plugins),
    ));
    HostFiles {
        documents,
        left_out,
    }
}

/// Returns one release for the list, otherwise the reason why it is omitted.
fn listed(own: &LocalEntry<'_>, offer: &InspectedRelease) -> Result<(Plugin, Contents), Why> {
    let contents = Contents::from(&offer.facts).filter(|contents| contents.is_sound);
    let contents = contents
        .ok_or_else(|| Why::Useless("its package breaks rules of its format".to_owned()))?;
    if contents.form == Form::Rpm {
        return Err(Why::ByHand(
            "the header of an RPM package does not say what the list has to".to_owned(),
        ));
    }
    let number = own
        .release_numbers
        .get(&offer.version)
        .ok_or_else(|| Why::Useless("its release has no number yet".to_owned()))?;
    Ok((plugin(*number, offer, contents.clone()), contents))
}

/// Returns the directory in which the interface finds the files of `plugin`.
fn place(plugin: &Plugin) -> String {
    format!("static/plugins/{}-{}", plugin.name, plugin.version)
}

fn json(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

fn plugin(id: u64, offer: &InspectedRelease, contents: Contents) -> Plugin {
    let metadata = contents.metadata;
    Plugin {
        id,
        name: metadata.name,
        title: metadata.title,
        version: metadata.version,
        description: metadata.description,
        releases: metadata.releases,
        package_version: metadata.package_version,
        // The first format accepts any value.
        groups: metadata
            .groups
            .into_iter()
            .filter(|group| GROUPS.contains(&group.as_str()))
            .collect(),
        authors: metadata.authors,
        licenses: metadata.licenses,
        // The interface uses it as a link.
        homepage: metadata
            .homepage
            .filter(|url| url_policy::check_web_url(url).is_none()),
        fuel_version: metadata.fuel_version,
        is_hotpluggable: metadata.is_hotpluggable,
        ui: metadata.ui,
        enabled: !offer.yanked,
    }
}

/// Returns the files of the interface, for an archive that the store serves itself.
fn of_interface(
    host: &str,
    own: &LocalEntry<'_>,
    offer: &InspectedRelease,
    contents: &Contents,
) -> Vec<Document> {
    let Some(ArchiveLocation::Here(file)) =
        archive_location(own.snippet, own.access, &offer.version, offer.file.as_ref())
    else {
        return Vec::new();
    };
    let package = format!("catalogue/{host}/packages/{file}");
    let metadata = &contents.metadata;
    let folder = format!("static/plugins/{}-{}", metadata.name, metadata.version);
    let document = |file: &String| Document {
        path: format!("{folder}/{file}"),
        content: Content::Member {
            package: package.clone(),
            member: format!("{}{}/{file}", contents.root, interface::FOLDER),
        },
    };
    contents.interface.iter().map(document).collect()
}
