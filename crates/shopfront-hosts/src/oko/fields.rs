//! The fields of a YAML file: which types they have, told of every one that has another.

use shopfront_diagnostics::{Diagnostic, Location};
use shopfront_json::yaml::{self, Node, Scalar, Typing, yaml_1_1};
use shopfront_model::bundle::Bundle;
use shopfront_model::codes::ambiguous_manifest;
use shopfront_model::codes::bad_manifest_value;
use shopfront_model::codes::malformed_manifest;
use shopfront_model::codes::missing_manifest_field;
use shopfront_text::one_line;

/// The host reads with `yaml.safe_load`.
pub(super) const TYPING: Typing = yaml_1_1;

/// A field of a mapping.
pub(super) struct Field {
    /// The names that it may have, the usual one first.
    pub(super) names: &'static [&'static str],
    /// Whether the host refuses the file without it.
    pub(super) is_needed: bool,
    /// What it has to be.
    pub(super) shape: Shape,
}

/// What a value has to be.
pub(super) enum Shape {
    /// A text.
    Text,
    /// A text, or nothing.
    TextOrNothing,
    /// A truth value.
    Flag,
    /// A truth value, or a word or number for one: `"yes"`, `1`.
    FlagOrWord,
    /// A whole number.
    Whole,
    /// One of these texts.
    OneOf(&'static [&'static str]),
    /// A list of such.
    List(&'static Shape),
    /// A mapping with these fields.
    Mapping(&'static [Field]),
    /// A mapping with the fields of its `type`; the first type where it has none.
    Typed(&'static [(&'static str, &'static [Field])]),
    /// Anything.
    Any,
}

/// A field that may be left out.
pub(super) const fn may(names: &'static [&'static str], shape: Shape) -> Field {
    Field {
        names,
        is_needed: false,
        shape,
    }
}

/// A field that may not.
pub(super) const fn must(names: &'static [&'static str], shape: Shape) -> Field {
    Field {
        names,
        is_needed: true,
        shape,
    }
}

/// A YAML file of a plugin.
pub(super) struct Document<'d> {
    bundle: &'d Bundle,
    /// Its name, from the root of the plugin.
    pub(super) name: &'d str,
    text: &'d str,
    /// What is in it: a mapping.
    pub(super) root: Node,
}

impl<'d> Document<'d> {
    /// Reads `name`, where the plugin has it; `None` where it has not, or where it can not be read,
    /// which is told.
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

    /// Where `node` stands; of what takes many lines, its first.
    pub(super) fn place(&self, node: &Node) -> Location {
        let length = self.text[node.bytes.clone()]
            .find(['\n', '\r'])
            .unwrap_or(node.bytes.len());
        self.bundle
            .place(self.name, node.bytes.start..node.bytes.start + length)
    }

    /// Tells every field that is not as it has to be.
    pub(super) fn judge(&self, fields: &[Field], found: &mut Vec<Diagnostic>) {
        self.mapping(&self.root, "", fields, found);
    }

    fn mapping(&self, node: &Node, path: &str, fields: &[Field], found: &mut Vec<Diagnostic>) {
        // What a merge key takes in may be anything.
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

/// What pydantic takes for a truth value, beside those.
fn is_word_for_a_flag(node: &Node) -> bool {
    const WORDS: &[&str] = &[
        "true", "false", "t", "f", "yes", "no", "y", "n", "on", "off", "1", "0",
    ];
    let is_one = |text: &str| WORDS.contains(&text.to_ascii_lowercase().as_str());
    matches!(node.scalar(TYPING), Some(Scalar::Text | Scalar::Integer(_)))
        && node.written().is_some_and(is_one)
}
