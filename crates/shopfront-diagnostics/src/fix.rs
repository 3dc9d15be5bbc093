//! What mends a fault for certain: edits of a document, by JSON Pointer.

use serde_json::{Map, Value};

use crate::pointer::Pointer;

/// What mends a fault and can mean nothing else.
#[derive(Clone, Debug, PartialEq)]
pub enum Fix {
    /// Writing the same values in the canonical form: what `fmt` does.
    Form,
    /// One edit, then the canonical form: what `check --fix` does.
    Edit(Edit),
}

/// One edit of a document.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// Another value at this place.
    Set(Pointer, Value),
    /// The member at this place under another name, where it stands.
    Rename(Pointer, String),
    /// Without the member or the item at this place.
    Remove(Pointer),
}

/// `document` with all of `edits`, which were found in it as it is: a place that an earlier edit
/// took away is passed over.
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
    // The last items first: taking one away moves those behind it.
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

/// Sets what is there, or adds a member to an object that is there.
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

/// A name that is taken stays as it is: nothing is overwritten.
fn rename(members: &mut Map<String, Value>, from: &str, to: &str) {
    if members.contains_key(to) {
        return;
    }
    let renamed = std::mem::take(members)
        .into_iter()
        .map(|(key, value)| (if key == from { to.to_owned() } else { key }, value));
    *members = renamed.collect();
}
