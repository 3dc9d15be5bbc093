//! Tree builder from the events of the parser, with limits: untrusted aliases can expand a short
//! text to a huge tree.

use std::collections::BTreeMap;
use std::ops::Range;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span, Tag};

use super::{Kind, Node, Style};
use shopfront_text::one_line;

/// Maximum length of a parsed text in bytes.
pub const MAX_BYTES: usize = 512 << 10;

/// Maximum nesting depth of lists and mappings.
pub const MAX_DEPTH: usize = 64;

/// Maximum number of nodes; those of aliases are counted each time.
pub const MAX_NODES: usize = 50_000;

/// Maximum number of bytes of text that aliases may repeat: the same as for a text.
pub const MAX_REPEATED: usize = MAX_BYTES;

/// Reason why a text is not acceptable YAML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Byte range of the problem.
    pub bytes: Range<usize>,
    /// Description of the problem.
    pub says: String,
}

/// Parses the single document of `text`. An empty text is an empty scalar, which readers
/// interpret as null.
///
/// # Errors
/// Returns the first location with invalid YAML or beyond the limits.
pub fn parse(text: &str) -> Result<Node, Fault> {
    if text.len() > MAX_BYTES {
        return Err(Fault {
            bytes: 0..0,
            says: format!("it has {} bytes; {MAX_BYTES} is the most", text.len()),
        });
    }
    let places = Places::of(text);
    let mut builder = Builder {
        places: &places,
        open: Vec::new(),
        anchors: BTreeMap::new(),
        nodes: 0,
        repeated: 0,
        whole: None,
    };
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|fault| {
            let at = places.byte(fault.marker());
            Fault {
                bytes: at..places.end_of_character(at),
                says: one_line(fault.info(), 160),
            }
        })?;
        builder.take(event, span)?;
    }
    let empty = Node {
        bytes: 0..0,
        tag: None,
        kind: Kind::Scalar {
            text: String::new(),
            style: Style::Plain,
        },
    };
    Ok(builder.whole.unwrap_or(empty))
}

/// Conversion of the parser's character offsets to byte offsets.
struct Places<'t> {
    text: &'t str,
    /// Start of each character; empty for a text in which every character is one byte.
    starts: Vec<usize>,
}

impl<'t> Places<'t> {
    fn of(text: &'t str) -> Places<'t> {
        let starts = if text.is_ascii() {
            Vec::new()
        } else {
            text.char_indices().map(|(at, _)| at).collect()
        };
        Places { text, starts }
    }

    fn byte(&self, marker: &Marker) -> usize {
        let at = if self.starts.is_empty() {
            marker.index()
        } else {
            self.starts
                .get(marker.index())
                .copied()
                .unwrap_or(self.text.len())
        };
        at.min(self.text.len())
    }

    fn end_of_character(&self, at: usize) -> usize {
        let length = self.text[at..]
            .chars()
            .next()
            .filter(|it| !matches!(it, '\r' | '\n'))
            .map_or(0, char::len_utf8);
        at + length
    }

    /// Returns a range without the trailing blanks and line ends that the parser includes.
    fn range(&self, span: Span) -> Range<usize> {
        let (start, end) = (self.byte(&span.start), self.byte(&span.end));
        let written = self.text.get(start..end.max(start)).unwrap_or_default();
        start..start + written.trim_end().len()
    }
}

/// Unclosed list or mapping.
struct Open {
    start: usize,
    tag: Option<String>,
    anchor: usize,
    is_mapping: bool,
    /// Items; for a mapping, alternating keys and values.
    parts: Vec<Node>,
}

struct Builder<'p> {
    places: &'p Places<'p>,
    open: Vec<Open>,
    anchors: BTreeMap<usize, Node>,
    nodes: usize,
    /// Number of bytes of text that aliases repeated.
    repeated: usize,
    whole: Option<Node>,
}

