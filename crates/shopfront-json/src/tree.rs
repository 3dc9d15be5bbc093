//! A parsed document that still knows where everything stood.

use std::ops::Range;

use serde_json::{Map, Number, Value};

/// A value and the bytes that it takes in the text.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Bytes of the value, quotes and brackets included.
    pub span: Range<usize>,
    /// What it is.
    pub kind: Kind,
}

/// The name of a member and the bytes that it takes, quotes included.
#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    /// Bytes of the key, quotes included.
    pub span: Range<usize>,
    /// The name, with its escapes resolved: `"\u0061"` is `a`.
    pub name: String,
}

/// The seven kinds of JSON, `true` and `false` as one.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number in the form of [`serde_json`].
    Number(Number),
    /// A string, with its escapes resolved.
    String(String),
    /// An array.
    Array(Vec<Node>),
    /// An object, its members in the order of the text, repeated ones too.
    Object(Vec<(Key, Node)>),
}

impl Node {
    /// The plain value; of a repeated key the last one stays, as everywhere.
    pub fn into_value(self) -> Value {
        self.value(&mut false)
    }

    /// The plain value; `None` when a key stands twice in an object.
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
