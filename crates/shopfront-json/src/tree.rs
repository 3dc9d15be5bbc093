//! Parsed document with the location of every value.

use std::ops::Range;

use serde_json::{Map, Number, Value};

/// Value with its byte range in the text.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Byte range of the value, quotes and brackets included.
    pub span: Range<usize>,
    /// Type and content.
    pub kind: Kind,
}

/// Name of a member with its byte range, quotes included.
#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    /// Byte range of the key, quotes included.
    pub span: Range<usize>,
    /// Name with resolved escapes: `"\u0061"` is `a`.
    pub name: String,
}

/// JSON types, with `true` and `false` as one.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Literal `null`.
    Null,
    /// Literal `true` or `false`.
    Bool(bool),
    /// Number in the format of [`serde_json`].
    Number(Number),
    /// String with resolved escapes.
    String(String),
    /// Array.
    Array(Vec<Node>),
    /// Object with its members in the order of the text, including repeated ones.
    Object(Vec<(Key, Node)>),
}

impl Node {
    /// Returns the plain value; the last of repeated keys is kept, as in other parsers.
    pub fn into_value(self) -> Value {
        self.value(&mut false)
    }

    /// Returns the plain value; `None` if an object has a duplicate key.
    pub fn into_unique_value(self) -> Option<Value> {
        let mut has_repeated = false;
        let value = self.value(&mut has_repeated);
        (!has_repeated).then_some(value)
    }

    fn value(self, has_repeated: &mut bool) -> Value {
        match self.kind {
            Kind::Null => Value::Null,
            Kind::Bool(it) => Value::Bool(it),
            Kind::Number(it) => Value::Number(it),
            Kind::String(it) => Value::String(it),
            Kind::Array(items) => Value::Array(
                items
                    .into_iter()
                    .map(|item| item.value(has_repeated))
                    .collect(),
            ),
            Kind::Object(members) => {
                let mut map = Map::with_capacity(members.len());
                for (key, node) in members {
                    *has_repeated |= map.insert(key.name, node.value(has_repeated)).is_some();
                }
                Value::Object(map)
            }
        }
    }
}
