//! The one way to write a document: what `fmt` writes, and `check` compares with.

use serde_json::{Map, Value};

use super::{Schema, formats};

/// Two spaces, a final newline, keys in the order of the schema, formats in their normal form.
pub(super) fn text(schema: &Schema, value: &Value) -> String {
    let ordered = ordered(Some(&schema.document), value);
    let mut text = serde_json::to_string_pretty(&ordered).expect("a JSON value has only string keys");
    text.push('\n');
    text
}

fn ordered(schema: Option<&Value>, value: &Value) -> Value {
    match value {
        Value::Object(members) => Value::Object(ordered_members(schema, members)),
        Value::Array(items) => {
            let of_items = schema.and_then(|it| it.get("items"));
            Value::Array(items.iter().map(|item| ordered(of_items, item)).collect())
        }
        Value::String(text) => {
            let format = schema.and_then(|it| it.get("format")).and_then(Value::as_str).and_then(formats::find);
            // What is not of its format is a fault of its own, and stays as it was written.
            let format = format.filter(|format| (format.holds)(text));
            Value::String(format.map_or_else(|| text.clone(), |format| (format.normal)(text)))
        }
        plain => plain.clone(),
    }
}

/// Known keys in the order of the schema, then the unknown ones as they stand.
fn ordered_members(schema: Option<&Value>, members: &Map<String, Value>) -> Map<String, Value> {
    let properties = schema.and_then(|it| it.get("properties")).and_then(Value::as_object);
    let mut sorted = Map::with_capacity(members.len());
    for (key, of_key) in properties.into_iter().flatten() {
        if let Some(value) = members.get(key) {
            sorted.insert(key.clone(), ordered(Some(of_key), value));
        }
    }
    for (key, value) in members {
        if !sorted.contains_key(key) {
            sorted.insert(key.clone(), value.clone());
        }
    }
    sorted
}
