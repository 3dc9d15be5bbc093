//! Update of an existing snippet from its package. Values that a person wrote stay.

use serde_json::{Map, Value};

use super::{Draft, Overrides};

/// Updated snippet.
#[derive(Clone, Debug)]
pub struct Refreshed {
    /// Fields after the update.
    pub fields: Map<String, Value>,
    /// Fields that changed.
    pub changed: Vec<String>,
    /// Fields that a person wrote, with the differing value of the package.
    pub kept: Vec<(String, Value)>,
}

/// Fields that identify the plugin: with a new value it would be another plugin.
const IDENTITY: &[&str] = &["source", "module_name"];

/// Compares the snippet `old` with a `draft` of its package as it is now.
///
/// `before` is the draft from the package data at the last update of the snippet. A field that
/// still equals it comes from the package, and is updated. Any other field is from a person, and
/// stays.
pub fn refresh(
    old: &Map<String, Value>,
    draft: &Draft,
    before: Option<&Draft>,
    said: &Overrides,
) -> Refreshed {
    let mut refreshed = Refreshed {
        fields: old.clone(),
        changed: Vec::new(),
        kept: Vec::new(),
    };
    for (field, new) in &draft.fields {
        let is_said =
            said.texts.contains_key(field.as_str()) || said.lists.contains_key(field.as_str());
        let was = old.get(field);
        if was == Some(new) || IDENTITY.contains(&field.as_str()) && !is_said {
            continue;
        }
        let is_of_package = before.is_some_and(|before| before.fields.get(field) == was);
        if was.is_none() || is_said || is_of_package {
            refreshed.fields.insert(field.clone(), new.clone());
            refreshed.changed.push(field.clone());
        } else {
            refreshed.kept.push((field.clone(), new.clone()));
        }
    }
    refreshed
}
