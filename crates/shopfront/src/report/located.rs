//! Resolution of diagnostic locations to lines and columns.

use std::collections::BTreeMap;

use super::Texts;
use shopfront_diagnostics::{Diagnostic, Location, Span};
use shopfront_json::{self as json, Node};

/// Line and column, both from 1. Columns count Unicode scalar values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line number from 1.
    pub line: usize,
    /// Column number from 1.
    pub column: usize,
}

/// Range of a text with an exclusive end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Range {
    /// Position of the first character.
    pub start: Position,
    /// Position after the last character.
    pub end: Position,
    /// Byte range. Empty for a diagnostic of a whole file.
    pub bytes: std::ops::Range<usize>,
}

/// Diagnostic with resolved locations.
pub struct Located<'d> {
    /// The diagnostic.
    pub diagnostic: &'d Diagnostic,
    /// Range of the primary label.
    pub primary: Range,
    /// Ranges of the secondary labels, in their order.
    pub secondary: Vec<Range>,
}

/// Resolves all locations, and sorts the diagnostics by path, then location, then code.
pub fn locate<'d>(found: &'d [Diagnostic], texts: &Texts) -> Vec<Located<'d>> {
    let documents: BTreeMap<&str, Document<'_>> = texts
        .iter()
        .map(|(path, text)| (path.as_str(), Document::new(text)))
        .collect();
    let place = |place: &Location| {
        documents
            .get(place.path.as_str())
            .map_or_else(whole_file, |document| document.range(place))
    };
    let mut located: Vec<Located<'d>> = found
        .iter()
        .map(|diagnostic| Located {
            diagnostic,
            primary: place(&diagnostic.primary.place),
            secondary: diagnostic
                .secondary
                .iter()
                .map(|label| place(&label.place))
                .collect(),
        })
        .collect();
    located.sort_by(|a, b| sort_key(a).cmp(&sort_key(b)));
    located
}

fn sort_key<'l>(it: &'l Located<'_>) -> (&'l str, Position, Position, &'static str, &'l str) {
    (
        &it.diagnostic.primary.place.path,
        it.primary.start,
        it.primary.end,
        it.diagnostic.code.name,
        &it.diagnostic.message,
    )
}

/// Returns the range 1:1 for a diagnostic of a whole file.
fn whole_file() -> Range {
    let start = Position { line: 1, column: 1 };
    Range {
        start,
        end: start,
        bytes: 0..0,
    }
}

struct Document<'t> {
    text: &'t str,
    node: Option<Node>,
    /// Start of each line except the first. Computed once, since a text may be large and have many
    /// diagnostics.
    line_starts: Vec<usize>,
}

impl<'t> Document<'t> {
    fn new(text: &'t str) -> Document<'t> {
        let line_starts = text.match_indices('\n').map(|(at, _)| at + 1).collect();
        Document {
            text,
            node: json::parse(text).ok(),
            line_starts,
        }
    }

    fn range(&self, place: &Location) -> Range {
        let bytes = match (&place.spot, &self.node) {
            (Span::Bytes(bytes, _), _) => bytes.clone(),
            (Span::At(pointer, part), Some(node)) => json::span(node, pointer, *part),
            (Span::Whole, _) | (Span::At(..), None) => return whole_file(),
        };
        Range {
            start: self.position(bytes.start),
            end: self.position(bytes.end),
            bytes,
        }
    }

    fn position(&self, byte: usize) -> Position {
        let byte = byte.min(self.text.len());
        let lines_before = self.line_starts.partition_point(|start| *start <= byte);
        let line_start = lines_before
            .checked_sub(1)
            .map_or(0, |last| self.line_starts[last]);
        Position {
            line: lines_before + 1,
            column: self
                .text
                .get(line_start..byte)
                .map_or(1, |before| before.chars().count() + 1),
        }
    }
}
