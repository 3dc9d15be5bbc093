//! The one way to write a document: what `fmt` writes, and `check` compares with.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::{Schema, formats};

/// Two spaces, a final newline, keys in the order of the schema, formats in their normal form.
pub(super) fn text(schema: &Schema, value: &Value) -> String {
    let mut out = String::with_capacity(1 << 10);
    write(&mut out, Some(&schema.document), value, 0);
    out.push('\n');
    out
}

fn write(out: &mut String, schema: Option<&Value>, value: &Value, depth: usize) {
    match value {
        Value::Object(members) if !members.is_empty() => write_object(out, schema, members, depth),
        Value::Array(items) if !items.is_empty() => {
            let of_items = schema.and_then(|it| it.get("items"));
            let is_set = schema.and_then(|it| it.get("uniqueItems")) == Some(&Value::Bool(true));
            let mut written: Vec<Cow<'_, str>> = Vec::new();
            for (index, item) in items.iter().enumerate() {
                // Two words of a set may be the same in their normal form.
                if let (true, Some(text)) = (is_set, item.as_str()) {
                    let text = normal(of_items, text);
                    if written.contains(&text) {
                        continue;
                    }
                    written.push(text);
                }
                out.push_str(if index == 0 { "[" } else { "," });
                new_line(out, depth + 1);
                write(out, of_items, item, depth + 1);
            }
            new_line(out, depth);
            out.push(']');
        }
        Value::String(text) => write_string(out, &normal(schema, text)),
        plain => out.push_str(&plain.to_string()),
    }
}

/// Known keys in the order of the schema, then the unknown ones as they stand.
fn write_object(out: &mut String, schema: Option<&Value>, members: &Map<String, Value>, depth: usize) {
    let properties = schema.and_then(|it| it.get("properties")).and_then(Value::as_object);
    let known = properties.into_iter().flatten().filter_map(|(key, of_key)| Some((key, Some(of_key), members.get(key)?)));
    let is_known = |key: &str| properties.is_some_and(|it| it.contains_key(key));
    let unknown = members.iter().filter(|(key, _)| !is_known(key)).map(|(key, value)| (key, None, value));
    for (index, (key, of_key, value)) in known.chain(unknown).enumerate() {
        out.push_str(if index == 0 { "{" } else { "," });
        new_line(out, depth + 1);
        write_string(out, key);
        out.push_str(": ");
        write(out, of_key, value, depth + 1);
    }
    new_line(out, depth);
    out.push('}');
}

/// What is not of its format is a fault of its own, and stays as it was written.
fn normal<'t>(schema: Option<&Value>, text: &'t str) -> Cow<'t, str> {
    let format = schema.and_then(|it| it.get("format")).and_then(Value::as_str).and_then(formats::find);
    match format.filter(|format| (format.holds)(text)) {
        Some(format) => Cow::Owned((format.normal)(text)),
        None => Cow::Borrowed(text),
    }
}

fn write_string(out: &mut String, text: &str) {
    let is_plain = text.bytes().all(|byte| byte >= 0x20 && byte != b'"' && byte != b'\\');
    if is_plain {
        out.push('"');
        out.push_str(text);
        out.push('"');
    } else {
        out.push_str(&Value::from(text).to_string());
    }
}

fn new_line(out: &mut String, depth: usize) {
    const BLANKS: &str =
        "                                                                                                                                ";
    out.push('\n');
    // Nothing nests deeper than 64 levels: see `json::MAX_DEPTH`.
    out.push_str(&BLANKS[..(depth * 2).min(BLANKS.len())]);
}
