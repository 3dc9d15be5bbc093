//! YAML with the location of every key and value: one document, as a tree.
//!
//! The type of a plain scalar (`yes` as a boolean or a string) differs between parsers, so
//! callers provide a [`Typing`].

mod build;
mod scalar;

use std::ops::Range;

use serde_json::{Map, Value};

pub use build::{Fault, MAX_BYTES, MAX_DEPTH, MAX_NODES, MAX_REPEATED, parse};
pub use scalar::{Scalar, Typing, yaml_1_1};

/// Value with its byte range in the text.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Byte range of the value, quotes and brackets included; for an alias, that of the alias.
    pub bytes: Range<usize>,
    /// Resolved tag: `tag:yaml.org,2002:str` of `!!str`.
    pub tag: Option<String>,
    /// Type and content.
    pub kind: Kind,
}

/// Types of nodes.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Text, whose type depends on a [`Typing`].
    Scalar {
        /// Text with resolved escapes and folded lines.
        text: String,
        /// Notation of the scalar.
        style: Style,
    },
    /// List.
    Sequence(Vec<Node>),
    /// Keys and values in the order of the text, including repeated keys.
    Mapping(Vec<(Node, Node)>),
}

/// Notations of a scalar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Without quotes: the type depends on the text.
    Plain,
    /// Quoted or block: always a string.
    Text,
}

/// Tags that every loader of plain data supports, below `tag:yaml.org,2002:`.
const PLAIN_TAGS: &[&str] = &[
    "null",
    "bool",
    "int",
    "float",
    "binary",
    "timestamp",
    "omap",
    "pairs",
    "set",
    "str",
    "seq",
    "map",
    "merge",
    "value",
];
const CORE: &str = "tag:yaml.org,2002:";

impl Node {
    /// Returns the members of a mapping; empty for other nodes.
    pub fn members(&self) -> &[(Node, Node)] {
        match &self.kind {
            Kind::Mapping(members) => members,
            _ => &[],
        }
    }

    /// Returns the items of a sequence; empty for other nodes.
    pub fn items(&self) -> &[Node] {
        match &self.kind {
            Kind::Sequence(items) => items,
            _ => &[],
        }
    }

    /// Returns the value of the key `name`; of a repeated key the last one, as in every loader
    /// that accepts it.
    pub fn get(&self, name: &str) -> Option<&Node> {
        self.members()
            .iter()
            .rev()
            .find(|(key, _)| key.written() == Some(name))
            .map(|(_, value)| value)
    }

    /// Returns the text of a scalar of any type; `None` for a list or a mapping.
    pub fn written(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// Returns the scalar as interpreted with this `typing`; `None` for a list or a mapping.
    pub fn scalar(&self, typing: Typing) -> Option<Scalar> {
        let Kind::Scalar { text, style } = &self.kind else {
            return None;
        };
        let is_text = match self.tag.as_deref() {
            None => *style == Style::Text,
            // `!` alone means: not resolved by its text.
            Some(tag) => tag == "!" || tag.strip_prefix(CORE) == Some("str"),
        };
        Some(if is_text { Scalar::Text } else { typing(text) })
    }

    /// Returns the text of a scalar that is a string with this `typing`.
    pub fn text(&self, typing: Typing) -> Option<&str> {
        self.written()
            .filter(|_| self.scalar(typing) == Some(Scalar::Text))
    }

    /// Returns the type in one or two words.
    pub fn kind_in_words(&self, typing: Typing) -> &'static str {
        match &self.kind {
            Kind::Sequence(_) => "a list",
            Kind::Mapping(_) => "a mapping",
            Kind::Scalar { .. } => self.scalar(typing).map_or("a text", |it| it.in_words()),
        }
    }

    /// Returns the plain value. Dates and numbers without a JSON equivalent become strings; keys
    /// become their text.
    pub fn value(&self, typing: Typing) -> Value {
        match &self.kind {
            Kind::Sequence(items) => {
                Value::Array(items.iter().map(|item| item.value(typing)).collect())
            }
            Kind::Mapping(members) => {
                let member = |(key, value): &(Node, Node)| {
                    Some((key.written()?.to_owned(), value.value(typing)))
                };
                Value::Object(members.iter().filter_map(member).collect::<Map<_, _>>())
            }
            Kind::Scalar { text, .. } => self
                .scalar(typing)
                .and_then(Scalar::value)
                .unwrap_or_else(|| Value::String(text.clone())),
        }
    }

    /// Returns duplicate keys of mappings as pairs: the first, with each later one.
    pub fn repeated_keys(&self) -> Vec<(&Node, &Node)> {
        let mut found = Vec::new();
        self.walk(&mut |node| {
            let mut known: std::collections::BTreeMap<&str, &Node> =
                std::collections::BTreeMap::new();
            for (key, _) in node.members() {
                let Some(name) = key.written() else { continue };
                match known.get(name) {
                    Some(first) => found.push((*first, key)),
                    None => drop(known.insert(name, key)),
                }
            }
        });
        found
    }

    /// Returns nodes with a tag that a loader of plain data rejects: `!!python/object`,
    /// `!Reference`.
    pub fn foreign_tags(&self) -> Vec<&Node> {
        let mut found = Vec::new();
        let is_plain = |tag: &str| {
            tag == "!"
                || tag
                    .strip_prefix(CORE)
                    .is_some_and(|name| PLAIN_TAGS.contains(&name))
        };
        self.walk(&mut |node| {
            if node.tag.as_deref().is_some_and(|tag| !is_plain(tag)) {
                found.push(node);
            }
        });
        found
    }

    /// Traverses all nodes, keys before their values; not deeper than [`MAX_DEPTH`].
    fn walk<'n>(&'n self, seen: &mut dyn FnMut(&'n Node)) {
        seen(self);
        match &self.kind {
            Kind::Scalar { .. } => {}
            Kind::Sequence(items) => items.iter().for_each(|item| item.walk(seen)),
            Kind::Mapping(members) => members.iter().for_each(|(key, value)| {
                key.walk(seen);
                value.walk(seen);
            }),
        }
    }
}
