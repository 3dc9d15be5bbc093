//! Value of a manifest with its location, independent of its syntax (YAML or JSON).

use serde_json::Value;

use shopfront_diagnostics::Location;
use shopfront_json::yaml::{self, Kind, Node, Scalar, yaml_1_1};
use shopfront_model::bundle::Bundle;

/// Value with its location.
#[derive(Clone)]
pub(super) struct Part {
    pub(super) place: Location,
    /// Text of a scalar as written.
    pub(super) written: String,
    pub(super) is: Is,
}

/// Type and content of a value.
#[derive(Clone)]
pub(super) enum Is {
    Text,
    Bool(bool),
    List(Vec<Part>),
    Map(Vec<Member>),
    /// Type of no field: a number, a date or nothing, in words.
    Other(&'static str),
}

/// Key with its value.
#[derive(Clone)]
pub(super) struct Member {
    pub(super) key: String,
    pub(super) value: Part,
}

/// Maximum depth of nested merges.
const MOST_MERGES: usize = 16;

impl Part {
    /// Converts the YAML of the file `name` of `bundle`.
    pub(super) fn of_yaml(node: &Node, bundle: &Bundle, name: &str) -> Part {
        let text = bundle.text(name).unwrap_or_default();
        // The first of several lines is sufficient.
        let first_line = |node: &Node| {
            let written = text.get(node.bytes.clone()).unwrap_or_default();
            bundle.place(
                name,
                node.bytes.start..node.bytes.start + written.find('\n').unwrap_or(written.len()),
            )
        };
        Part::of_node(node, &first_line, 0)
    }

    fn of_node(node: &Node, place: &dyn Fn(&Node) -> Location, merges: usize) -> Part {
        let is = match (&node.kind, node.scalar(yaml_1_1)) {
            (Kind::Sequence(items), _) => Is::List(
                items
                    .iter()
                    .map(|item| Part::of_node(item, place, merges))
                    .collect(),
            ),
            (Kind::Mapping(_), _) => Is::Map(members_of(node, place, merges)),
            (Kind::Scalar { .. }, Some(Scalar::Bool(it))) => Is::Bool(it),
            (Kind::Scalar { .. }, Some(Scalar::Text)) => Is::Text,
            (Kind::Scalar { .. }, _) => Is::Other(node.kind_in_words(yaml_1_1)),
        };
        Part {
            place: place(node),
            written: node.written().unwrap_or_default().to_owned(),
            is,
        }
    }

    /// Converts the JSON of a snippet; `place` returns the location of a JSON Pointer.
    pub(super) fn of_json(value: &Value, pointer: &str, place: &dyn Fn(&str) -> Location) -> Part {
        let child = |key: &str, value: &Value| {
            Part::of_json(
                value,
                &format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1")),
                place,
            )
        };
        let is = match value {
            Value::Null => Is::Other("nothing"),
            Value::Number(_) => Is::Other("a number"),
            Value::Bool(it) => Is::Bool(*it),
            Value::String(_) => Is::Text,
            Value::Array(items) => Is::List(
                items
                    .iter()
                    .enumerate()
                    .map(|(at, item)| child(&at.to_string(), item))
                    .collect(),
            ),
            Value::Object(members) => Is::Map(
                members
                    .iter()
                    .map(|(key, value)| Member {
                        key: key.clone(),
                        value: child(key, value),
                    })
                    .collect(),
            ),
        };
        let written = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        Part {
            place: place(pointer),
            written,
            is,
        }
    }

    /// Returns the type in one or two words.
    pub(super) fn in_words(&self) -> &'static str {
        match &self.is {
            Is::Text => "a text",
            Is::Bool(_) => "a truth value",
            Is::List(_) => "a list",
            Is::Map(_) => "a mapping",
            Is::Other(words) => words,
        }
    }

    /// Returns the text, if the value is one.
    pub(super) fn text(&self) -> Option<&str> {
        matches!(self.is, Is::Text).then_some(self.written.as_str())
    }

    /// Returns the items, if the value is a list.
    pub(super) fn items(&self) -> Option<&[Part]> {
        match &self.is {
            Is::List(items) => Some(items),
            _ => None,
        }
    }

    /// Returns the value of the key `name`; of a repeated key the last one, as in PyYAML.
    pub(super) fn get(&self, name: &str) -> Option<&Part> {
        match &self.is {
            Is::Map(members) => members
                .iter()
                .rev()
                .find(|member| member.key == name)
                .map(|member| &member.value),
            _ => None,
        }
    }
}

/// Returns the members of a mapping after those that it merges, so that its own take precedence.
fn members_of(node: &Node, place: &dyn Fn(&Node) -> Location, merges: usize) -> Vec<Member> {
    let is_merge = |key: &Node| key.scalar(yaml_1_1) == Some(Scalar::Merge);
    let mut members = Vec::new();
    for (_, value) in node
        .members()
        .iter()
        .filter(|(key, _)| is_merge(key) && merges < MOST_MERGES)
    {
        // Of several, the first one takes precedence.
        let merged: Vec<&yaml::Node> = if value.items().is_empty() {
            vec![value]
        } else {
            value.items().iter().rev().collect()
        };
        members.extend(
            merged
                .into_iter()
                .flat_map(|it| members_of(it, place, merges + 1)),
        );
    }
    let own = node.members().iter().filter(|(key, _)| !is_merge(key));
    members.extend(own.filter_map(|(key, value)| {
        Some(Member {
            key: key.written()?.to_owned(),
            value: Part::of_node(value, place, merges),
        })
    }));
    members
}
