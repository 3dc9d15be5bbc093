//! YAML with the place of every key and value: one document, as a tree that may be walked.
//!
//! What a plain scalar is (`yes` a truth value or a word) differs between readers, so whoever asks
//! brings a [`Typing`].

mod build;
mod scalar;

use std::ops::Range;

use serde_json::{Map, Value};

pub use build::{Fault, MAX_BYTES, MAX_DEPTH, MAX_NODES, MAX_REPEATED, parse};
pub use scalar::{Scalar, Typing, yaml_1_1};

/// A value and the bytes that it takes in the text.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Bytes of the value, quotes and brackets included; of an alias, those of the alias.
    pub bytes: Range<usize>,
    /// Its tag, resolved: `tag:yaml.org,2002:str` of `!!str`.
    pub tag: Option<String>,
    /// What it is.
    pub kind: Kind,
}

/// The kinds of nodes.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A text, whatever a [`Typing`] makes of it.
    Scalar {
        /// With its escapes resolved and its lines folded.
        text: String,
        /// How it is written.
        style: Style,
    },
    /// A list.
    Sequence(Vec<Node>),
    /// Keys and values in the order of the text, repeated keys too.
    Mapping(Vec<(Node, Node)>),
}

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Without quotes: what it is depends on its text.
    Plain,
    /// In quotes, or as a block: always a text.
    Text,
}

/// The tags that every loader of plain data knows, below `tag:yaml.org,2002:`.
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
    /// The members of a mapping; none of anything else.
    pub fn members(&self) -> &[(Node, Node)] {
        match &self.kind {
            Kind::Mapping(members) => members,
            _ => &[],
        }
    }

    /// The items of a sequence; none of anything else.
    pub fn items(&self) -> &[Node] {
        match &self.kind {
            Kind::Sequence(items) => items,
            _ => &[],
        }
    }

    /// The value of the key `name`; of a repeated key the last one, as in every loader that does
    /// not refuse it.
    pub fn get(&self, name: &str) -> Option<&Node> {
        self.members()
            .iter()
            .rev()
            .find(|(key, _)| key.written() == Some(name))
            .map(|(_, value)| value)
    }

    /// The text of a scalar, whatever its type; `None` of a list or a mapping.
    pub fn written(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// What a scalar is to a reader with this `typing`; `None` of a list or a mapping.
    pub fn scalar(&self, typing: Typing) -> Option<Scalar> {
        let Kind::Scalar { text, style } = &self.kind else {
            return None;
        };
        let is_text = match self.tag.as_deref() {
            None => *style == Style::Text,
            // `!` alone says: not by its looks.
            Some(tag) => tag == "!" || tag.strip_prefix(CORE) == Some("str"),
        };
        Some(if is_text { Scalar::Text } else { typing(text) })
    }

    /// The text of what is a text to a reader with this `typing`.
    pub fn text(&self, typing: Typing) -> Option<&str> {
        self.written()
            .filter(|_| self.scalar(typing) == Some(Scalar::Text))
    }

    /// What it is, in a word or two.
    pub fn kind_in_words(&self, typing: Typing) -> &'static str {
        match &self.kind {
            Kind::Sequence(_) => "a list",
            Kind::Mapping(_) => "a mapping",
            Kind::Scalar { .. } => self.scalar(typing).map_or("a text", |it| it.in_words()),
        }
    }

    /// The plain value; a date and what JSON has no number for become texts, and keys what they are
    /// written as.
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

    /// Keys that stand twice in one mapping: the first and the later one, for every later one.
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

    /// Nodes with a tag that a loader of plain data refuses: `!!python/object`, `!Reference`.
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

    /// Every node, keys before their values; not deeper than [`MAX_DEPTH`].
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
