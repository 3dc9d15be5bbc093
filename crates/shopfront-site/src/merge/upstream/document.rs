//! The `plugins.json` of another store, entry by entry: of a document of any length, one entry is
//! in memory.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

/// The field that lists the entries.
const LIST: &str = "plugins";

/// The longest text of any other field, and how many there may be: all of them are in memory at
/// once.
const MAX_FIELD: usize = 256 << 10;
const MAX_FIELDS: usize = 64;

/// All but the entries: what remains of the document with an empty list, and how many entries it
/// has.
pub(super) fn head(bytes: &[u8]) -> serde_json::Result<(Value, usize)> {
    let (mut head, mut count) = (Map::new(), 0);
    let each = &mut |_: IgnoredAny| count += 1;
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    Document {
        head: &mut head,
        each,
    }
    .deserialize(&mut reader)?;
    reader.end()?;
    Ok((Value::Object(head), count))
}

/// Gives the text of each entry to `take`: a tree of it may take ten times the memory.
pub(super) fn entries(bytes: &[u8], take: &mut dyn FnMut(&str)) -> serde_json::Result<()> {
    let each = &mut |entry: &RawValue| take(entry.get());
    Document {
        head: &mut Map::new(),
        each,
    }
    .deserialize(&mut serde_json::Deserializer::from_slice(bytes))
}

/// Reads a document: its fields into `head`, its entries one by one into `each`.
struct Document<'d, E> {
    head: &'d mut Map<String, Value>,
    each: &'d mut dyn FnMut(E),
}

impl<'de, E: serde::Deserialize<'de>> DeserializeSeed<'de> for Document<'_, E> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, E: serde::Deserialize<'de>> Visitor<'de> for Document<'_, E> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a store's document")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while let Some(key) = members.next_key::<String>()? {
            if key == LIST {
                members.next_value_seed(List {
                    each: &mut *self.each,
                })?;
                self.head.insert(key, Value::Array(Vec::new()));
            } else {
                let text: &RawValue = members.next_value()?;
                if text.get().len() > MAX_FIELD {
                    return Err(A::Error::custom(format!(
                        "a field beside `{LIST}` has more than {MAX_FIELD} bytes"
                    )));
                }
                let value =
                    shopfront_json::read(text.get().as_bytes()).map_err(A::Error::custom)?;
                self.head.insert(key, value);
                if self.head.len() > MAX_FIELDS {
                    return Err(A::Error::custom(format!(
                        "more than {MAX_FIELDS} fields beside `{LIST}`"
                    )));
                }
            }
        }
        Ok(())
    }
}

/// Reads the entries.
struct List<'d, E> {
    each: &'d mut dyn FnMut(E),
}

impl<'de, E: serde::Deserialize<'de>> DeserializeSeed<'de> for List<'_, E> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, E: serde::Deserialize<'de>> Visitor<'de> for List<'_, E> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "the list `{LIST}`")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while let Some(entry) = items.next_element()? {
            (self.each)(entry);
        }
        Ok(())
    }
}
