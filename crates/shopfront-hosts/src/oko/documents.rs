//! Store API as called by a backend of OKO Dashboard, with each response in a file.
//!
//! A plugin has the id of its snippet, which is permanent. Its manifest contains the name that it
//! is installed under, which may change between releases.
//!
//! The client follows no redirects and requests URLs without an extension. A list is `….html`,
//! which file servers find by its stem. A response whose name is not also a directory is a file
//! without an extension.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::contents::Contents;
use crate::{
    ArchiveLocation, Document, HostFiles, HostFilesInput, InspectedRelease, Installable,
    LocalEntry, OmittedEntry, Why, archive_location,
};
use shopfront_model::registry_rules::github;

const LIST: &str = "oko-plugins.schema.json";
const PLUGIN: &str = "oko-plugin.schema.json";
const MANIFEST: &str = "oko-manifest.schema.json";
const HEALTH: &str = "oko-health.schema.json";

/// List that the panel shows.
const PLUGINS: &str = "api/v1/rpc/plugins.html";

/// Returns all files.
pub(super) fn all(desk: &HostFilesInput<'_>) -> HostFiles {
    let (listed, left_out) = listed(desk);
    let plugins: Vec<Value> = listed.iter().map(|it| it.info()).collect();
    let list = json!({ "plugins": plugins, "total": plugins.len() });
    let mut documents = vec![
        Document::json(PLUGINS, LIST, list.clone()),
        Document::json("api/v1/plugins.html", LIST, list),
        Document::json("api/v1/rpc/health", HEALTH, health(desk, plugins.len())),
        Document::json("api/v1/health", HEALTH, health(desk, plugins.len())),
    ];
    for (plugin, info) in listed.iter().zip(plugins) {
        documents.push(Document::json(
            format!("api/v1/rpc/plugins/{}/manifest", plugin.entry.id),
            MANIFEST,
            plugin.manifest_document(),
        ));
        documents.push(Document::json(
            format!("api/v1/plugins/{}", plugin.entry.id),
            PLUGIN,
            info,
        ));
    }
    HostFiles {
        documents,
        left_out,
    }
}

/// Plugin that a backend can install, in its newest stable release.
struct Listed<'l> {
    entry: &'l Installable<'l>,
    own: LocalEntry<'l>,
    offer: &'l InspectedRelease,
    contents: Contents,
    /// Public URL of its archive.
    url: String,
}

/// Returns the installable plugins by id. If two have the same name, the first listed one is
/// kept: the panel uses the first match.
fn listed<'d>(desk: &'d HostFilesInput<'_>) -> (Vec<Listed<'d>>, Vec<OmittedEntry>) {
    let left = |id: &str, why: String| OmittedEntry {
        id: id.to_owned(),
        document: PLUGINS.to_owned(),
        why: Why::Useless(why),
    };
    let (mut all, mut left_out) = (Vec::new(), Vec::new());
    for (entry, own) in desk
        .entries
        .iter()
        .filter_map(|entry| Some((entry, entry.own?)))
    {
        match newest(desk, entry, own) {
            Ok(listed) => all.push(listed),
            Err(why) => left_out.push(left(entry.id, why)),
        }
    }
    // Names that differ by case alone are one folder on many machines.
    let name = |it: &Listed<'_>| it.contents.name.to_lowercase();
    let mut by_age: Vec<(u64, &str, String)> = all
        .iter()
        .map(|it| (it.own.number, it.entry.id, name(it)))
        .collect();
    by_age.sort_unstable();
    let mut first: BTreeMap<String, &str> = BTreeMap::new();
    for (_, id, name) in by_age {
        first.entry(name).or_insert(id);
    }
    let late: BTreeMap<&str, &str> = all
        .iter()
        .map(|it| (it.entry.id, first[&name(it)]))
        .filter(|(id, first)| id != first)
        .collect();
    left_out.extend(
        late.iter()
            .map(|(id, first)| left(id, format!("`{first}` has its name"))),
    );
    let late: BTreeSet<String> = late.into_keys().map(str::to_owned).collect();
    all.retain(|it| !late.contains(it.entry.id));
    (all, left_out)
}

