//! Traversal of the strings in a document.

use serde_json::Value;

use shopfront_diagnostics::Part;
use shopfront_diagnostics::pointer::Pointer;

/// Passes every key and string of `value` that is not plain ASCII to `look`, with its location.
pub fn texts(value: &Value, look: &mut dyn FnMut(&Pointer, Part, &str)) {
    walk(&Pointer::root(), value, look);
}

fn walk(at: &Pointer, value: &Value, look: &mut dyn FnMut(&Pointer, Part, &str)) {
    match value {
        // A string of printable ASCII has no problem, and its location need not be computed.
        Value::String(text) if !text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) => {
            look(at, Part::Value, text)
        }
        Value::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(index, item)| walk(&at.index(index), item, look)),
        Value::Object(members) => {
            for (key, value) in members {
                let at = at.key(key);
                look(&at, Part::Key, key);
                walk(&at, value, look);
            }
        }
        _ => {}
    }
}
