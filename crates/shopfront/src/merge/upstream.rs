//! Other stores: what their `plugins.json` says, held against our published schema before anything of it is used.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::catalogue::{Lifecycle, Upstream};
use crate::json;
use crate::schema::Schema;
use crate::text;

/// The longest account of a fault, in characters: it may quote keys of the other store.
const MAX_FAULT: usize = 200;

/// Another store.
pub struct UpstreamStore {
    /// How `store.json` names it.
    pub id: String,
    /// What people read beside its entries.
    pub title: String,
    /// Whether its entries go into the hosts' own files.
    pub install: bool,
    /// Its entries that this store does not have itself.
    pub entries: Vec<UpstreamEntry>,
}

/// An entry of another store.
pub struct UpstreamEntry {
    /// What this program looks at of it.
    pub said: ForeignEntry,
    /// The entry as it will be published here: its own words, under our name for its store.
    pub published: Value,
}

/// What another store says of an entry, in a document that keeps to our published schema.
#[derive(Clone, Debug, Deserialize)]
pub struct ForeignEntry {
    /// The id of its host.
    pub host: String,
    /// Its id.
    pub id: String,
    /// What people call it.
    pub display_name: String,
    /// What it does.
    pub display_description: String,
    /// Who makes it.
    pub author: String,
    /// Where its releases are.
    pub source: ForeignSource,
    /// What the host imports.
    pub module_name: Option<String>,
    /// Its newest release.
    pub version: Option<String>,
    /// When that was released.
    #[serde(deserialize_with = "time")]
    pub released_at: Option<Timestamp>,
    /// When it was first listed there.
    #[serde(deserialize_with = "time")]
    pub listed_at: Option<Timestamp>,
    /// For each major version of the host, the newest release that fits.
    pub compatible: BTreeMap<String, String>,
    /// Its licence.
    pub license: Option<String>,
    /// Ids of categories.
    pub categories: Vec<String>,
    /// Words that people search for.
    pub keywords: Vec<String>,
    /// Said of a plugin that is no longer plainly alive.
    pub lifecycle: Option<Lifecycle>,
    /// Its page.
    pub page: String,
}

/// A project of a registry, as another store names it.
#[derive(Clone, Debug, Deserialize)]
pub struct ForeignSource {
    /// The id of the registry.
    pub kind: String,
    /// The project's name there.
    pub name: String,
}

impl ForeignEntry {
    /// The word for its state, where it is no longer plainly alive.
    pub fn state(&self) -> Option<&'static str> {
        self.lifecycle.as_ref().map(|it| it.state.as_str())
    }
}

/// A time that can not be read is as good as none.
fn time<'d, D: Deserializer<'d>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    let text: Option<String> = Option::deserialize(deserializer)?;
    Ok(text.and_then(|text| text.parse().ok()))
}

/// Reads the `plugins.json` of `upstream`; entries in `taken` (`host/id`) are left to their owner.
///
/// # Errors
/// Why the document can not be used, in words.
pub fn read(upstream: &Upstream, bytes: &[u8], schema: &Schema, taken: &BTreeSet<String>) -> Result<UpstreamStore, String> {
    let mut document = json::read(bytes).map_err(|cause| format!("its `plugins.json` is no JSON: {cause}"))?;
    if let Some(fault) = schema.first_fault(&document) {
        return Err(format!("its `plugins.json` breaks the format: {}", text::one_line(&fault, MAX_FAULT)));
    }
    let plugins = document["plugins"].as_array_mut().map(std::mem::take).unwrap_or_default();
    let mut entries = Vec::with_capacity(plugins.len());
    let mut seen = BTreeSet::new();
    for mut published in plugins {
        let said = ForeignEntry::deserialize(&published);
        let said =
            said.map_err(|cause| format!("its `plugins.json` breaks the format: {}", text::one_line(&cause.to_string(), MAX_FAULT)))?;
        let (host, id) = (&said.host, &said.id);
        if !seen.insert(format!("{host}/{id}")) {
            return Err(format!("its `plugins.json` lists `{host}/{id}` twice"));
        }
        if taken.contains(&format!("{host}/{id}")) {
            continue;
        }
        published["store"] = serde_json::json!({ "id": upstream.id, "title": upstream.title });
        entries.push(UpstreamEntry { said, published });
    }
    Ok(UpstreamStore { id: upstream.id.clone(), title: upstream.title.clone(), install: upstream.install, entries })
}
