//! A document as it is written, together with an outline of it, so that it can be looked at again without being parsed,
//! and without a second copy of every text in it.

use std::borrow::Cow;
use std::io::{self, Write};
use std::ops::Range;

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::{CharEscape, CompactFormatter, Formatter, PrettyFormatter};

use crate::error::{Doing, Error};

/// A JSON text, and where everything in it stands.
#[derive(Clone, Debug, Default)]
pub struct Written {
    text: String,
    marks: Vec<Mark>,
}

/// One value of a text, or one key. What is inside of a value comes right behind it: of an object key, value, key, value.
#[derive(Clone, Copy, Debug)]
struct Mark {
    shape: Shape,
    /// Its bytes; of a string those between its quotes.
    start: u32,
    end: u32,
    /// The index of the first mark that is not inside of it.
    behind: u32,
    /// How many items or members it has.
    len: u32,
}

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
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

impl Written {
    /// `value` on one line.
    ///
    /// # Errors
    /// When it can not be written as JSON.
    pub fn compact(value: &impl Serialize) -> Result<Written, Error> {
        Written::with(CompactFormatter, value)
    }

    /// `value` with two spaces for each level.
    ///
    /// # Errors
    /// When it can not be written as JSON.
    pub fn pretty(value: &impl Serialize) -> Result<Written, Error> {
        Written::with(PrettyFormatter::new(), value)
    }

    fn with(inner: impl Formatter, value: &impl Serialize) -> Result<Written, Error> {
        let mut text = Vec::with_capacity(1_024);
        let mut recorder = Recorder { inner, at: 0, marks: Vec::with_capacity(64), open: Vec::new() };
        value.serialize(&mut Serializer::with_formatter(&mut text, &mut recorder)).doing(|| "writing JSON".to_owned())?;
        let marks = recorder.marks;
        Ok(Written { text: String::from_utf8(text).doing(|| "writing JSON".to_owned())?, marks })
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text, without the outline.
    pub fn into_text(self) -> String {
        self.text
    }

    /// The whole document.
    pub fn root(&self) -> Place<'_> {
        Place { written: self, index: 0 }
    }
}

/// One value of a [`Written`].
#[derive(Clone, Copy, Debug)]
pub struct Place<'w> {
    written: &'w Written,
    index: u32,
}

impl<'w> Place<'w> {
    fn mark(self) -> Mark {
        self.written.marks[self.index as usize]
    }

    /// What it is.
    pub fn shape(self) -> Shape {
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
        let Mark { shape, start, end, .. } = self.mark();
        let quote = usize::from(matches!(shape, Shape::Plain | Shape::Escaped));
        &self.written.text[start as usize - quote..end as usize + quote]
    }

    /// The string that it is, its escapes resolved; what stands in the text, where it is something else.
    pub fn string(self) -> Cow<'w, str> {
        let Mark { shape, start, end, .. } = self.mark();
        match shape {
            Shape::Escaped => Cow::Owned(serde_json::from_str(self.raw()).unwrap_or_default()),
            _ => Cow::Borrowed(&self.written.text[start as usize..end as usize]),
        }
    }

    /// Whether it is the string `text`.
    pub fn is(self, text: &str) -> bool {
        match self.shape() {
            Shape::Plain => {
                let Mark { start, end, .. } = self.mark();
                self.written.text.as_bytes()[start as usize..end as usize] == *text.as_bytes()
            }
            Shape::Escaped => self.string() == text,
            _ => false,
        }
    }

    /// The items of an array; of an object its keys and values in turn.
    pub fn inside(self) -> Inside<'w> {
        Inside { written: self.written, next: self.index + 1, end: self.mark().behind }
    }
}

/// What is in an array or an object.
#[derive(Clone, Debug)]
pub struct Inside<'w> {
    written: &'w Written,
    next: u32,
    end: u32,
}

impl<'w> Iterator for Inside<'w> {
    type Item = Place<'w>;

    fn next(&mut self) -> Option<Place<'w>> {
        if self.next >= self.end {
            return None;
        }
        let place = Place { written: self.written, index: self.next };
        self.next = place.mark().behind;
        Some(place)
    }
}

