//! From a JSON Pointer to the bytes of a key or a value; and the keys that stand twice.

use std::collections::HashMap;
use std::ops::Range;

use super::tree::{Key, Kind, Node};
use crate::diagnostic::Part;
use crate::pointer::Pointer;

/// The bytes of `part` at `pointer`; where the place does not exist, the nearest one above it that does.
pub fn span(root: &Node, pointer: &Pointer, part: Part) -> Range<usize> {
    let mut node = root;
    let mut key_span = None;
    for step in pointer.steps() {
        let found = match &node.kind {
            Kind::Object(members) => {
                members.iter().rev().find(|(key, _)| key.name == step).map(|(key, value)| (Some(key.span.clone()), value))
            }
            Kind::Array(items) => step.parse::<usize>().ok().and_then(|index| items.get(index)).map(|item| (None, item)),
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

/// An object or array shows its first bracket: its whole text would underline a page.
fn opening(node: &Node) -> Range<usize> {
    match node.kind {
        Kind::Object(_) | Kind::Array(_) => node.span.start..node.span.start + 1,
        _ => node.span.clone(),
    }
}

/// A key that stands twice in one object.
pub struct Duplicate {
    /// The member, by name; both occurrences share it.
    pub pointer: Pointer,
    /// The bytes of the first key.
    pub first: Range<usize>,
    /// The bytes of the later key.
    pub second: Range<usize>,
}

/// Every repeated key of the document, in the order of the text.
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
                    found.push(Duplicate { pointer: at.key(&key.name), first, second: key.span.clone() });
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

/// The first of `before` that is called `name`. A few keys are compared one by one, which is faster than hashing
/// them; a file of strangers may have many.
fn earlier<'t>(before: &'t [(Key, Node)], name: &'t str, first_seen: &mut HashMap<&'t str, Range<usize>>) -> Option<Range<usize>> {
    const FEW: usize = 24;
    if before.len() < FEW {
        return before.iter().find(|(key, _)| key.name == name).map(|(key, _)| key.span.clone());
    }
    if first_seen.is_empty() {
        for (key, _) in before {
            first_seen.entry(&key.name).or_insert_with(|| key.span.clone());
        }
    } else if let Some((key, _)) = before.last() {
        first_seen.entry(&key.name).or_insert_with(|| key.span.clone());
    }
    first_seen.get(name).cloned()
}

fn is_nested(node: &Node) -> bool {
    matches!(node.kind, Kind::Object(_) | Kind::Array(_))
}
