//! The one way to write a document: what `fmt` writes, and `check` compares with.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::formats::{self, Format};

/// Canonical form as a schema defines it: the order of keys, and formats. Asking the schema
/// itself for every value of ten thousand files would cost more than writing them.
#[derive(Default)]
pub(super) struct Form {
    keys: Vec<(String, Form)>,
    items: Option<Box<Form>>,
    /// `true` if items must be unique.
    is_set: bool,
    format: Option<&'static Format>,
}

impl Form {
    /// The form that `schema` asks for.
    pub(super) fn of(schema: &Value) -> Form {
        let properties = schema.get("properties").and_then(Value::as_object);
        Form {
            keys: properties
                .into_iter()
                .flatten()
                .map(|(key, of_key)| (key.clone(), Form::of(of_key)))
                .collect(),
            is_set: schema.get("uniqueItems") == Some(&Value::Bool(true)),
            items: schema.get("items").map(|items| Box::new(Form::of(items))),
            format: schema
                .get("format")
                .and_then(Value::as_str)
                .and_then(formats::find),
        }
    }

    /// `value` with two spaces, a final newline, keys in the order of the schema, formats in their
    /// normal form.
    pub(super) fn text(&self, value: &Value) -> String {
        let mut text = String::with_capacity(1 << 10);
        write_document(&mut text, self, value);
        text
    }

    /// Returns `true` if `text` is [`Form::text`] of `value`, without allocating the latter.
    pub(super) fn is(&self, value: &Value, text: &str) -> bool {
        let mut same = Same(Some(text));
        write_document(&mut same, self, value);
        same.0 == Some("")
    }
}

/// Receiver of the canonical form, piece by piece.
trait Out {
    fn push(&mut self, piece: &str);
}

impl Out for String {
    fn push(&mut self, piece: &str) {
        self.push_str(piece);
    }
}

/// Remainder of a text that was equal so far; `None` after the first difference.
struct Same<'t>(Option<&'t str>);

impl Out for Same<'_> {
    fn push(&mut self, piece: &str) {
        self.0 = self.0.and_then(|rest| rest.strip_prefix(piece));
    }
}

fn write_document(out: &mut impl Out, form: &Form, value: &Value) {
    write(out, Some(form), value, 0);
    out.push("\n");
}

fn write(out: &mut impl Out, form: Option<&Form>, value: &Value, depth: usize) {
    match value {
        Value::Object(members) if !members.is_empty() => write_object(out, form, members, depth),
        Value::Array(items) if !items.is_empty() => {
            let of_items = form.and_then(|it| it.items.as_deref());
            let is_set = form.is_some_and(|it| it.is_set);
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
                out.push(if index == 0 { "[" } else { "," });
                new_line(out, depth + 1);
                write(out, of_items, item, depth + 1);
            }
            new_line(out, depth);
            out.push("]");
        }
        Value::String(text) => write_string(out, &normal(form, text)),
        plain => out.push(&plain.to_string()),
    }
}

/// Known keys in the order of the schema, then the unknown ones as they stand.
fn write_object(
    out: &mut impl Out,
    form: Option<&Form>,
    members: &Map<String, Value>,
    depth: usize,
) {
    let known = form.map(|it| it.keys.as_slice()).unwrap_or_default();
    // A few keys are compared one by one, which is faster than hashing them.
    let rank = |key: &String| {
        known
            .iter()
            .position(|(it, _)| it == key)
            .unwrap_or(known.len())
    };
    let mut ranked: Vec<(usize, &String, &Value)> = members
        .iter()
        .map(|(key, value)| (rank(key), key, value))
        .collect();
    ranked.sort_by_key(|(rank, ..)| *rank);
    for (index, (rank, key, value)) in ranked.into_iter().enumerate() {
        out.push(if index == 0 { "{" } else { "," });
        new_line(out, depth + 1);
        write_string(out, key);
        out.push(": ");
        write(
            out,
            known.get(rank).map(|(_, of_key)| of_key),
            value,
            depth + 1,
        );
    }
    new_line(out, depth);
    out.push("}");
}

/// A value that is not of its format has an error of its own, and is kept as written.
fn normal<'t>(form: Option<&Form>, text: &'t str) -> Cow<'t, str> {
    let Some(format) = form.and_then(|it| it.format) else {
        return Cow::Borrowed(text);
    };
    let normal = (format.normal)(text);
    // Most texts are as they should be, and need no look at whether they are of their format.
    if normal == text || (format.holds)(text) {
        normal
    } else {
        Cow::Borrowed(text)
    }
}

fn write_string(out: &mut impl Out, text: &str) {
    // To the end, whatever comes: without an exit in its middle, the loop looks at sixteen bytes at
    // once.
    let is_odd = text.bytes().fold(false, |is_odd, byte| {
        is_odd | (byte < 0x20) | (byte == b'"') | (byte == b'\\')
    });
    if !is_odd {
        out.push("\"");
        out.push(text);
        out.push("\"");
    } else {
        out.push(&Value::from(text).to_string());
    }
}

fn new_line(out: &mut impl Out, depth: usize) {
    const BREAK: &str = "\n                                                                                                                                ";
    // Nothing nests deeper than 64 levels: see `json::MAX_DEPTH`.
    out.push(&BREAK[..=(depth * 2).min(BREAK.len() - 1)]);
}
