//! Core metadata, versions 1.0 to 2.5: the fields of `METADATA` and `PKG-INFO`, with their
//! locations.

mod values;

use crate::requirement;
use std::ops::Range;

use super::ParseIssue;

/// Metadata of a package.
#[derive(Clone, Debug, Default)]
pub struct Metadata {
    /// All fields in the order of the file, including unknown ones.
    pub fields: Vec<Field>,
    /// Text after the blank line: the long description since version 2.1.
    pub body: Option<Range<usize>>,
    /// Problems of the text and of values with a grammar: versions, requirements, specifiers.
    pub flaws: Vec<ParseIssue>,
    /// `true` if all fields were read; otherwise no field can be called missing.
    pub is_whole: bool,
}

/// Field of the metadata.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Name as written; compare ignoring case.
    pub name: String,
    /// Value of the field; the lines of a folded value are unchanged and separated by line feeds.
    pub value: String,
    /// Byte range of the value.
    pub bytes: Range<usize>,
}

/// Parsed `Description-Content-Type`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContentType {
    /// Media type in lower case: `text/markdown`.
    pub kind: String,
    /// Parameters by lower-case name: `("charset", "UTF-8")`.
    pub parameters: Vec<(String, String)>,
}

/// Placeholder of old build tools for a missing value.
const NOTHING: &str = "UNKNOWN";

/// Maximum number of fields that are read. No package has a tenth of them, and each uses more
/// memory than its bytes.
const MOST_FIELDS: usize = 10_000;

impl Metadata {
    /// Parses the text of a `METADATA` or `PKG-INFO` as Python's `email` module does. Fields end
    /// at a blank or invalid line, and the body follows.
    pub fn parse(text: &str) -> Metadata {
        let mut metadata = Metadata {
            is_whole: true,
            ..Metadata::default()
        };
        let mut at = metadata.skip_mark(text);
        while at < text.len() {
            let line = at..line_end(text, at);
            let next = behind_line_end(text, line.end);
            let content = &text[line.clone()];
            if content.is_empty() {
                at = next;
                break;
            }
            if metadata.fields.len() == MOST_FIELDS {
                metadata.flaws.push(ParseIssue {
                    bytes: line,
                    says: format!("the metadata has more than {MOST_FIELDS} fields"),
                    help: None,
                });
                metadata.is_whole = false;
                break;
            }
            let is_folded = content.starts_with([' ', '\t']);
            match (name_of(content), metadata.fields.last_mut()) {
                (_, Some(field)) if is_folded => {
                    field.value.push('\n');
                    field.value.push_str(content);
                    field.bytes.end = line.end;
                }
                (Some(name), _) => metadata.fields.push(field(text, name, &line)),
                _ => {
                    metadata.flaws.push(no_field(content, line));
                    if !is_folded {
                        metadata.is_whole = false;
                        break;
                    }
                }
            }
            at = next;
        }
        metadata.body = (!text[at..].trim().is_empty()).then_some(at..text.len());
        metadata.is_whole &= !metadata.fields.is_empty();
        metadata.flaws.extend(values::flaws(&metadata, text));
        metadata
    }

    /// Returns unreadable metadata.
    pub(super) fn unreadable(flaw: ParseIssue) -> Metadata {
        Metadata {
            flaws: vec![flaw],
            ..Metadata::default()
        }
    }

    /// Returns the nonempty fields called `name`, ignoring case.
    pub fn all<'m>(&'m self, name: &'m str) -> impl Iterator<Item = &'m Field> {
        let says_something =
            |field: &&Field| !field.value.trim().is_empty() && field.value != NOTHING;
        self.fields
            .iter()
            .filter(move |field| field.name.eq_ignore_ascii_case(name))
            .filter(says_something)
    }

    /// Returns the first nonempty field called `name`, ignoring case.
    pub fn one<'m>(&'m self, name: &'m str) -> Option<&'m Field> {
        self.all(name).next()
    }

    /// Returns the value of [`Metadata::one`].
    pub fn value<'m>(&'m self, name: &'m str) -> Option<&'m str> {
        self.one(name).map(|field| field.value.as_str())
    }

