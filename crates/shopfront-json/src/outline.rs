//! Document as written with an outline, so that it can be read repeatedly without parsing, and
//! without a second copy of its strings.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter};

use super::recorder::Recorder;
use shopfront_diagnostics::error::{Context, Error};

/// A JSON text, and where everything in it stands. Nothing in it means something to HTML, whatever
/// its file is called: `<` is written as `\u003c`.
#[derive(Clone, Debug, Default)]
pub struct SpannedJson {
    text: String,
    marks: Vec<SpanEntry>,
}

/// Span of one value or key. The contents of a value follow directly: for an object key, value,
/// key, value.
#[derive(Clone, Copy, Debug)]
pub(super) struct SpanEntry {
    pub(super) shape: JsonKind,
    /// Start of its bytes; for a string without its quotes.
    pub(super) start: u32,
    pub(super) end: u32,
    /// Index of the first entry that is not inside of it.
    pub(super) behind: u32,
    /// Number of items or members.
    pub(super) len: u32,
}

/// Types of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonKind {
    /// Literal `null`.
    Null,
    /// Literal `true` or `false`.
    Bool,
    /// Number.
    Number,
    /// String without escapes.
    Plain,
    /// String with escapes.
    Escaped,
    /// Array.
    Array,
    /// Object.
    Object,
}

impl SpannedJson {
    /// Returns `value` on one line.
    ///
    /// # Errors
    /// Returns an error if it cannot be serialized as JSON.
    pub fn compact(value: &impl Serialize) -> Result<SpannedJson, Error> {
        SpannedJson::with(CompactFormatter, value)
    }

    /// Returns `value` indented by two spaces per level.
    ///
    /// # Errors
    /// Returns an error if it cannot be serialized as JSON.
    pub fn pretty(value: &impl Serialize) -> Result<SpannedJson, Error> {
        SpannedJson::with(PrettyFormatter::new(), value)
    }

    fn with(inner: impl Formatter, value: &impl Serialize) -> Result<SpannedJson, Error> {
        let mut text = Vec::with_capacity(1_024);
        let mut recorder = Recorder::new(inner);
        value
            .serialize(&mut Serializer::with_formatter(&mut text, &mut recorder))
            .with_context(|| "writing JSON".to_owned())?;
        let marks = recorder.marks;
        Ok(SpannedJson {
            text: String::from_utf8(text).with_context(|| "writing JSON".to_owned())?,
            marks,
        })
    }

    /// Returns the text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the text without the outline.
    pub fn into_text(self) -> String {
        self.text
    }

    /// Returns the text of a separate file, with a final newline.
    pub fn into_line(self) -> Vec<u8> {
        let mut bytes = self.text.into_bytes();
        bytes.push(b'\n');
        bytes
    }

    /// Returns the whole document.
    pub fn root(&self) -> SpannedValue<'_> {
        SpannedValue {
            written: self,
            index: 0,
        }
    }
}

/// Value of a [`SpannedJson`].
#[derive(Clone, Copy, Debug)]
pub struct SpannedValue<'w> {
    written: &'w SpannedJson,
    index: u32,
}

impl<'w> SpannedValue<'w> {
    fn mark(self) -> SpanEntry {
        self.written.marks[self.index as usize]
    }

    /// Returns the type of the value.
    pub fn shape(self) -> JsonKind {
        self.mark().shape
    }

    /// Returns the number of items or members.
    pub fn len(self) -> usize {
        self.mark().len as usize
    }

    /// Returns `true` if it has neither items nor members.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Returns the index of the value in its document.
    pub fn index(self) -> u32 {
        self.index
    }

    /// Returns the memory address of its document, which distinguishes documents that exist at
    /// the same time.
    pub fn address(self) -> usize {
        std::ptr::from_ref(self.written).addr()
    }

