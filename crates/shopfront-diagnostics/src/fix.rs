//! Safe fixes: edits of a document, by JSON Pointer.

use serde_json::{Map, Value};

use crate::pointer::Pointer;

/// Unambiguous fix of a problem.
#[derive(Clone, Debug, PartialEq)]
pub enum Fix {
    /// Same values in the canonical form, as written by `fmt`.
    Form,
    /// One edit, then the canonical form, as written by `check --fix`.
    Edit(Edit),
}

/// One edit of a document.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// Sets the value at this pointer.
    Set(Pointer, Value),
    /// Renames the member at this pointer and keeps its position.
    Rename(Pointer, String),
    /// Removes the member or item at this pointer.
    Remove(Pointer),
}

/// Applies all of `edits` to `document`. The pointers refer to the unedited document; pointers
/// that an earlier edit removed are skipped.
pub fn apply(document: &mut Value, edits: &[Edit]) {
    for edit in edits {
        if let Edit::Set(pointer, value) = edit {
            set(document, pointer, value);
        }
    }
    for edit in edits {
        if let Edit::Rename(pointer, name) = edit
            && let Some(Value::Object(members)) = document.pointer_mut(pointer.parent().as_str())
        {
            rename(members, &pointer.last(), name);
        }
    }
    // Last items first: removing one shifts those after it.
    let mut removed: Vec<&Pointer> = edits
        .iter()
        .filter_map(|edit| {
            if let Edit::Remove(at) = edit {
                Some(at)
            } else {
                None
            }
        })
        .collect();
    removed.sort_by_key(|pointer| {
        std::cmp::Reverse((
            pointer.parent(),
            pointer.last().parse::<usize>().unwrap_or(0),
        ))
    });
    removed.dedup();
    for pointer in removed {
        match document.pointer_mut(pointer.parent().as_str()) {
            Some(Value::Object(members)) => {
                members.shift_remove(&pointer.last());
            }
            Some(Value::Array(items)) => {
                let index = pointer.last().parse().unwrap_or(usize::MAX);
                if index < items.len() {
                    items.remove(index);
                }
            }
            _ => {}
        }
    }
}

/// Sets an existing value, or adds a member to an existing object.
fn set(document: &mut Value, pointer: &Pointer, value: &Value) {
    match (
        document.pointer_mut(pointer.parent().as_str()),
        pointer.as_str(),
    ) {
        (_, "") => *document = value.clone(),
        (Some(Value::Object(members)), _) => {
            members.insert(pointer.last(), value.clone());
        }
        (Some(Value::Array(items)), _) => {
            if let Some(item) = pointer
                .last()
                .parse()
                .ok()
                .and_then(|index: usize| items.get_mut(index))
            {
                *item = value.clone();
            }
        }
        _ => {}
    }
}

/// Renames a member. An existing member with the new name is kept: nothing is overwritten.
fn rename(members: &mut Map<String, Value>, from: &str, to: &str) {
    if members.contains_key(to) {
        return;
    }
    let renamed = std::mem::take(members)
        .into_iter()
        .map(|(key, value)| (if key == from { to.to_owned() } else { key }, value));
    *members = renamed.collect();
}
