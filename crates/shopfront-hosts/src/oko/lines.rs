//! `manifest.py` as OKO's store service reads it: line by line, as text, with no knowledge of
//! Python.

use std::collections::BTreeMap;
use std::ops::Range;

/// What a line makes of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// The line, without the blanks around it.
    pub(super) bytes: Range<usize>,
    /// Its value.
    pub(super) value: Value,
}

/// A value, as that reader takes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// A text: what stands between a first and a last quote, escapes and all, or simply the rest of
    /// the line.
    Text(String),
    /// What stands between brackets, cut at every comma.
    Tuple(Vec<String>),
}

/// The value of each name, of a name that stands in several lines that of the last. Whatever stands
/// before the first `=` of a line is a name: in a branch, in a function, in a text of several
/// lines, with an annotation.
pub(super) fn read(text: &str) -> BTreeMap<String, Line> {
    let mut found = BTreeMap::new();
    let mut start = 0;
    // Opened as a text, so that every form of line end is one.
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
        // The first and the last character go, whether or not they belong together; one quote alone
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

/// What Python's `str.strip` takes away: white space, and the separators of ASCII.
fn is_blank(character: char) -> bool {
    character.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&character)
}
