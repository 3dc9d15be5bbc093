//! `manifest.py`: the values that its two readers agree on, and all places where they differ.
//!
//! The store service reads it line by line, the runtime imports it. Only values that both
//! interpret in the same way are used.

use std::collections::BTreeMap;
use std::ops::Range;
use std::str::FromStr;

use pep440_rs::Version;

use super::lines::{self, Line, Value};
use shopfront_diagnostics::{Diagnostic, Location};
use shopfront_model::bundle::Bundle;
use shopfront_model::codes::ambiguous_manifest;
use shopfront_model::codes::bad_manifest_value;
use shopfront_model::codes::malformed_manifest;
use shopfront_model::codes::missing_manifest_field;
use shopfront_model::codes::shadowing_module;
use shopfront_package::constants::{Constant, Constants, Literal};
use shopfront_package::python;
use shopfront_text::one_line;

/// Name relative to the root of the plugin.
pub(super) const FILE: &str = "manifest.py";

/// Maximum length of a plugin name: it is a directory, and part of URLs.
const LONGEST_NAME: usize = 64;

/// Type of a constant.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Text,
    Tuple,
}

/// Constants that a reader uses, with their types; the first three are required.
static CONSTANTS: &[(&str, Shape)] = &[
    (NAME, Shape::Text),
    (VERSION, Shape::Text),
    (DESCRIPTION, Shape::Text),
    ("PLUGIN_AUTHOR", Shape::Text),
    ("PLUGIN_HOMEPAGE", Shape::Text),
    ("PLUGIN_LICENSE", Shape::Text),
    (DASHBOARD, Shape::Text),
    ("PLUGIN_TAGS", Shape::Tuple),
    ("PLUGIN_CAPABILITIES", Shape::Tuple),
    ("PLUGIN_DEPENDENCIES", Shape::Tuple),
];
const NAME: &str = "PLUGIN_NAME";
const VERSION: &str = "PLUGIN_VERSION";
const DESCRIPTION: &str = "PLUGIN_DESCRIPTION";
const DASHBOARD: &str = "PLUGIN_MIN_DASHBOARD_VERSION";
/// Name that the runtime looks up first.
const WHOLE: &str = "PLUGIN_MANIFEST";

/// Values of a manifest that its readers agree on.
#[derive(Default)]
pub(super) struct Manifest {
    texts: BTreeMap<&'static str, (String, Range<usize>)>,
    tuples: BTreeMap<&'static str, Vec<String>>,
}

impl Manifest {
    /// Returns the name of the plugin, if hosts can use it.
    pub(super) fn name(&self) -> Option<&str> {
        self.text(NAME).filter(|name| fault_of_name(name).is_none())
    }

    /// Returns the byte range of the plugin's name.
    pub(super) fn name_bytes(&self) -> Option<Range<usize>> {
        self.texts.get(NAME).map(|(_, bytes)| bytes.clone())
    }

    /// Returns a constant that is a nonempty string.
    pub(super) fn text(&self, constant: &str) -> Option<&str> {
        self.texts
            .get(constant)
            .map(|(text, _)| text.as_str())
            .filter(|text| !text.trim().is_empty())
    }

    /// Returns a constant that is a tuple.
    pub(super) fn tuple(&self, constant: &str) -> &[String] {
        self.tuples
            .get(constant)
            .map(Vec::as_slice)
            .unwrap_or_default()
    }

    /// Returns the minimum version of the dashboard, if it is a valid version.
    pub(super) fn dashboard(&self) -> Option<&str> {
        self.text(DASHBOARD)
            .filter(|it| Version::from_str(it).is_ok())
    }
}

/// Reads the manifest of `bundle`.
pub(super) fn read(bundle: &Bundle, found: &mut Vec<Diagnostic>) -> Manifest {
    let Some(text) = bundle.text(FILE) else {
        if bundle.bytes(FILE).is_some() {
            let message = "`manifest.py` is not UTF-8, as Python wants its sources";
            found.push(
                malformed_manifest::diagnostic(bundle.whole_member(FILE), "not UTF-8", message)
                    .help("save it as UTF-8"),
            );
        }
        return Manifest::default();
    };
    let constants = Constants::parse(text);
    let reader = Reader {
        bundle,
        text,
        constants: &constants,
        lines: lines::read(text),
    };
    if let Some(fault) = reader.fault_of_the_whole() {
        found.push(fault);
        return Manifest::default();
    }
    found.extend(reader.other_form());
    let mut manifest = Manifest::default();
    for (at, (name, shape)) in CONSTANTS.iter().enumerate() {
        match (reader.agreed(name), shape) {
            (Ok(Some((Value::Text(text), bytes))), Shape::Text) => {
                drop(manifest.texts.insert(name, (text, bytes)))
            }
            (Ok(Some((Value::Tuple(items), _))), Shape::Tuple) => {
                drop(manifest.tuples.insert(name, items))
            }
            (Ok(Some((_, bytes))), shape) => found.push(reader.wrong_shape(name, *shape, bytes)),
            (Ok(None), _) if at < 3 => found.push(reader.missing(name)),
            (Ok(None), _) => {}
            (Err(quarrel), _) => found.push(*quarrel),
        }
    }
    reader.judge(&manifest, found);
    manifest
}