/// Returns the newest stable release of `entry` if hosts can use its name and its archive is
/// public; otherwise the reason.
fn newest<'d>(
    desk: &'d HostFilesInput<'_>,
    entry: &'d Installable<'_>,
    own: LocalEntry<'d>,
) -> Result<Listed<'d>, String> {
    // The panel compares only the numbers of versions: it would treat a pre-release as the
    // release.
    let offer = *desk
        .host
        .adapter
        .shown(own.offers)
        .first()
        .ok_or("none of its releases is final")?;
    let contents =
        Contents::from(&offer.facts).filter(|it| !it.name.is_empty() && !it.version.is_empty());
    let contents =
        contents.ok_or("its manifest has no name, or no version, that a backend can use")?;
    Ok(Listed {
        entry,
        own,
        offer,
        contents,
        url: archive(desk, own, offer)?,
    })
}

fn archive(
    desk: &HostFilesInput<'_>,
    own: LocalEntry<'_>,
    offer: &InspectedRelease,
) -> Result<String, String> {
    let file = offer.file.as_ref();
    let is_zip = file.is_none_or(|file| file.name.to_ascii_lowercase().ends_with(".zip"));
    if !is_zip || own.snippet.locator.subdirectory.is_some() {
        // The installer unpacks only zip files, and reads only the root and one directory level.
        return Err("its archive is that of a repository: a backend takes a zip of the plugin, such as an `asset` of a release".to_owned());
    }
    match archive_location(own.snippet, own.access, &offer.version, file) {
        Some(ArchiveLocation::There(url)) => Ok(url),
        Some(ArchiveLocation::Here(file)) => Ok(format!(
            "{}{}/packages/{file}",
            desk.store.url, desk.host.id
        )),
        None => Err("nobody knows where its archive lies".to_owned()),
    }
}

impl Listed<'_> {
    /// Returns `PluginInfo`. Unknown fields are omitted: the client fails on `null` in place of a
    /// list.
    fn info(&self) -> Value {
        // A plugin may be listed long after its newest release, and is new to this store at that
        // time.
        let listed_at = self.own.listed_at;
        let updated_at = self
            .offer
            .released_at
            .map_or(listed_at, |released_at| released_at.max(listed_at));
        let file = self.offer.file.as_ref();
        let metadata = [
            (
                "sha256",
                file.and_then(|it| it.sha256.clone()).map(Value::from),
            ),
            ("size", file.and_then(|it| it.size).map(Value::from)),
        ];
        let metadata: Map<String, Value> = metadata
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?)))
            .collect();
        json!({
            "id": self.entry.id,
            "name": self.contents.name,
            "version": self.contents.version,
            "description": self.entry.display_description,
            "author": self.entry.author,
            "source": if self.own.snippet.source.registry == github::ID { "github" } else { "zip_upload" },
            "source_url": self.url,
            "manifest": self.manifest(),
            "created_at": listed_at.to_string(),
            "updated_at": updated_at.to_string(),
            "metadata": metadata,
        })
    }

    /// Returns the metadata that the package declares.
    fn manifest(&self) -> Value {
        let said = &self.contents;
        let mut manifest =
            json!({ "name": said.name, "version": said.version, "description": said.description });
        let texts = [
            ("author", &said.author),
            ("homepage", &said.homepage),
            ("license", &said.license),
        ];
        for (name, text) in texts
            .into_iter()
            .filter_map(|(name, text)| Some((name, text.as_ref()?)))
        {
            manifest[name] = json!(text);
        }
        for (name, list) in [("tags", &said.tags), ("capabilities", &said.capabilities)] {
            if !list.is_empty() {
                manifest[name] = json!(list);
            }
        }
        manifest
    }

    /// Returns the response for one manifest, from which the installer takes name, version and
    /// lists.
    fn manifest_document(&self) -> Value {
        let manifest = self.manifest();
        let mut document = json!({
            "plugin_id": self.entry.id,
            "name": self.contents.name,
            "version": self.contents.version,
            "description": self.entry.display_description,
            "author": self.entry.author,
        });
        for name in ["homepage", "license", "tags", "capabilities"] {
            if let Some(value) = manifest.get(name) {
                document[name] = value.clone();
            }
        }
        document["manifest"] = manifest;
        document
    }
}

/// Returns the health document. `generated_at` is the age of the data; the other fields are those
/// of the client's own store.
fn health(desk: &HostFilesInput<'_>, count: usize) -> Value {
    json!({
        "status": "healthy",
        "version": env!("CARGO_PKG_VERSION"),
        "storage_path": format!("{}{}/", desk.store.url, desk.host.id),
        "plugins_count": count,
        "generated_at": desk.generated_at.to_string(),
    })
}