/// Writes as `inner` does, and notes where everything comes to stand.
struct Recorder<F> {
    inner: F,
    /// How many bytes were written.
    at: usize,
    marks: Vec<Mark>,
    /// The indexes of the arrays and objects that are not ended, the innermost last.
    open: Vec<usize>,
}

impl<F: Formatter> Recorder<F> {
    /// Lets `inner` write, and returns the bytes that this took.
    fn write<W: Write + ?Sized>(
        &mut self,
        writer: &mut W,
        work: impl FnOnce(&mut F, &mut Counting<'_, W>) -> io::Result<()>,
    ) -> io::Result<Range<usize>> {
        let mut counting = Counting { writer, count: 0 };
        work(&mut self.inner, &mut counting)?;
        let start = self.at;
        self.at += counting.count;
        Ok(start..self.at)
    }

    fn mark(&mut self, shape: Shape, span: Range<usize>) -> io::Result<()> {
        let too_large = |_| io::Error::other("a document of more than 4 GB");
        let behind = u32::try_from(self.marks.len() + 1).map_err(too_large)?;
        let (start, end) = (u32::try_from(span.start).map_err(too_large)?, u32::try_from(span.end).map_err(too_large)?);
        self.marks.push(Mark { shape, start, end, behind, len: 0 });
        Ok(())
    }

    fn value<W: Write + ?Sized>(
        &mut self,
        writer: &mut W,
        shape: Shape,
        work: impl FnOnce(&mut F, &mut Counting<'_, W>) -> io::Result<()>,
    ) -> io::Result<()> {
        let span = self.write(writer, work)?;
        self.mark(shape, span)
    }

    fn begin<W: Write + ?Sized>(
        &mut self,
        writer: &mut W,
        shape: Shape,
        work: impl FnOnce(&mut F, &mut Counting<'_, W>) -> io::Result<()>,
    ) -> io::Result<()> {
        self.open.push(self.marks.len());
        self.value(writer, shape, work)
    }

    fn end<W: Write + ?Sized>(
        &mut self,
        writer: &mut W,
        work: impl FnOnce(&mut F, &mut Counting<'_, W>) -> io::Result<()>,
    ) -> io::Result<()> {
        let span = self.write(writer, work)?;
        let behind = u32::try_from(self.marks.len()).map_err(io::Error::other)?;
        if let Some(mark) = self.open.pop().and_then(|index| self.marks.get_mut(index)) {
            mark.end = u32::try_from(span.end).map_err(io::Error::other)?;
            mark.behind = behind;
        }
        Ok(())
    }

    /// One more item or member of what is being written.
    fn count(&mut self) {
        if let Some(mark) = self.open.last().and_then(|index| self.marks.get_mut(*index)) {
            mark.len += 1;
        }
    }

    /// The string that is being written.
    fn string(&mut self) -> io::Result<&mut Mark> {
        self.marks.last_mut().ok_or_else(|| io::Error::other("a piece of a string outside of one"))
    }
}

macro_rules! numbers {
    ($($name:ident: $type:ty),*) => {
        $(fn $name<W: Write + ?Sized>(&mut self, writer: &mut W, value: $type) -> io::Result<()> {
            self.value(writer, Shape::Number, |inner, writer| inner.$name(writer, value))
        })*
    };
}

impl<F: Formatter> Formatter for &mut Recorder<F> {
    numbers!(write_i8: i8, write_i16: i16, write_i32: i32, write_i64: i64, write_i128: i128);
    numbers!(write_u8: u8, write_u16: u16, write_u32: u32, write_u64: u64, write_u128: u128);
    numbers!(write_f32: f32, write_f64: f64, write_number_str: &str);

    fn write_null<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.value(writer, Shape::Null, |inner, writer| inner.write_null(writer))
    }

    fn write_bool<W: Write + ?Sized>(&mut self, writer: &mut W, value: bool) -> io::Result<()> {
        self.value(writer, Shape::Bool, |inner, writer| inner.write_bool(writer, value))
    }

    fn begin_string<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        let span = self.write(writer, |inner, writer| inner.begin_string(writer))?;
        self.mark(Shape::Plain, span.end..span.end)
    }

    fn write_string_fragment<W: Write + ?Sized>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        self.write(writer, |inner, writer| inner.write_string_fragment(writer, fragment)).map(drop)
    }

    fn write_char_escape<W: Write + ?Sized>(&mut self, writer: &mut W, escape: CharEscape) -> io::Result<()> {
        self.string()?.shape = Shape::Escaped;
        self.write(writer, |inner, writer| inner.write_char_escape(writer, escape)).map(drop)
    }

    fn end_string<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        let span = self.write(writer, |inner, writer| inner.end_string(writer))?;
        self.string()?.end = u32::try_from(span.start).map_err(io::Error::other)?;
        Ok(())
    }

