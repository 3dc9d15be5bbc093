//! `catalogue.json`: what the palette manager of the editor reads, from the browser of whoever edits flows.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::module::Module;
use super::types::CORE_TYPES;
use crate::catalogue::LifecycleState;
use crate::kinds::{Desk, Document, Installable, Offer, Own};
use crate::registry::npm;
use crate::text::one_line;

/// Characters of a description that the palette shows.
const DESCRIPTION: usize = 255;

/// The document. What would keep the palette from opening, or run in its page, is left out of it.
pub(super) fn document(desk: &Desk<'_>) -> Document {
    let modules: Vec<Value> = desk.entries.iter().filter_map(|entry| module(desk, entry)).collect();
    let value = json!({ "name": without_markup(&desk.store.title), "updated_at": desk.generated_at.to_string(), "modules": modules });
    Document::json("catalogue.json", "node-red-catalogue.schema.json", value)
}

/// The editor puts the name into its page as HTML.
fn without_markup(title: &str) -> String {
    title.replace('&', "+").replace(['<', '>'], " ")
}

fn module(desk: &Desk<'_>, entry: &Installable<'_>) -> Option<Value> {
    let own = entry.own?;
    let (offer, module) = offered(&own)?;
    // One with a type of Node-RED's own is not loaded; one that is called otherwise is installed and left behind.
    let is_sound = npm::is_package(entry.project) && module.name == entry.project && entry.project != "node-red";
    if !is_sound || module.types.iter().any(|name| CORE_TYPES.contains(&name.as_str())) {
        return None;
    }
    let body = &own.snippet.body;
    let mut fields = Map::new();
    let mut put = |key: &str, value: Value| drop(fields.insert(key.to_owned(), value));
    put("id", entry.project.into());
    put("version", offer.version.clone().into());
    put("description", one_line(entry.display_description, DESCRIPTION).into());
    put("updated_at", offer.released_at.unwrap_or(own.listed_at).to_string().into());
    put("types", module.types.clone().into());
    put("keywords", keywords(entry, &own).into());
    put("url", format!("{}{}/{}/", desk.store.url, desk.host.id, entry.id).into());
    if let Some(lifecycle) = body.lifecycle.as_ref().filter(|it| it.state == LifecycleState::Deprecated) {
        put("deprecated", lifecycle.reason.clone().map_or(Value::Bool(true), Value::from));
    } else if offer.yanked {
        put("deprecated", true.into());
    }
    if !body.categories.is_empty() {
        put("categories", body.categories.clone().into());
    }
    // Read by nobody yet; it lets an editor say what fits before somebody installs it.
    if !offer.requires.is_empty() {
        put("engines", json!(offer.requires));
    }
    Some(Value::Object(fields))
}

/// The newest release that is neither a pre-release nor deprecated, else the newest; what has no plain version is none.
fn offered<'o>(own: &Own<'o>) -> Option<(&'o Offer, Module)> {
    let readable = || own.offers.iter().filter(|offer| is_plain(&offer.version));
    let best = readable().find(|offer| !offer.prerelease && !offer.yanked).or_else(|| readable().next())?;
    Some((best, Module::of(&best.facts)?))
}

/// `^\d+(\.\d+)?(\.\d+)?(-[0-9A-Za-z-]+)?(\.[0-9A-Za-z-.]+)?$`: with another version, the palette of everybody who has
/// the module does not open.
fn is_plain(version: &str) -> bool {
    let (numbers, rest) = version.split_once('-').map_or((version, None), |(numbers, rest)| (numbers, Some(rest)));
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_word = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let parts: Vec<&str> = numbers.split('.').collect();
    parts.len() <= 3 && parts.iter().all(|part| is_number(part)) && rest.is_none_or(|rest| rest.split('.').all(is_word))
}

/// The palette looks for what people type in these alone, beside names and types: so the words of the entry are among them.
fn keywords(entry: &Installable<'_>, own: &Own<'_>) -> Vec<String> {
    let bare = |word: &str| word.trim_matches(|it: char| !it.is_alphanumeric()).to_lowercase();
    let words = entry.display_name.split_whitespace().map(bare);
    let all: BTreeSet<String> = own.snippet.body.keywords.iter().map(|word| word.to_lowercase()).chain(words).collect();
    all.into_iter().filter(|word| !word.is_empty()).collect()
}
