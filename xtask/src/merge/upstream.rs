//! Other stores: what their `plugins.json` says, held against our published schema before anything of it is used.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::catalogue::Upstream;
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
    /// The id of its host.
    pub host: String,
    /// Its id.
    pub id: String,
    /// The entry as it will be published here: its own words, under our name for its store.
    pub published: Value,
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
        let text = |key: &str| published[key].as_str().unwrap_or_default().to_owned();
        let (host, id) = (text("host"), text("id"));
        if !seen.insert(format!("{host}/{id}")) {
            return Err(format!("its `plugins.json` lists `{host}/{id}` twice"));
        }
        if taken.contains(&format!("{host}/{id}")) {
            continue;
        }
        published["store"] = serde_json::json!({ "id": upstream.id, "title": upstream.title });
        entries.push(UpstreamEntry { host, id, published });
    }
    Ok(UpstreamStore { id: upstream.id.clone(), title: upstream.title.clone(), install: upstream.install, entries })
}