impl Builder<'_> {
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), Fault> {
        let bytes = self.places.range(span);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let style = if style == ScalarStyle::Plain {
                    Style::Plain
                } else {
                    Style::Text
                };
                let kind = Kind::Scalar {
                    text: text.into_owned(),
                    style,
                };
                self.add(
                    anchor,
                    Node {
                        bytes,
                        tag: tag.as_deref().map(whole_tag),
                        kind,
                    },
                )
            }
            Event::SequenceStart(anchor, tag) => self.begin(bytes, anchor, tag.as_deref(), false),
            Event::MappingStart(anchor, tag) => self.begin(bytes, anchor, tag.as_deref(), true),
            Event::SequenceEnd | Event::MappingEnd => self.end(bytes.end),
            Event::Alias(anchor) => {
                let Some(node) = self.anchors.get(&anchor) else {
                    return Err(Fault {
                        bytes,
                        says: "an alias of what it stands in".to_owned(),
                    });
                };
                let (nodes, text) = size_of(node);
                // `add` counts the node itself. Nodes beyond the limit are never created.
                self.nodes += nodes - 1;
                self.repeated += text;
                self.bounded(&bytes)?;
                let node = Node {
                    bytes,
                    ..node.clone()
                };
                self.add(0, node)
            }
            Event::DocumentStart(_) if self.whole.is_some() => Err(Fault {
                bytes,
                says: "a second document begins here".to_owned(),
            }),
            _ => Ok(()),
        }
    }

    fn begin(
        &mut self,
        bytes: Range<usize>,
        anchor: usize,
        tag: Option<&Tag>,
        is_mapping: bool,
    ) -> Result<(), Fault> {
        if self.open.len() >= MAX_DEPTH {
            return Err(Fault {
                bytes,
                says: format!("it lies deeper than {MAX_DEPTH} levels"),
            });
        }
        self.open.push(Open {
            start: bytes.start,
            tag: tag.map(whole_tag),
            anchor,
            is_mapping,
            parts: Vec::new(),
        });
        Ok(())
    }

    fn end(&mut self, end: usize) -> Result<(), Fault> {
        let Some(Open {
            start,
            tag,
            anchor,
            is_mapping,
            parts,
        }) = self.open.pop()
        else {
            return Ok(());
        };
        let last = parts.last().map_or(start, |part| part.bytes.end);
        let kind = if is_mapping {
            Kind::Mapping(pairs(parts))
        } else {
            Kind::Sequence(parts)
        };
        // A block ends at the start of the next one; its range ends with its last part.
        let is_flow = self.places.text[..end].ends_with(['}', ']']);
        let end = if is_flow { end.max(last) } else { last };
        self.add(
            anchor,
            Node {
                bytes: start.min(end)..end,
                tag,
                kind,
            },
        )
    }

    fn add(&mut self, anchor: usize, node: Node) -> Result<(), Fault> {
        self.nodes += 1;
        self.bounded(&node.bytes)?;
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
        }
        match self.open.last_mut() {
            Some(open) => open.parts.push(node),
            None => self.whole = Some(node),
        }
        Ok(())
    }

    fn bounded(&self, bytes: &Range<usize>) -> Result<(), Fault> {
        let says = match (self.nodes > MAX_NODES, self.repeated > MAX_REPEATED) {
            (true, _) => format!("it holds more than {MAX_NODES} values"),
            (_, true) => format!("its aliases repeat more than {MAX_REPEATED} bytes"),
            (false, false) => return Ok(()),
        };
        Err(Fault {
            bytes: bytes.clone(),
            says,
        })
    }
}

fn pairs(parts: Vec<Node>) -> Vec<(Node, Node)> {
    let mut pairs = Vec::with_capacity(parts.len() / 2);
    let mut parts = parts.into_iter();
    while let (Some(key), Some(value)) = (parts.next(), parts.next()) {
        pairs.push((key, value));
    }
    pairs
}

fn whole_tag(tag: &Tag) -> String {
    format!("{}{}", tag.handle, tag.suffix)
}

/// Returns the number of nodes, including the node itself, and of bytes of text.
fn size_of(node: &Node) -> (usize, usize) {
    let tag = node.tag.as_ref().map_or(0, String::len);
    let (text, parts): (usize, Vec<&Node>) = match &node.kind {
        Kind::Scalar { text, .. } => (text.len(), Vec::new()),
        Kind::Sequence(items) => (0, items.iter().collect()),
        Kind::Mapping(members) => (
            0,
            members
                .iter()
                .flat_map(|(key, value)| [key, value])
                .collect(),
        ),
    };
    parts
        .into_iter()
        .map(size_of)
        .fold((1, tag + text), |(nodes, bytes), (more, text)| {
            (nodes + more, bytes + text)
        })
}
