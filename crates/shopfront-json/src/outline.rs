//! A document as it is written, together with an outline of it, so that it can be looked at again
//! without being parsed, and without a second copy of every text in it.

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

/// One value of a text, or one key. What is inside of a value comes right behind it: of an object
/// key, value, key, value.
#[derive(Clone, Copy, Debug)]
pub(super) struct SpanEntry {
    pub(super) shape: JsonKind,
    /// Its bytes; of a string those between its quotes.
    pub(super) start: u32,
    pub(super) end: u32,
    /// The index of the first mark that is not inside of it.
    pub(super) behind: u32,
    /// How many items or members it has.
    pub(super) len: u32,
}

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonKind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool,
    /// A number.
    Number,
    /// A string that stands in the text as it is.
    Plain,
    /// A string with escapes.
    Escaped,
    /// An array.
    Array,
    /// An object.
    Object,
}

impl SpannedJson {
    /// `value` on one line.
    ///
    /// # Errors
    /// When it can not be written as JSON.
    pub fn compact(value: &impl Serialize) -> Result<SpannedJson, Error> {
        SpannedJson::with(CompactFormatter, value)
    }

    /// `value` with two spaces for each level.
    ///
    /// # Errors
    /// When it can not be written as JSON.
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

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text, without the outline.
    pub fn into_text(self) -> String {
        self.text
    }

    /// The text as a file of its own, with a newline at its end.
    pub fn into_line(self) -> Vec<u8> {
        let mut bytes = self.text.into_bytes();
        bytes.push(b'\n');
        bytes
    }

    /// The whole document.
    pub fn root(&self) -> SpannedValue<'_> {
        SpannedValue {
            written: self,
            index: 0,
        }
    }
}

/// One value of a [`SpannedJson`].
#[derive(Clone, Copy, Debug)]
pub struct SpannedValue<'w> {
    written: &'w SpannedJson,
    index: u32,
}

impl<'w> SpannedValue<'w> {
    fn mark(self) -> SpanEntry {
        self.written.marks[self.index as usize]
    }

    /// What it is.
    pub fn shape(self) -> JsonKind {
        self.mark().shape
    }

    /// How many items or members it has.
    pub fn len(self) -> usize {
        self.mark().len as usize
    }

    /// Whether it has neither items nor members.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Which of the values of its document it is.
    pub fn index(self) -> u32 {
        self.index
    }

    /// Where its document lies: two documents that are there at once differ in it.
    pub fn address(self) -> usize {
        std::ptr::from_ref(self.written).addr()
    }

    /// The value as it stands in the text, quotes and brackets included.
    pub fn raw(self) -> &'w str {
        let SpanEntry {
            shape, start, end, ..
        } = self.mark();
        let quote = usize::from(matches!(shape, JsonKind::Plain | JsonKind::Escaped));
        &self.written.text[start as usize - quote..end as usize + quote]
    }

    /// The string that it is, its escapes resolved; what stands in the text, where it is something
    /// else.
    pub fn string(self) -> Cow<'w, str> {
        let SpanEntry {
            shape, start, end, ..
        } = self.mark();
        match shape {
            JsonKind::Escaped => Cow::Owned(serde_json::from_str(self.raw()).unwrap_or_default()),
            _ => Cow::Borrowed(&self.written.text[start as usize..end as usize]),
        }
    }

    /// Whether it is the string `text`.
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

    /// The items of an array; of an object its keys and values in turn.
    pub fn inside(self) -> Inside<'w> {
        Inside {
            written: self.written,
            next: self.index + 1,
            end: self.mark().behind,
        }
    }
}

/// What is in an array or an object.
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
