//! Formatter for serde that records the position of each value while another formatter writes it.

use std::io::{self, Write};
use std::ops::Range;

use serde_json::ser::{CharEscape, Formatter};

use super::outline::{JsonKind, SpanEntry};

/// Writes like `inner`, and records the position of each value.
pub(super) struct Recorder<F> {
    inner: F,
    /// Number of written bytes.
    at: usize,
    pub(super) marks: Vec<SpanEntry>,
    /// Indexes of the unclosed arrays and objects, innermost last.
    open: Vec<usize>,
}

impl<F: Formatter> Recorder<F> {
    /// Returns a recorder without output.
    pub(super) fn new(inner: F) -> Recorder<F> {
        Recorder {
            inner,
            at: 0,
            marks: Vec::with_capacity(64),
            open: Vec::new(),
        }
    }

    /// Calls `inner` to write, and returns the range of the written bytes.
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

    fn mark(&mut self, shape: JsonKind, span: Range<usize>) -> io::Result<()> {
        let too_large = |_| io::Error::other("a document of more than 4 GB");
        let behind = u32::try_from(self.marks.len() + 1).map_err(too_large)?;
        let (start, end) = (
            u32::try_from(span.start).map_err(too_large)?,
            u32::try_from(span.end).map_err(too_large)?,
        );
        self.marks.push(SpanEntry {
            shape,
            start,
            end,
            behind,
            len: 0,
        });
        Ok(())
    }

    fn value<W: Write + ?Sized>(
        &mut self,
        writer: &mut W,
        shape: JsonKind,
        work: impl FnOnce(&mut F, &mut Counting<'_, W>) -> io::Result<()>,
    ) -> io::Result<()> {
        let span = self.write(writer, work)?;
        self.mark(shape, span)
    }

    fn begin<W: Write + ?Sized>(
        &mut self,
        writer: &mut W,
        shape: JsonKind,
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

    /// Counts one more item or member of the current value.
    fn count(&mut self) {
        if let Some(mark) = self
            .open
            .last()
            .and_then(|index| self.marks.get_mut(*index))
        {
            mark.len += 1;
        }
    }

    /// Returns the current string.
    fn string(&mut self) -> io::Result<&mut SpanEntry> {
        self.marks
            .last_mut()
            .ok_or_else(|| io::Error::other("a piece of a string outside of one"))
    }
}

macro_rules! numbers {
    ($($name:ident: $type:ty),*) => {
        $(fn $name<W: Write + ?Sized>(&mut self, writer: &mut W, value: $type) -> io::Result<()> {
            self.value(writer, JsonKind::Number, |inner, writer| inner.$name(writer, value))
        })*
    };
}

impl<F: Formatter> Formatter for &mut Recorder<F> {
    numbers!(write_i8: i8, write_i16: i16, write_i32: i32, write_i64: i64, write_i128: i128);
    numbers!(write_u8: u8, write_u16: u16, write_u32: u32, write_u64: u64, write_u128: u128);
    numbers!(write_f32: f32, write_f64: f64, write_number_str: &str);

    fn write_null<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.value(writer, JsonKind::Null, |inner, writer| {
            inner.write_null(writer)
        })
    }

    fn write_bool<W: Write + ?Sized>(&mut self, writer: &mut W, value: bool) -> io::Result<()> {
        self.value(writer, JsonKind::Bool, |inner, writer| {
            inner.write_bool(writer, value)
        })
    }

    fn begin_string<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        let span = self.write(writer, |inner, writer| inner.begin_string(writer))?;
        self.mark(JsonKind::Plain, span.end..span.end)
    }

    fn write_string_fragment<W: Write + ?Sized>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut rest = fragment;
        while let Some((at, escape, length)) = active(rest) {
            self.string()?.shape = JsonKind::Escaped;
            let plain = &rest[..at];
            self.write(writer, |inner, writer| {
                inner.write_string_fragment(writer, plain)?;
                inner.write_string_fragment(writer, escape)
            })?;
            rest = &rest[at + length..];
        }
        self.write(writer, |inner, writer| {
            inner.write_string_fragment(writer, rest)
        })
        .map(drop)
    }

    fn write_char_escape<W: Write + ?Sized>(
        &mut self,
        writer: &mut W,
        escape: CharEscape,
    ) -> io::Result<()> {
        self.string()?.shape = JsonKind::Escaped;
        self.write(writer, |inner, writer| {
            inner.write_char_escape(writer, escape)
        })
        .map(drop)
    }

    fn end_string<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        let span = self.write(writer, |inner, writer| inner.end_string(writer))?;
        self.string()?.end = u32::try_from(span.start).map_err(io::Error::other)?;
        Ok(())
    }

    fn begin_array<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.begin(writer, JsonKind::Array, |inner, writer| {
            inner.begin_array(writer)
        })
    }

    fn begin_array_value<W: Write + ?Sized>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.count();
        self.write(writer, |inner, writer| {
            inner.begin_array_value(writer, first)
        })
        .map(drop)
    }

    fn end_array_value<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.write(writer, |inner, writer| inner.end_array_value(writer))
            .map(drop)
    }

    fn end_array<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.end(writer, |inner, writer| inner.end_array(writer))
    }

    fn begin_object<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.begin(writer, JsonKind::Object, |inner, writer| {
            inner.begin_object(writer)
        })
    }

    fn begin_object_key<W: Write + ?Sized>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.count();
        self.write(writer, |inner, writer| {
            inner.begin_object_key(writer, first)
        })
        .map(drop)
    }

    fn end_object_key<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.write(writer, |inner, writer| inner.end_object_key(writer))
            .map(drop)
    }

    fn begin_object_value<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.write(writer, |inner, writer| inner.begin_object_value(writer))
            .map(drop)
    }

    fn end_object_value<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.write(writer, |inner, writer| inner.end_object_value(writer))
            .map(drop)
    }

    fn end_object<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.end(writer, |inner, writer| inner.end_object(writer))
    }

    /// Raw text that is passed on unparsed has no outline.
    fn write_raw_fragment<W: Write + ?Sized>(
        &mut self,
        _writer: &mut W,
        _fragment: &str,
    ) -> io::Result<()> {
        Err(io::Error::other("a piece of JSON that nobody has read"))
    }
}

/// The first character of `text` that means something to HTML or to old readers of JavaScript:
/// where it is, how JSON writes it otherwise, and its bytes. Servers know files by their names, and
/// some hosts read JSON from files that are named like pages.
fn active(text: &str) -> Option<(usize, &'static str, usize)> {
    let bytes = text.as_bytes();
    bytes.iter().enumerate().find_map(|(at, byte)| match byte {
        b'<' => Some((at, "\\u003c", 1)),
        b'>' => Some((at, "\\u003e", 1)),
        b'&' => Some((at, "\\u0026", 1)),
        0xe2 if bytes[at..].starts_with("\u{2028}".as_bytes()) => Some((at, "\\u2028", 3)),
        0xe2 if bytes[at..].starts_with("\u{2029}".as_bytes()) => Some((at, "\\u2029", 3)),
        _ => None,
    })
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
