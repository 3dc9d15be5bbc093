//! Fields of a YAML file with their types, and diagnostics for other types.

use shopfront_diagnostics::{Diagnostic, Location};
use shopfront_json::yaml::{self, Node, Scalar, Typing, yaml_1_1};
use shopfront_model::bundle::Bundle;
use shopfront_model::codes::ambiguous_manifest;
use shopfront_model::codes::bad_manifest_value;
use shopfront_model::codes::malformed_manifest;
use shopfront_model::codes::missing_manifest_field;
use shopfront_text::one_line;

/// The host parses with `yaml.safe_load`.
pub(super) const TYPING: Typing = yaml_1_1;

/// Field of a mapping.
pub(super) struct Field {
    /// Allowed names, usual name first.
    pub(super) names: &'static [&'static str],
    /// `true` if the host rejects the file without it.
    pub(super) is_needed: bool,
    /// Required type.
    pub(super) shape: Shape,
}

/// Type of a value.
pub(super) enum Shape {
    Text,
    /// String or null.
    TextOrNothing,
    /// Boolean.
    Flag,
    /// Boolean, or a word or number for one: `"yes"`, `1`.
    FlagOrWord,
    /// Integer.
    Whole,
    /// One of these strings.
    OneOf(&'static [&'static str]),
    /// List of values of this type.
    List(&'static Shape),
    /// Mapping with these fields.
    Mapping(&'static [Field]),
    /// Mapping with the fields of its `type`; the first type if it has none.
    Typed(&'static [(&'static str, &'static [Field])]),
    /// Any value.
    Any,
}

/// Returns an optional field.
pub(super) const fn may(names: &'static [&'static str], shape: Shape) -> Field {
    Field {
        names,
        is_needed: false,
        shape,
    }
}

/// Returns a required field.
pub(super) const fn must(names: &'static [&'static str], shape: Shape) -> Field {
    Field {
        names,
        is_needed: true,
        shape,
    }
}

/// YAML file of a plugin.
pub(super) struct Document<'d> {
    bundle: &'d Bundle,
    /// Name relative to the root of the plugin.
    pub(super) name: &'d str,
    text: &'d str,
    /// Root mapping.
    pub(super) root: Node,
}

