//! `catalogue.json`, which the editor's palette manager reads in the browser of the user.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::NAME;
use super::module::Module;
use super::types::CORE_TYPES;
use crate::{
    Document, HostFiles, HostFilesInput, InspectedRelease, Installable, LocalEntry, OmittedEntry,
    Why,
};
use shopfront_model::catalogue::LifecycleState;
use shopfront_model::registry_rules::npm;
use shopfront_text::one_line;

/// Number of characters of a description that the palette shows.
const DESCRIPTION: usize = 255;

const FILE: &str = "catalogue.json";

/// Returns the document. It omits entries that would prevent the palette from opening or run code
/// in its page.
pub(super) fn given(desk: &HostFilesInput<'_>) -> HostFiles {
    let (mut modules, mut left_out) = (Vec::new(), Vec::new());
    for (entry, own) in desk
        .entries
        .iter()
        .filter_map(|entry| Some((entry, entry.own?)))
    {
        match module(desk, entry, own) {
            Ok(module) => modules.push(module),
            Err(why) => left_out.push(OmittedEntry {
                id: entry.id.to_owned(),
                document: FILE.to_owned(),
                why: Why::Useless(why),
            }),
        }
    }
    let value = json!({ "name": without_markup(&desk.store.title), "updated_at": desk.generated_at.to_string(), "modules": modules });
    HostFiles {
        documents: vec![Document::json(
            FILE,
            "node-red-catalogue.schema.json",
            value,
        )],
        left_out,
    }
}

/// Removes markup: the editor inserts the name into its page as HTML.
fn without_markup(title: &str) -> String {
    title.replace('&', "+").replace(['<', '>'], " ")
}

/// Returns the entry for the palette, otherwise the reason why it is omitted.
fn module(
    desk: &HostFilesInput<'_>,
    entry: &Installable<'_>,
    own: LocalEntry<'_>,
) -> Result<Value, String> {
    let offer =
        offered(own.offers).ok_or("none of its versions is one that the palette can read")?;
    let module = Module::of(&offer.facts).ok_or("nobody knows what its package holds")?;
    // A module with a node type of Node-RED itself is not loaded. A module with another name is
    // installed and then ignored.
    if !npm::is_package(entry.project) || entry.project == NAME {
        return Err(format!(
            "the palette takes no module called `{}`",
            entry.project
        ));
    }
    if module.name != entry.project {
        return Err(format!(
            "its package calls itself `{}`",
            one_line(&module.name, 100)
        ));
    }
    if let Some(name) = module
        .types
        .iter()
        .find(|name| CORE_TYPES.contains(&name.as_str()))
    {
        return Err(format!("its node type `{name}` is one of Node-RED's own"));
    }
    let body = &own.snippet.body;
    let mut fields = Map::new();
    let mut put = |key: &str, value: Value| drop(fields.insert(key.to_owned(), value));
    put("id", entry.project.into());
    put("version", offer.version.clone().into());
    put(
        "description",
        one_line(entry.display_description, DESCRIPTION).into(),
    );
    put(
        "updated_at",
        offer
            .released_at
            .unwrap_or(own.listed_at)
            .to_string()
            .into(),
    );
    put("types", module.types.clone().into());
    put("keywords", keywords(entry, &own).into());
    put(
        "url",
        format!("{}{}/{}/", desk.store.url, desk.host.id, entry.id).into(),
    );
    if let Some(lifecycle) = body
        .lifecycle
        .as_ref()
        .filter(|it| it.state == LifecycleState::Deprecated)
    {
        put(
            "deprecated",
            lifecycle
                .reason
                .clone()
                .map_or(Value::Bool(true), Value::from),
        );
    } else if offer.yanked {
        put("deprecated", true.into());
    }
    if !body.categories.is_empty() {
        put("categories", body.categories.clone().into());
    }
    // Not used by any editor yet; it allows an editor to show compatibility before the
    // installation.
    if !offer.requires.is_empty() {
        put("engines", json!(offer.requires));
    }
    Ok(Value::Object(fields))
}

/// Returns the newest release that is neither a pre-release nor deprecated, otherwise the newest.
/// Releases without a plain version are skipped.
pub(super) fn offered(offers: &[InspectedRelease]) -> Option<&InspectedRelease> {
    let readable = || offers.iter().filter(|offer| is_plain(&offer.version));
    readable()
        .find(|offer| !offer.prerelease && !offer.yanked)
        .or_else(|| readable().next())
}

/// Returns `true` for `^\d+(\.\d+)?(\.\d+)?(-[0-9A-Za-z-]+)?(\.[0-9A-Za-z-.]+)?$`. With another
/// version, the palette does not open for users who have the module.
fn is_plain(version: &str) -> bool {
    let (numbers, rest) = version
        .split_once('-')
        .map_or((version, None), |(numbers, rest)| (numbers, Some(rest)));
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_word = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let parts: Vec<&str> = numbers.split('.').collect();
    parts.len() <= 3
        && parts.iter().all(|part| is_number(part))
        && rest.is_none_or(|rest| rest.split('.').all(is_word))
}

/// Returns the keywords, including the words of the entry. The palette searches only keywords,
/// names and types.
fn keywords(entry: &Installable<'_>, own: &LocalEntry<'_>) -> Vec<String> {
    let bare = |word: &str| {
        word.trim_matches(|it: char| !it.is_alphanumeric())
            .to_lowercase()
    };
    let words = entry.display_name.split_whitespace().map(bare);
    let all: BTreeSet<String> = own
        .snippet
        .body
        .keywords
        .iter()
        .map(|word| word.to_lowercase())
        .chain(words)
        .collect();
    all.into_iter().filter(|word| !word.is_empty()).collect()
}
