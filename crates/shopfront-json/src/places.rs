//! Byte ranges of JSON Pointers, and duplicate keys.

use std::collections::HashMap;
use std::ops::Range;

use super::tree::{Key, Kind, Node};
use shopfront_diagnostics::Part;
use shopfront_diagnostics::pointer::Pointer;

/// Returns the bytes of `part` at `pointer`; if it does not exist, those of the nearest existing
/// ancestor.
pub fn span(root: &Node, pointer: &Pointer, part: Part) -> Range<usize> {
    let mut node = root;
    let mut key_span = None;
    for step in pointer.steps() {
        let found = match &node.kind {
            Kind::Object(members) => members
                .iter()
                .rev()
                .find(|(key, _)| key.name == step)
                .map(|(key, value)| (Some(key.span.clone()), value)),
            Kind::Array(items) => step
                .parse::<usize>()
                .ok()
                .and_then(|index| items.get(index))
                .map(|item| (None, item)),
            _ => None,
        };
        let Some((key, value)) = found else {
            return opening(node);
        };
        key_span = key;
        node = value;
    }
    match part {
        Part::Key => key_span.unwrap_or_else(|| node.span.clone()),
        Part::Value => node.span.clone(),
        Part::Opening => opening(node),
    }
}

/// Returns the first bracket of an object or array: its whole text would underline a page.
fn opening(node: &Node) -> Range<usize> {
    match node.kind {
        Kind::Object(_) | Kind::Array(_) => node.span.start..node.span.start + 1,
        _ => node.span.clone(),
    }
}

/// Duplicate key in one object.
pub struct Duplicate {
    /// Pointer to the member by name; both occurrences share it.
    pub pointer: Pointer,
    /// Bytes of the first key.
    pub first: Range<usize>,
    /// Bytes of the later key.
    pub second: Range<usize>,
    /// `true` if both have the same value, so that either may be removed.
    pub is_same: bool,
}

/// Maximum number of repeated keys whose values are compared.
const MOST_COMPARED: usize = 100;

/// Returns all repeated keys of the document, in the order of the text.
pub fn duplicates(root: &Node) -> Vec<Duplicate> {
    let mut found = Vec::new();
    collect_duplicates(root, &Pointer::root(), &mut found);
    found
}

fn collect_duplicates(node: &Node, at: &Pointer, found: &mut Vec<Duplicate>) {
    match &node.kind {
        Kind::Object(members) => {
            let mut first_seen = HashMap::new();
            for (index, (key, value)) in members.iter().enumerate() {
                if let Some(first) = earlier(&members[..index], &key.name, &mut first_seen) {
                    let (first, earlier) = (members[first].0.span.clone(), &members[first].1);
                    let is_same = found.len() < MOST_COMPARED
                        && earlier.clone().into_value() == value.clone().into_value();
                    found.push(Duplicate {
                        pointer: at.key(&key.name),
                        first,
                        second: key.span.clone(),
                        is_same,
                    });
                }
                if is_nested(value) {
                    collect_duplicates(value, &at.key(&key.name), found);
                }
            }
        }
        Kind::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                if is_nested(item) {
                    collect_duplicates(item, &at.index(index), found);
                }
            }
        }
        _ => {}
    }
}

/// Returns the index of the first of `before` called `name`. Few keys are compared one by one,
/// which is faster than hashing; an untrusted file may have many.
fn earlier<'t>(
    before: &'t [(Key, Node)],
    name: &'t str,
    first_seen: &mut HashMap<&'t str, usize>,
) -> Option<usize> {
    const FEW: usize = 24;
    if before.len() < FEW {
        return before.iter().position(|(key, _)| key.name == name);
    }
    if first_seen.is_empty() {
        for (index, (key, _)) in before.iter().enumerate() {
            first_seen.entry(&key.name).or_insert(index);
        }
    } else if let Some((key, _)) = before.last() {
        first_seen.entry(&key.name).or_insert(before.len() - 1);
    }
    first_seen.get(name).copied()
}

fn is_nested(node: &Node) -> bool {
    matches!(node.kind, Kind::Object(_) | Kind::Array(_))
}
