//! Parser from a text to a tree or one error; it does no I/O and never overflows the stack.

use std::ops::Range;

use serde_json::Number;

use super::hints;
use super::tree::{Key, Kind, Node};

/// Maximum nesting depth of arrays and objects, far above that of handwritten files.
pub const MAX_DEPTH: usize = 64;

/// Reason why a text is not valid JSON, with its location.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// Syntax error.
    Syntax {
        /// Byte range to point at.
        span: Range<usize>,
        /// Unexpected or missing syntax.
        message: String,
        /// Suggested fix.
        help: Option<String>,
    },
    /// Arrays and objects nested deeper than [`MAX_DEPTH`]; the bytes are those of the first
    /// bracket beyond it.
    TooDeep(Range<usize>),
}

/// Parses a complete JSON text.
///
/// # Errors
/// Returns the first [`Fault`] in the text.
pub fn parse(text: &str) -> Result<Node, Fault> {
    let mut parser = Parser {
        text,
        at: 0,
        depth: 0,
    };
    parser.blanks();
    let node = parser.value()?;
    parser.blanks();
    if parser.at < text.len() {
        return Err(parser.syntax(
            parser.at..parser.next_end(),
            hints::after_the_end(text, parser.at),
        ));
    }
    Ok(node)
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
}

impl<'t> Parser<'t> {
    fn value(&mut self) -> Result<Node, Fault> {
        let start = self.at;
        let kind = match self.peek() {
            Some(b'{') => self.nested(Parser::object)?,
            Some(b'[') => self.nested(Parser::array)?,
            Some(b'"') => Kind::String(self.string()?),
            Some(b'-' | b'0'..=b'9') => Kind::Number(self.number()?),
            Some(b't') if self.word("true") => Kind::Bool(true),
            Some(b'f') if self.word("false") => Kind::Bool(false),
            Some(b'n') if self.word("null") => Kind::Null,
            _ => {
                let (length, hint) = hints::no_value(self.text, self.at);
                return Err(self.syntax(self.at..self.at + length, hint));
            }
        };
        Ok(Node {
            span: start..self.at,
            kind,
        })
    }

    fn nested(&mut self, inner: fn(&mut Self) -> Result<Kind, Fault>) -> Result<Kind, Fault> {
        if self.depth == MAX_DEPTH {
            return Err(Fault::TooDeep(self.at..self.at + 1));
        }
        self.depth += 1;
        self.at += 1;
        let kind = inner(self)?;
        self.depth -= 1;
        Ok(kind)
    }

    fn object(&mut self) -> Result<Kind, Fault> {
        let opening = self.at - 1;
        let mut members = Vec::new();
        self.blanks();
        if self.eat(b'}') {
            return Ok(Kind::Object(members));
        }
        loop {
            self.blanks();
            let start = self.at;
            if self.peek() != Some(b'"') {
                let (length, hint) = hints::no_key(self.text, self.at, opening);
                return Err(self.syntax(start..start + length, hint));
            }
            let key = Key {
                name: self.string()?,
                span: start..self.at,
            };
            self.blanks();
            if !self.eat(b':') {
                let hint = (
                    format!("a colon is missing after the key `{}`", key.name),
                    None,
                );
                return Err(self.syntax(self.at..self.next_end(), hint));
            }
            self.blanks();
            let value = self.value()?;
            let value_end = value.span.end;
            members.push((key, value));
            self.blanks();
            if self.eat(b'}') {
                return Ok(Kind::Object(members));
            }
            self.comma('}', opening, value_end)?;
        }
    }

    fn array(&mut self) -> Result<Kind, Fault> {
        let opening = self.at - 1;
        let mut items = Vec::new();
        self.blanks();
        if self.eat(b']') {
            return Ok(Kind::Array(items));
        }
        loop {
            self.blanks();
            let item = self.value()?;
            let item_end = item.span.end;
            items.push(item);
            self.blanks();
            if self.eat(b']') {
                return Ok(Kind::Array(items));
            }
            self.comma(']', opening, item_end)?;
        }
    }

    /// Accepts a comma that is followed by another value.
    fn comma(&mut self, closing: char, opening: usize, previous_end: usize) -> Result<(), Fault> {
        let comma = self.at;
        if !self.eat(b',') {
            let (span, hint) = hints::no_comma(self.text, self.at, closing, opening, previous_end);
            return Err(self.syntax(span, hint));
        }
        self.blanks();
        if matches!(self.peek(), Some(b'}' | b']')) {
            let help = "JSON has no comma after the last item: take it away";
            return Err(self.syntax(
                comma..comma + 1,
                (
                    "a comma with nothing after it".to_owned(),
                    Some(help.to_owned()),
                ),
            ));
        }
        Ok(())
    }

