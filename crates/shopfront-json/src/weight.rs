//! The memory that a JSON text takes as a tree, estimated before anything of it is parsed.

use serde::de::{DeserializeOwned, Error};

/// A value in a list or an object, with the room that a growing list keeps free.
const VALUE: usize = 80;
/// A list.
const LIST: usize = 320;
/// An object, with its table of keys.
const OBJECT: usize = 512;
/// A text, beside its characters.
const TEXT: usize = 24;

/// Bytes of a tree that any document may take, however short it is.
const ALWAYS: usize = 16 << 20;
/// Bytes of a tree for each byte of its text: those of stores and registries take 10.
const FOR_EACH_BYTE: usize = 12;
/// The largest tree.
const LARGEST: usize = 640 << 20;

/// The most values of a manifest: as many as of one in YAML.
pub const MAX_VALUES: usize = 50_000;

/// The size of a JSON text as a tree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Weight {
    /// Its values, but for empty lists and objects counted once.
    pub values: usize,
    /// The bytes that its tree may take.
    pub bytes: usize,
}

/// Estimates the size of `text` as a tree, in one pass and without memory.
pub fn weight(text: &[u8]) -> Weight {
    let mut weight = Weight::default();
    let mut bytes = text.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b',' => weight.add(1, VALUE),
            b'[' => weight.add(1, LIST),
            b'{' => weight.add(1, OBJECT),
            b'"' => {
                weight.bytes += TEXT;
                while let Some(byte) = bytes.next() {
                    match byte {
                        b'"' => break,
                        b'\\' => drop(bytes.next()),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    weight
}

impl Weight {
    fn add(&mut self, values: usize, bytes: usize) {
        self.values += values;
        self.bytes += bytes;
    }
}

/// Reads the value that `bytes` are the JSON of, unless its tree might take more than `most` bytes.
///
/// # Errors
/// When `bytes` are not JSON of such a value, or contain too many values.
pub fn read_within<T: DeserializeOwned>(bytes: &[u8], most: usize) -> serde_json::Result<T> {
    if weight(bytes).bytes > most {
        return Err(serde_json::Error::custom(format!(
            "too many values in {} bytes",
            bytes.len()
        )));
    }
    serde_json::from_slice(bytes)
}

/// The bytes that the tree of a text of `length` bytes may take.
pub(super) fn most(length: usize) -> usize {
    (ALWAYS + FOR_EACH_BYTE * length).min(LARGEST)
}

#[cfg(test)]
mod tests {
    use super::{Weight, most, weight};

    #[test]
    fn brackets_and_commas_within_texts_count_nothing() {
        assert_eq!(
            weight(br#"["a,[{\",", {"b": 1}]"#),
            Weight {
                values: 3,
                bytes: 320 + 24 + 80 + 512 + 24
            }
        );
    }

    #[test]
    fn a_text_of_values_alone_is_refused_and_a_usual_one_is_read() {
        let tree = |item: &str, count: usize| format!("[{}]", vec![item; count].join(","));
        let usual = tree(
            r#"{"name":"datasette-graphql","version":"2.2.0","url":"https://files.example/datasette-graphql-2.2.0.tar.gz"}"#,
            50_000,
        );
        assert!(weight(usual.as_bytes()).bytes < most(usual.len()));
        assert_eq!(
            crate::read(usual.as_bytes())
                .expect("it is read")
                .as_array()
                .map(Vec::len),
            Some(50_000)
        );
        for item in ["0", "{}", "[]", r#""""#, r#"{"":0}"#] {
            let text = tree(item, 500_000);
            assert!(
                crate::read(text.as_bytes())
                    .expect_err("it is refused")
                    .to_string()
                    .contains("too many values"),
                "{item}"
            );
        }
    }
}