    fn begin_array<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.begin(writer, Shape::Array, |inner, writer| inner.begin_array(writer))
    }

    fn begin_array_value<W: Write + ?Sized>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.count();
        self.write(writer, |inner, writer| inner.begin_array_value(writer, first)).map(drop)
    }

    fn end_array_value<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.write(writer, |inner, writer| inner.end_array_value(writer)).map(drop)
    }

    fn end_array<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.end(writer, |inner, writer| inner.end_array(writer))
    }

    fn begin_object<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.begin(writer, Shape::Object, |inner, writer| inner.begin_object(writer))
    }

    fn begin_object_key<W: Write + ?Sized>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.count();
        self.write(writer, |inner, writer| inner.begin_object_key(writer, first)).map(drop)
    }

    fn end_object_key<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.write(writer, |inner, writer| inner.end_object_key(writer)).map(drop)
    }

    fn begin_object_value<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.write(writer, |inner, writer| inner.begin_object_value(writer)).map(drop)
    }

    fn end_object_value<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.write(writer, |inner, writer| inner.end_object_value(writer)).map(drop)
    }

    fn end_object<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.end(writer, |inner, writer| inner.end_object(writer))
    }

    /// Text of others that is passed on unread has no outline.
    fn write_raw_fragment<W: Write + ?Sized>(&mut self, _writer: &mut W, _fragment: &str) -> io::Result<()> {
        Err(io::Error::other("a piece of JSON that nobody has read"))
    }
}

/// Counts what passes through it.
struct Counting<'w, W: ?Sized> {
    writer: &'w mut W,
    count: usize,
}

impl<W: Write + ?Sized> Write for Counting<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_all(bytes)?;
        Ok(bytes.len())
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.count += bytes.len();
        self.writer.write_all(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn value_at(place: Place<'_>) -> Value {
        match place.shape() {
            Shape::Plain | Shape::Escaped => Value::String(place.string().into_owned()),
            Shape::Array => place.inside().map(value_at).collect(),
            Shape::Object => {
                let all: Vec<Place<'_>> = place.inside().collect();
                all.chunks(2).map(|pair| (pair[0].string().into_owned(), value_at(pair[1]))).collect()
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
            json!({"": {}, "a\"b\\": ["\u{1}\n", "plain", "ü\u{2028}"], "numbers": [0, -1, 1.5, 1e300, u64::MAX], "is": [true, false, null]}),
            json!([[[], [1]], {"a": {"b": [{"c": "d"}]}}, "behind"]),
        ];
        for document in documents {
            for written in [Written::compact(&document), Written::pretty(&document)] {
                let written = written.expect("a value can be written");
                assert_eq!(serde_json::from_str::<Value>(written.text()).expect("JSON"), document);
                assert_eq!(value_at(written.root()), document, "{}", written.text());
                assert_eq!(written.root().raw(), written.text());
                let len = document.as_array().map(Vec::len).or(document.as_object().map(serde_json::Map::len)).unwrap_or(0);
                assert_eq!(written.root().len(), len);
            }
        }
    }

    #[test]
    fn what_nobody_has_read_is_not_passed_on() {
        let raw = serde_json::value::RawValue::from_string("[1]".to_owned()).expect("JSON");
        assert!(Written::compact(&raw).is_err());
    }
}