struct Reader<'r> {
    bundle: &'r Bundle,
    text: &'r str,
    constants: &'r Constants,
    lines: BTreeMap<String, Line>,
}

/// Value on which both readers agree, with its location; `None` if neither finds one; otherwise
/// the diagnostic of the conflict.
type Agreed = Result<Option<(Value, Range<usize>)>, Box<Diagnostic>>;

impl Reader<'_> {
    fn place(&self, bytes: Range<usize>) -> Location {
        // A multi-line statement is located at its first line.
        let length = self.text[bytes.clone()]
            .find(['\n', '\r'])
            .unwrap_or(bytes.len());
        self.bundle.place(FILE, bytes.start..bytes.start + length)
    }

    fn fault_of_the_whole(&self) -> Option<Diagnostic> {
        let fault = |bytes: Range<usize>, label: &str, message: String| {
            Some(malformed_manifest::diagnostic(
                self.place(bytes),
                label,
                message,
            ))
        };
        if self.text.starts_with('\u{feff}') {
            let message = "`manifest.py` begins with a byte order mark, which hides its first line from the store".to_owned();
            return fault(0..'\u{feff}'.len_utf8(), "U+FEFF", message)
                .map(|it| it.help("save it as UTF-8 without a byte order mark"));
        }
        if let Some((bytes, says)) = &self.constants.error {
            return fault(
                bytes.clone(),
                "no Python",
                format!("`manifest.py` is no Python: {says}"),
            );
        }
        let message = "`manifest.py` is too large, or nests too deep, to be read".to_owned();
        if self.constants.is_unread {
            fault(0..0, "not read", message)
        } else {
            None
        }
    }

    /// Reports `PLUGIN_MANIFEST`, which the runtime uses instead of all other constants.
    fn other_form(&self) -> Option<Diagnostic> {
        let constant = self.constants.names.get(WHOLE)?;
        let message = format!("the runtime takes `{WHOLE}`, the store the constants beside it");
        let fault = ambiguous_manifest::diagnostic(
            self.place(constant.bytes.clone()),
            "one reader stops here",
            message,
        );
        Some(fault.help("take it away, and write each value as a constant of its own"))
    }

    fn agreed(&self, name: &str) -> Agreed {
        let said = match (self.constants.names.get(name), self.lines.get(name)) {
            (None, None) => return Ok(None),
            (Some(constant), Some(line)) if value_of(constant).as_ref() == Some(&line.value) => {
                return Ok(Some((line.value.clone(), constant.bytes.clone())));
            }
            (Some(constant), None) => (
                constant.bytes.clone(),
                "the store does not see it".to_owned(),
                unseen(name, constant),
            ),
            (None, Some(line)) => {
                let message = format!(
                    "`{name}` is a line to the store, which reads {}, and no name of the module to Python",
                    told(&line.value)
                );
                (
                    line.bytes.clone(),
                    "Python does not see it".to_owned(),
                    message,
                )
            }
            (Some(constant), Some(line)) => {
                let message = format!(
                    "the store reads `{name}` as {}, Python as {}",
                    told(&line.value),
                    told_literal(&constant.literal)
                );
                (
                    line.bytes.clone(),
                    format!("{} to the store", told(&line.value)),
                    message,
                )
            }
        };
        let (bytes, label, message) = said;
        Err(Box::new(
            ambiguous_manifest::diagnostic(self.place(bytes), label, message).help(help(name)),
        ))
    }

    fn wrong_shape(&self, name: &str, shape: Shape, bytes: Range<usize>) -> Diagnostic {
        let message = match shape {
            Shape::Text => format!("`{name}` is a tuple; its readers want a text"),
            Shape::Tuple => format!("`{name}` is a text; its readers want a tuple of texts"),
        };
        bad_manifest_value::diagnostic(self.place(bytes), "wrong type", message).help(help(name))
    }

    fn missing(&self, name: &str) -> Diagnostic {
        let message = match name {
            VERSION => {
                format!("`manifest.py` has no `{name}`: the store takes the version for 0.0.0")
            }
            DESCRIPTION => format!(
                "`manifest.py` has no `{name}`: the runtime then shows version 0.0.0, and offers an update for ever"
            ),
            _ => format!("`manifest.py` has no `{name}`"),
        };
        missing_manifest_field::diagnostic(self.bundle.whole_member(FILE), "not in it", message)
            .help(help(name))
    }

    /// Reports problems of values that both readers interpret in the same way.
    fn judge(&self, manifest: &Manifest, found: &mut Vec<Diagnostic>) {
        for (name, (text, bytes)) in &manifest.texts {
            let place = || self.place(bytes.clone());
            let is_version = Version::from_str(text).is_ok();
            let fault = match *name {
                NAME if python::is_standard_module(text) => {
                    found.push(shadowing_module::found_in_name(place(), text));
                    continue;
                }
                NAME => fault_of_name(text),
                VERSION | DASHBOARD if !is_version => {
                    Some(format!("`{}` is no version", one_line(text, 60)))
                }
                DESCRIPTION if text.trim().is_empty() => Some("it is empty".to_owned()),
                _ => None,
            };
            let message = fault.map(|says| format!("`{name}` is none that can be used: {says}"));
            found.extend(message.map(|message| {
                bad_manifest_value::diagnostic(place(), "not usable", message).help(help(name))
            }));
        }
    }
}