    fn string(&mut self) -> Result<String, Fault> {
        let start = self.at;
        self.at += 1;
        let mut decoded = self.plain_part().to_owned();
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(decoded);
                }
                Some(b'\\') => {
                    decoded.push(self.escape()?);
                    decoded.push_str(self.plain_part());
                }
                Some(byte) => {
                    return Err(self.syntax(
                        self.at..self.at + 1,
                        hints::raw_control(byte, start, self.text),
                    ));
                }
                None => return Err(self.syntax(start..start + 1, hints::unclosed_string())),
            }
        }
    }

    /// Returns the part of a string up to its end, an escape, or an error; nearly always the
    /// whole string.
    fn plain_part(&mut self) -> &'t str {
        let rest = &self.text[self.at..];
        let length = rest
            .bytes()
            .position(|byte| byte < 0x20 || matches!(byte, b'"' | b'\\'))
            .unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    fn escape(&mut self) -> Result<char, Fault> {
        let start = self.at;
        self.at += 1;
        let letter = self.peek();
        let character = match letter {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(start),
            _ => {
                return Err(self.syntax(
                    start..self.next_end(),
                    hints::unknown_escape(self.text, start),
                ));
            }
        };
        self.at += 1;
        Ok(character)
    }

    /// Parses `\uXXXX`, with the second half of a surrogate pair if the first requires it (RFC
    /// 8259, section 7).
    fn unicode_escape(&mut self, start: usize) -> Result<char, Fault> {
        self.at += 1;
        let first = self.four_hex_digits(start)?;
        if let Some(character) = char::from_u32(first) {
            return Ok(character);
        }
        let is_leading = (0xD800..0xDC00).contains(&first);
        if is_leading && self.text.as_bytes()[self.at..].starts_with(b"\\u") {
            self.at += 2;
            let second = self.four_hex_digits(start)?;
            if (0xDC00..0xE000).contains(&second) {
                let scalar = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
                return char::from_u32(scalar)
                    .ok_or_else(|| self.syntax(start..self.at, hints::half_pair()));
            }
        }
        Err(self.syntax(start..self.at, hints::half_pair()))
    }

    fn four_hex_digits(&mut self, start: usize) -> Result<u32, Fault> {
        let digits = self
            .text
            .as_bytes()
            .get(self.at..self.at + 4)
            .unwrap_or_default();
        let mut number = 0;
        for digit in digits {
            let Some(value) = char::from(*digit).to_digit(16) else {
                break;
            };
            number = number * 16 + value;
            self.at += 1;
        }
        if digits.len() < 4 || self.at - start < 6 || !(self.at - start).is_multiple_of(6) {
            return Err(self.syntax(
                start..self.at,
                ("`\\u` needs four hexadecimal digits".to_owned(), None),
            ));
        }
        Ok(number)
    }

    fn number(&mut self) -> Result<Number, Fault> {
        let start = self.at;
        self.eat(b'-');
        let integer_from = self.at;
        let integer_digits = self.digits();
        let leading_zero = integer_digits > 1 && self.text.as_bytes()[integer_from] == b'0';
        let mut is_whole = true;
        let mut complete = integer_digits > 0 && !leading_zero;
        if self.eat(b'.') {
            is_whole = false;
            complete &= self.digits() > 0;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            is_whole = false;
            self.at += 1;
            if !self.eat(b'+') {
                self.eat(b'-');
            }
            complete &= self.digits() > 0;
        }
        let written = &self.text[start..self.at];
        let parsed = if complete {
            read_number(written, is_whole)
        } else {
            None
        };
        parsed.ok_or_else(|| self.syntax(start..self.at.max(start + 1), hints::bad_number(written)))
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        self.at - start
    }

    fn word(&mut self, word: &str) -> bool {
        let rest = &self.text.as_bytes()[self.at..];
        let ends = !matches!(rest.get(word.len()), Some(byte) if byte.is_ascii_alphanumeric() || *byte == b'_');
        let is_there = rest.starts_with(word.as_bytes()) && ends;
        if is_there {
            self.at += word.len();
        }
        is_there
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn eat(&mut self, byte: u8) -> bool {
        let is_there = self.peek() == Some(byte);
        if is_there {
            self.at += 1;
        }
        is_there
    }

    /// Returns the end of the character at the cursor, or the cursor at the end of the text.
    fn next_end(&self) -> usize {
        self.at
            + self.text[self.at..]
                .chars()
                .next()
                .map_or(0, char::len_utf8)
    }

    fn syntax(&self, span: Range<usize>, (message, help): (String, Option<String>)) -> Fault {
        // A span may be counted in bytes; it must not split a character.
        let end = (span.end..=self.text.len()).find(|end| self.text.is_char_boundary(*end));
        Fault::Syntax {
            span: span.start..end.unwrap_or(self.text.len()),
            message,
            help,
        }
    }
}

/// Parses numbers like [`serde_json`]: integers exactly, others as the nearest `f64`.
fn read_number(written: &str, is_whole: bool) -> Option<Number> {
    if is_whole && written != "-0" {
        if let Ok(number) = written.parse::<u64>() {
            return Some(number.into());
        }
        if let Ok(number) = written.parse::<i64>() {
            return Some(number.into());
        }
    }
    Number::from_f64(written.parse().ok()?)
}
