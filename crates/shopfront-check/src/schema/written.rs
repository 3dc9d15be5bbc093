//! Our own documents in front of the schema engine: it looks at what was written, where it stands.

use std::borrow::Cow;

use jsonschema::JsonType;
use jsonschema::json::{Array, Json, JsonNumber, Node, NodeIdentity, Object};
use serde_json::{Number, Value};

use shopfront_json::{Inside, JsonKind, SpannedJson, SpannedValue};

/// The form of documents that are [`SpannedJson`].
pub(super) struct WrittenJson;

impl Json for WrittenJson {
    type Node<'a> = SpannedValue<'a>;
    type PreparedKey = String;
    type StringBuffer = SpannedJson;

    // Looking a key up passes over the members that stand before it.
    const KEYS_PER_LOOKUP: usize = 8;

    fn prepare_key(key: &str) -> String {
        key.to_owned()
    }

    fn with_string_node<T>(
        buffer: &mut SpannedJson,
        string: &str,
        work: impl FnOnce(SpannedValue<'_>) -> T,
    ) -> T {
        // A text can always be written.
        *buffer = SpannedJson::compact(&string).unwrap_or_default();
        work(buffer.root())
    }
}

impl<'a> Node<'a, WrittenJson> for SpannedValue<'a> {
    type Object = Members<'a>;
    type Array = Items<'a>;
    type Number = Digits<'a>;

    fn as_object(&self) -> Option<Members<'a>> {
        (self.shape() == JsonKind::Object).then_some(Members(*self))
    }

    fn as_array(&self) -> Option<Items<'a>> {
        (self.shape() == JsonKind::Array).then_some(Items(*self))
    }

    fn as_string(&self) -> Option<Cow<'a, str>> {
        matches!(self.shape(), JsonKind::Plain | JsonKind::Escaped).then(|| self.string())
    }

    fn as_number(&self) -> Option<Digits<'a>> {
        (self.shape() == JsonKind::Number).then(|| Digits(self.raw()))
    }

    fn as_boolean(&self) -> Option<bool> {
        (self.shape() == JsonKind::Bool).then(|| self.raw() == "true")
    }

    fn is_null(&self) -> bool {
        self.shape() == JsonKind::Null
    }

    fn json_type(&self) -> JsonType {
        match self.shape() {
            JsonKind::Null => JsonType::Null,
            JsonKind::Bool => JsonType::Boolean,
            JsonKind::Number => JsonType::Number,
            JsonKind::Plain | JsonKind::Escaped => JsonType::String,
            JsonKind::Array => JsonType::Array,
            JsonKind::Object => JsonType::Object,
        }
    }

    fn equals_value(&self, expected: &Value) -> bool {
        match expected {
            Value::String(text) => self.is(text),
            _ => *self.to_value() == *expected,
        }
    }

    fn to_value(&self) -> Cow<'a, Value> {
        Cow::Owned(serde_json::from_str(self.raw()).unwrap_or_default())
    }

    fn identity(&self) -> Option<NodeIdentity> {
        Some(NodeIdentity::tagged(self.address(), self.index()))
    }
}

/// An object.
pub(super) struct Members<'a>(SpannedValue<'a>);

impl<'a> Object<'a, WrittenJson> for Members<'a> {
    type Node = SpannedValue<'a>;
    type MemberName = Cow<'a, str>;
    type MembersIter = Pairs<'a>;

    fn len(&self) -> usize {
        self.0.len()
    }

    fn get(&self, key: &String) -> Option<SpannedValue<'a>> {
        let mut inside = self.0.inside();
        while let (Some(name), Some(value)) = (inside.next(), inside.next()) {
            if name.is(key) {
                return Some(value);
            }
        }
        None
    }

    fn members(&self) -> Pairs<'a> {
        Pairs(self.0.inside())
    }
}

/// The members of an object, one after the other.
pub(super) struct Pairs<'a>(Inside<'a>);

impl<'a> Iterator for Pairs<'a> {
    type Item = (Cow<'a, str>, SpannedValue<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        Some((self.0.next()?.string(), self.0.next()?))
    }
}

/// An array.
pub(super) struct Items<'a>(SpannedValue<'a>);

impl<'a> Array<'a, WrittenJson> for Items<'a> {
    type Node = SpannedValue<'a>;
    type ElementsIter = Inside<'a>;

    fn len(&self) -> usize {
        self.0.len()
    }

    fn elements(&self) -> Inside<'a> {
        self.0.inside()
    }
}

/// A number as it is written.
pub(super) struct Digits<'a>(&'a str);

impl JsonNumber for Digits<'_> {
    fn as_u64(&self) -> Option<u64> {
        self.0.parse().ok()
    }

    fn as_i64(&self) -> Option<i64> {
        self.0.parse().ok()
    }

    fn as_f64(&self) -> Option<f64> {
        self.0.parse().ok()
    }

    fn as_str(&self) -> Cow<'_, str> {
        Cow::Borrowed(self.0)
    }

    fn to_number(&self) -> Cow<'_, Number> {
        Cow::Owned(self.0.parse().unwrap_or_else(|_| Number::from(0)))
    }
}