/// Returns the reason why a plugin name is invalid. The installer joins its directory and the
/// name without validation.
fn fault_of_name(name: &str) -> Option<String> {
    let is_plain = |it: char| it.is_ascii_alphanumeric() || matches!(it, '_' | '-');
    if name.starts_with(['_', '.']) && name.chars().skip(1).all(is_plain) {
        return Some(format!(
            "the runtime passes over folders like `{}`, which begin with `_` or `.`",
            one_line(name, 60)
        ));
    }
    if name.contains(['/', '\\']) || name == ".." {
        return Some(format!(
            "`{}` is a path, by which the plugin is installed outside of the folder for plugins",
            one_line(name, 60)
        ));
    }
    if name.is_empty() || name.starts_with('-') || !name.chars().all(is_plain) {
        let shown = one_line(name, 60);
        return Some(format!(
            "`{shown}` becomes a folder, whose name holds letters, digits, `_` and `-` alone and begins with a letter or digit"
        ));
    }
    (name.len() > LONGEST_NAME).then(|| {
        format!(
            "it has {} characters; {LONGEST_NAME} is the most",
            name.len()
        )
    })
}

fn value_of(constant: &Constant) -> Option<Value> {
    match &constant.literal {
        Literal::Text(text) => Some(Value::Text(text.clone())),
        Literal::Tuple(items) => Some(Value::Tuple(items.clone())),
        _ => None,
    }
}

fn unseen(name: &str, constant: &Constant) -> String {
    format!(
        "`{name}` is {} to Python, and the store finds no line `{name} = …`",
        told_literal(&constant.literal)
    )
}

fn told(value: &Value) -> String {
    match value {
        Value::Text(text) => format!("`{}`", one_line(text, 60)),
        Value::Tuple(items) => told_items("the tuple", items),
    }
}

fn told_literal(literal: &Literal) -> String {
    match literal {
        Literal::Text(text) => format!("`{}`", one_line(text, 60)),
        Literal::Tuple(items) => told_items("the tuple", items),
        Literal::List(items) => told_items("the list", items),
        Literal::Nothing => "nothing".to_owned(),
        Literal::Other => "what only running it shows".to_owned(),
    }
}

fn told_items(kind: &str, items: &[String]) -> String {
    let shown: Vec<String> = items
        .iter()
        .map(|it| format!("`{}`", one_line(it, 40)))
        .collect();
    one_line(
        &if shown.is_empty() {
            format!("{kind} of nothing")
        } else {
            format!("{kind} of {}", shown.join(" and "))
        },
        120,
    )
}

/// Returns the only form that all readers interpret in the same way.
fn help(name: &str) -> String {
    let value = match name {
        NAME => "\"tide_tables\"",
        VERSION | DASHBOARD => "\"1.0.0\"",
        "PLUGIN_HOMEPAGE" => "\"https://tides.example/\"",
        "PLUGIN_LICENSE" => "\"MIT\"",
        _ if CONSTANTS
            .iter()
            .any(|(known, shape)| *known == name && *shape == Shape::Tuple) =>
        {
            "(\"one\", \"two\")"
        }
        _ => "\"…\"",
    };
    format!("write it in one line of its own, with nothing behind it: `{name} = {value}`")
}