    /// Returns the value as written, quotes and brackets included.
    pub fn raw(self) -> &'w str {
        let SpanEntry {
            shape, start, end, ..
        } = self.mark();
        let quote = usize::from(matches!(shape, JsonKind::Plain | JsonKind::Escaped));
        &self.written.text[start as usize - quote..end as usize + quote]
    }

    /// Returns the string value with resolved escapes; for other values, their text.
    pub fn string(self) -> Cow<'w, str> {
        let SpanEntry {
            shape, start, end, ..
        } = self.mark();
        match shape {
            JsonKind::Escaped => Cow::Owned(serde_json::from_str(self.raw()).unwrap_or_default()),
            _ => Cow::Borrowed(&self.written.text[start as usize..end as usize]),
        }
    }

    /// Returns `true` if it is the string `text`.
    pub fn is(self, text: &str) -> bool {
        match self.shape() {
            JsonKind::Plain => {
                let SpanEntry { start, end, .. } = self.mark();
                self.written.text.as_bytes()[start as usize..end as usize] == *text.as_bytes()
            }
            JsonKind::Escaped => self.string() == text,
            _ => false,
        }
    }

    /// Returns the items of an array, or the alternating keys and values of an object.
    pub fn inside(self) -> Inside<'w> {
        Inside {
            written: self.written,
            next: self.index + 1,
            end: self.mark().behind,
        }
    }
}

/// Contents of an array or an object.
#[derive(Clone, Debug)]
pub struct Inside<'w> {
    written: &'w SpannedJson,
    next: u32,
    end: u32,
}

impl<'w> Iterator for Inside<'w> {
    type Item = SpannedValue<'w>;

    fn next(&mut self) -> Option<SpannedValue<'w>> {
        if self.next >= self.end {
            return None;
        }
        let place = SpannedValue {
            written: self.written,
            index: self.next,
        };
        self.next = place.mark().behind;
        Some(place)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn value_at(place: SpannedValue<'_>) -> Value {
        match place.shape() {
            JsonKind::Plain | JsonKind::Escaped => Value::String(place.string().into_owned()),
            JsonKind::Array => place.inside().map(value_at).collect(),
            JsonKind::Object => {
                let all: Vec<SpannedValue<'_>> = place.inside().collect();
                all.chunks(2)
                    .map(|pair| (pair[0].string().into_owned(), value_at(pair[1])))
                    .collect()
            }
            _ => serde_json::from_str(place.raw()).expect("a null, a bool or a number"),
        }
    }

    #[test]
    fn the_outline_says_what_the_text_says() {
        let documents = [
            json!(null),
            json!(""),
            json!([]),
            json!({"": {}, "a\"b\\": ["\u{1}\n", "plain", "ü\u{2028}", "<", "a&&b>", "</script>\u{2029}â\u{2030}"], "<&>": 1, "numbers": [0, -1, 1.5, 1e300, u64::MAX], "is": [true, false, null]}),
            json!([[[], [1]], {"a": {"b": [{"c": "d"}]}}, "behind"]),
        ];
        for document in documents {
            for written in [
                SpannedJson::compact(&document),
                SpannedJson::pretty(&document),
            ] {
                let written = written.expect("a value can be written");
                assert_eq!(
                    serde_json::from_str::<Value>(written.text()).expect("JSON"),
                    document
                );
                assert_eq!(value_at(written.root()), document, "{}", written.text());
                assert_eq!(written.root().raw(), written.text());
                assert!(
                    !written
                        .text()
                        .contains(['<', '>', '&', '\u{2028}', '\u{2029}']),
                    "{}",
                    written.text()
                );
                let len = document
                    .as_array()
                    .map(Vec::len)
                    .or(document.as_object().map(serde_json::Map::len))
                    .unwrap_or(0);
                assert_eq!(written.root().len(), len);
            }
        }
    }

    #[test]
    fn what_nobody_has_read_is_not_passed_on() {
        let raw = serde_json::value::RawValue::from_string("[1]".to_owned()).expect("JSON");
        assert!(SpannedJson::compact(&raw).is_err());
    }
}
