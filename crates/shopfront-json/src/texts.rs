//! Every text of a document.

use serde_json::Value;

use shopfront_diagnostics::Part;
use shopfront_diagnostics::pointer::Pointer;

/// Gives `look` every key and every text of `value` that is not plain ASCII, with its place.
pub fn texts(value: &Value, look: &mut dyn FnMut(&Pointer, Part, &str)) {
    walk(&Pointer::root(), value, look);
}

fn walk(at: &Pointer, value: &Value, look: &mut dyn FnMut(&Pointer, Part, &str)) {
    match value {
        // Nothing is to be seen in a text of printable ASCII, and its place need not be written
        // down.
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