    /// Returns `Description-Content-Type`; without one, the default is reStructuredText.
    pub fn content_type(&self) -> Option<ContentType> {
        self.value("Description-Content-Type").map(ContentType::of)
    }

    /// Returns the long description in `text`, the source of this metadata. It is the body, or
    /// the field of old files without the indentation of its lines.
    pub fn description(&self, text: &str) -> Option<String> {
        if let Some(body) = self.body.clone().and_then(|body| text.get(body)) {
            return Some(body.to_owned());
        }
        // Old tools indented the lines by eight spaces, or by seven and a bar.
        let plain = |line: &str| {
            line.strip_prefix("       |")
                .or_else(|| line.strip_prefix("        "))
                .unwrap_or(line)
                .to_owned()
        };
        Some(
            self.value("Description")?
                .lines()
                .map(plain)
                .collect::<Vec<_>>()
                .join("\n"),
        )
    }

    /// Skips a byte order mark, which is not part of the first name, and reports it.
    fn skip_mark(&mut self, text: &str) -> usize {
        const MARK: char = '\u{feff}';
        if !text.starts_with(MARK) {
            return 0;
        }
        let says = "the metadata begins with a byte order mark, which Python reads as the end of the fields".to_owned();
        self.flaws.push(ParseIssue {
            bytes: 0..MARK.len_utf8(),
            says,
            help: Some("save the file as UTF-8 without the mark".to_owned()),
        });
        MARK.len_utf8()
    }
}

impl ContentType {
    fn of(value: &str) -> ContentType {
        let mut parts = value.split(';');
        let kind = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
        let parameters = parts.filter_map(|part| part.split_once('='));
        let parameters = parameters.map(|(name, value)| {
            (
                name.trim().to_ascii_lowercase(),
                value.trim().trim_matches('"').to_owned(),
            )
        });
        ContentType {
            kind,
            parameters: parameters.collect(),
        }
    }

    /// Returns the value of a parameter by its lower-case name.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

/// Returns an RFC 5322 field name: printable ASCII, without a colon.
fn name_of(line: &str) -> Option<&str> {
    let (name, _) = line.split_once(':')?;
    (!name.is_empty() && name.bytes().all(|it| it.is_ascii_graphic())).then_some(name)
}

fn field(text: &str, name: &str, line: &Range<usize>) -> Field {
    let behind_colon = line.start + name.len() + 1;
    let value = text[behind_colon..line.end].trim_start_matches([' ', '\t']);
    Field {
        name: name.to_owned(),
        value: value.to_owned(),
        bytes: line.end - value.len()..line.end,
    }
}

fn no_field(line: &str, bytes: Range<usize>) -> ParseIssue {
    let shown = shopfront_text::one_line(line, 80);
    let says = if line.starts_with([' ', '\t']) {
        format!("the metadata begins with a line that continues nothing: `{shown}`")
    } else {
        format!(
            "a line of the metadata is no field, so readers take the rest for the description: `{shown}`"
        )
    };
    let help =
        "each field is `Name: value`; further lines of a value begin with a blank".to_owned();
    ParseIssue {
        bytes,
        says,
        help: Some(help),
    }
}

/// Returns the end of the line at `at`; Python's parsers also treat a carriage return alone as a
/// line end.
fn line_end(text: &str, at: usize) -> usize {
    text[at..]
        .find(['\r', '\n'])
        .map_or(text.len(), |length| at + length)
}

fn behind_line_end(text: &str, end: usize) -> usize {
    end + if text[end..].starts_with("\r\n") {
        2
    } else {
        usize::from(end < text.len())
    }
}

impl Metadata {
    /// Returns the `Requires-Dist` fields that require `project` without an extra.
    pub fn requirements_of(&self, project: &str) -> Vec<&Field> {
        let fields: Vec<&Field> = self.all("Requires-Dist").collect();
        requirement::about(project, fields.iter().map(|field| field.value.as_str()))
            .into_iter()
            .map(|at| fields[at])
            .collect()
    }
}
