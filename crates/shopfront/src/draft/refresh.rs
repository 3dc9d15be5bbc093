//! A snippet that is there already, brought up to what its package says now: what a person wrote
//! stays.

use serde_json::{Map, Value};

use super::{Draft, Overrides};

/// What becomes of a snippet.
#[derive(Clone, Debug)]
pub struct Refreshed {
    /// Its fields now.
    pub fields: Map<String, Value>,
    /// The fields that are not as they were.
    pub changed: Vec<String>,
    /// Fields of a person, with what the package says instead.
    pub kept: Vec<(String, Value)>,
}

/// Fields by which the plugin is known: a new value would make it another one.
const IDENTITY: &[&str] = &["source", "module_name"];

/// Holds the snippet `old` against a `draft` of its package as it is now.
///
/// `before` is the draft of what was known of the package when the snippet was last looked at: a
/// field that is as it was then is the package's, and follows it; any other is a person's, and
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