impl<'d> Document<'d> {
    /// Reads `name`; returns `None` if the plugin does not have it, or if it is unreadable, which
    /// is reported.
    pub(super) fn read(
        bundle: &'d Bundle,
        name: &'d str,
        found: &mut Vec<Diagnostic>,
    ) -> Option<Document<'d>> {
        let bytes = bundle.bytes(name)?;
        let Ok(text) = std::str::from_utf8(bytes) else {
            let message = format!("`{name}` is not UTF-8");
            found.push(
                malformed_manifest::diagnostic(bundle.whole_member(name), "not UTF-8", message)
                    .help("save it as UTF-8"),
            );
            return None;
        };
        let root = match yaml::parse(text) {
            Ok(root) => root,
            Err(fault) => {
                let message = format!("`{name}` is no YAML: {}", fault.says);
                found.push(malformed_manifest::diagnostic(
                    bundle.place(name, fault.bytes),
                    "no YAML",
                    message,
                ));
                return None;
            }
        };
        let document = Document {
            bundle,
            name,
            text,
            root,
        };
        found.extend(
            document
                .root
                .foreign_tags()
                .into_iter()
                .map(|node| document.foreign_tag(node)),
        );
        found.extend(
            document
                .root
                .repeated_keys()
                .into_iter()
                .map(|(first, again)| document.repeated(first, again)),
        );
        if !matches!(document.root.kind, yaml::Kind::Mapping(_)) {
            let kind = document.root.kind_in_words(TYPING);
            let message = format!("`{name}` holds {kind}, where its host wants keys with values");
            found.push(malformed_manifest::diagnostic(
                document.place(&document.root),
                kind,
                message,
            ));
            return None;
        }
        Some(document)
    }

    /// Returns the location of `node`; if it has several lines, the first.
    pub(super) fn place(&self, node: &Node) -> Location {
        let length = self.text[node.bytes.clone()]
            .find(['\n', '\r'])
            .unwrap_or(node.bytes.len());
        self.bundle
            .place(self.name, node.bytes.start..node.bytes.start + length)
    }

    /// Reports all fields with an invalid value.
    pub(super) fn judge(&self, fields: &[Field], found: &mut Vec<Diagnostic>) {
        self.mapping(&self.root, "", fields, found);
    }

    fn mapping(&self, node: &Node, path: &str, fields: &[Field], found: &mut Vec<Diagnostic>) {
        // The value of a merge key may be anything.
        let is_whole = node
            .members()
            .iter()
            .all(|(key, _)| key.scalar(TYPING) != Some(Scalar::Merge));
        for field in fields {
            let value = field
                .names
                .iter()
                .find_map(|name| Some((*name, node.get(name)?)));
            match value {
                Some((name, value)) => self.value(value, &joined(path, name), &field.shape, found),
                None if field.is_needed && is_whole => found.push(self.missing(node, path, field)),
                None => {}
            }
        }
    }

    fn value(&self, node: &Node, path: &str, shape: &Shape, found: &mut Vec<Diagnostic>) {
        let scalar = node.scalar(TYPING);
        let is_text = scalar == Some(Scalar::Text);
        match shape {
            Shape::Any => {}
            Shape::Text if is_text => {}
            Shape::Text => found.push(self.wrong(node, path, "a text")),
            Shape::TextOrNothing if is_text || scalar == Some(Scalar::Null) => {}
            Shape::TextOrNothing => found.push(self.wrong(node, path, "a text")),
            Shape::Flag if matches!(scalar, Some(Scalar::Bool(_))) => {}
            Shape::FlagOrWord
                if matches!(scalar, Some(Scalar::Bool(_))) || is_word_for_a_flag(node) => {}
            Shape::Flag | Shape::FlagOrWord => {
                found.push(self.wrong(node, path, "`true` or `false`"))
            }
            Shape::Whole if matches!(scalar, Some(Scalar::Integer(_))) => {}
            Shape::Whole => found.push(self.wrong(node, path, "a whole number")),
            Shape::OneOf(values)
                if is_text && node.written().is_some_and(|text| values.contains(&text)) => {}
            Shape::OneOf(values) => found.push(self.wrong(node, path, &one_of(values))),
            Shape::List(shape) => match &node.kind {
                yaml::Kind::Sequence(items) => {
                    items.iter().enumerate().for_each(|(at, item)| {
                        self.value(item, &format!("{path}[{at}]"), shape, found)
                    });
                }
                _ => found.push(self.wrong(node, path, "a list")),
            },
            Shape::Mapping(_) | Shape::Typed(_) if !matches!(node.kind, yaml::Kind::Mapping(_)) => {
                found.push(self.wrong(node, path, "keys with values"));
            }
            Shape::Mapping(fields) => self.mapping(node, path, fields, found),
            Shape::Typed(types) => self.typed(node, path, types, found),
        }
    }

    fn typed(
        &self,
        node: &Node,
        path: &str,
        types: &[(&str, &'static [Field])],
        found: &mut Vec<Diagnostic>,
    ) {
        let named = node.get("type").map(|kind| (kind, kind.text(TYPING)));
        match named {
            None => self.mapping(node, path, types[0].1, found),
            Some((kind, name)) => match types.iter().find(|(known, _)| Some(*known) == name) {
                Some((_, fields)) => self.mapping(node, path, fields, found),
                None => {
                    let known: Vec<&str> = types.iter().map(|(known, _)| *known).collect();
                    found.push(self.wrong(kind, &joined(path, "type"), &one_of(&known)));
                }
            },
        }
    }

    fn wrong(&self, node: &Node, path: &str, wanted: &str) -> Diagnostic {
        let shown = node
            .written()
            .filter(|text| !text.is_empty())
            .map(|text| format!(" `{}`", one_line(text, 40)))
            .unwrap_or_default();
        let kind = node.kind_in_words(TYPING);
        let message = format!(
            "`{path}` in `{}` is {kind}{shown}; its host wants {wanted}",
            self.name
        );
        let is_number = matches!(
            node.scalar(TYPING),
            Some(Scalar::Integer(_) | Scalar::Float(_) | Scalar::Bool(_) | Scalar::Timestamp)
        );
        let quoted = (is_number && wanted == "a text").then(|| {
            format!(
                "write it in quotes: `\"{}\"`",
                node.written().unwrap_or_default()
            )
        });
        bad_manifest_value::diagnostic(self.place(node), kind, message).help_if(quoted)
    }

    fn missing(&self, node: &Node, path: &str, field: &Field) -> Diagnostic {
        let name = joined(path, field.names[0]);
        let message = format!(
            "`{}` has no `{name}`, without which its host refuses it",
            self.name
        );
        let fault = missing_manifest_field::diagnostic(self.place(node), "not in it", message);
        fault.help(format!("add `{}: …`", field.names[0]))
    }

    fn foreign_tag(&self, node: &Node) -> Diagnostic {
        let message = format!(
            "`{}` has a tag that a loader of plain data refuses",
            self.name
        );
        malformed_manifest::diagnostic(self.place(node), "not plain data", message)
            .help("take the tag away")
    }

    fn repeated(&self, first: &Node, again: &Node) -> Diagnostic {
        let name = one_line(again.written().unwrap_or_default(), 60);
        let message = format!(
            "the key `{name}` stands twice in `{}`: one reader takes the last, another refuses the file",
            self.name
        );
        let fault = ambiguous_manifest::diagnostic(self.place(again), "again", message)
            .with_secondary(self.place(first), "first here");
        fault.help("keep one of them")
    }
}

fn joined(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}

fn one_of(values: &[&str]) -> String {
    values
        .iter()
        .map(|it| format!("`{it}`"))
        .collect::<Vec<_>>()
        .join(" or ")
}

/// Returns `true` for the other values that pydantic accepts as a boolean.
fn is_word_for_a_flag(node: &Node) -> bool {
    const WORDS: &[&str] = &[
        "true", "false", "t", "f", "yes", "no", "y", "n", "on", "off", "1", "0",
    ];
    let is_one = |text: &str| WORDS.contains(&text.to_ascii_lowercase().as_str());
    matches!(node.scalar(TYPING), Some(Scalar::Text | Scalar::Integer(_)))
        && node.written().is_some_and(is_one)
}
