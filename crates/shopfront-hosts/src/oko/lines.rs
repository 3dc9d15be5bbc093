//! `manifest.py` as read by OKO's store service: line by line, as text, without a Python parser.

use std::collections::BTreeMap;
use std::ops::Range;

/// Assignment of a name in a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// Byte range of the line without surrounding white space.
    pub(super) bytes: Range<usize>,
    /// Assigned value.
    pub(super) value: Value,
}

/// Value as interpreted by that reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// Text between a first and a last quote, with unprocessed escapes, or the rest of the line.
    Text(String),
    /// Text between brackets, split at every comma.
    Tuple(Vec<String>),
}

/// Returns the value of each name; if a name is in several lines, the last value. All text before
/// the first `=` of a line is a name. It may be in a branch, in a function, in a multi-line
/// string, or have an annotation.
pub(super) fn read(text: &str) -> BTreeMap<String, Line> {
    let mut found = BTreeMap::new();
    let mut start = 0;
    // Opened in text mode, so that every form of line end counts.
    for line in text.split_inclusive(['\n', '\r']) {
        let trimmed = line.trim_matches(is_blank);
        let at = start + line.find(trimmed).unwrap_or_default();
        start += line.len();
        let Some((name, value)) = trimmed
            .split_once('=')
            .filter(|_| !trimmed.starts_with('#'))
        else {
            continue;
        };
        let line = Line {
            bytes: at..at + trimmed.len(),
            value: value_of(value.trim_matches(is_blank)),
        };
        found.insert(name.trim_matches(is_blank).to_owned(), line);
    }
    found
}

fn value_of(written: &str) -> Value {
    const QUOTES: [char; 2] = ['\'', '"'];
    if written.starts_with(QUOTES) && written.ends_with(QUOTES) {
        // The first and the last character are removed, even if they do not match; a single quote
        // is both.
        let inner = written.get(1..written.len() - 1).unwrap_or_default();
        return Value::Text(inner.to_owned());
    }
    match written
        .strip_prefix('(')
        .and_then(|it| it.strip_suffix(')'))
    {
        Some(inner) => {
            let items = inner
                .split(',')
                .map(|it| it.trim_matches(is_blank))
                .filter(|it| !it.is_empty());
            Value::Tuple(items.map(|it| it.trim_matches(QUOTES).to_owned()).collect())
        }
        None => Value::Text(written.to_owned()),
    }
}

/// Returns `true` for the characters that Python's `str.strip` removes: white space, and the
/// ASCII separators.
fn is_blank(character: char) -> bool {
    character.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&character)
}
