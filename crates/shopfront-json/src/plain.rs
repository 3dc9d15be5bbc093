//! JSON of other programs without locations, as parsed by serde, but without the special key of
//! serde.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::weight;

/// A value that holds what its text says.
///
/// With the crate's feature `raw_value`, a plain [`Value`] interprets an object whose first key
/// is `$serde_json::private::RawValue`. It parses the text of that member as JSON, and counts
/// depth from zero again. An untrusted author could thus disguise a document, and nest until the
/// stack overflows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plain(pub Value);

/// Parses the JSON in `bytes` to its exact contents.
///
/// # Errors
/// Where they are no JSON, nest too deep, or would take much more memory as a tree than as a text.
pub fn read(bytes: &[u8]) -> serde_json::Result<Value> {
    weight::read_within(bytes, weight::most(bytes.len())).map(|Plain(value)| value)
}

impl<'de> Deserialize<'de> for Plain {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Plain, D::Error> {
        deserializer.deserialize_any(Reader).map(Plain)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Value;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, it: bool) -> Result<Value, E> {
        Ok(Value::Bool(it))
    }

    fn visit_u64<E>(self, it: u64) -> Result<Value, E> {
        Ok(Value::Number(it.into()))
    }

    fn visit_i64<E>(self, it: i64) -> Result<Value, E> {
        Ok(Value::Number(it.into()))
    }

    fn visit_f64<E: Error>(self, it: f64) -> Result<Value, E> {
        Number::from_f64(it)
            .map(Value::Number)
            .ok_or_else(|| E::custom("a number without a value"))
    }

    fn visit_str<E>(self, it: &str) -> Result<Value, E> {
        Ok(Value::String(it.to_owned()))
    }

    fn visit_string<E>(self, it: String) -> Result<Value, E> {
        Ok(Value::String(it))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut all = Vec::new();
        while let Some(Plain(item)) = items.next_element()? {
            all.push(item);
        }
        Ok(Value::Array(all))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut all = Map::new();
        while let Some((key, Plain(value))) = members.next_entry()? {
            all.insert(key, value);
        }
        Ok(Value::Object(all))
    }
}
