//! Core metadata, versions 1.0 to 2.5: the fields of `METADATA` and `PKG-INFO`, each with its
//! place.

mod values;

use crate::requirement;
use std::ops::Range;

use super::ParseIssue;

/// The metadata of a package.
#[derive(Clone, Debug, Default)]
pub struct Metadata {
    /// Every field in the order of the file, those of names that nobody knows too.
    pub fields: Vec<Field>,
    /// The text behind the blank line: the long description since version 2.1.
    pub body: Option<Range<usize>>,
    /// What is wrong with the text, and with values that have a grammar: versions, requirements,
    /// specifiers.
    pub flaws: Vec<ParseIssue>,
    /// Whether its fields were read to their end; if not, nothing is missing for sure.
    pub is_whole: bool,
}

/// One field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// As the file writes it; compare ignoring case.
    pub name: String,
    /// Its value; where it is folded over several lines, with line feeds between them and the
    /// lines as they are.
    pub value: String,
    /// Where the value stands.
    pub bytes: Range<usize>,
}

/// `Description-Content-Type`, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContentType {
    /// In lower case: `text/markdown`.
    pub kind: String,
    /// What follows, by lower-case name: `("charset", "UTF-8")`.
    pub parameters: Vec<(String, String)>,
}

/// What old build tools write for nothing.
const NOTHING: &str = "UNKNOWN";

/// Fields beyond these are not read: no package has a tenth of them, and each costs more memory
/// than its bytes.
const MOST_FIELDS: usize = 10_000;

impl Metadata {
    /// Reads the text of a `METADATA` or `PKG-INFO`, as Python's `email` module does: fields up to
    /// a blank line or to the first line that is none, then the body.
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

    /// Metadata of which nothing can be read.
    pub(super) fn unreadable(flaw: ParseIssue) -> Metadata {
        Metadata {
            flaws: vec![flaw],
            ..Metadata::default()
        }
    }

    /// The fields called `name`, ignoring case, that say something.
    pub fn all<'m>(&'m self, name: &'m str) -> impl Iterator<Item = &'m Field> {
        let says_something =
            |field: &&Field| !field.value.trim().is_empty() && field.value != NOTHING;
        self.fields
            .iter()
            .filter(move |field| field.name.eq_ignore_ascii_case(name))
            .filter(says_something)
    }

    /// The first field called `name`, ignoring case, that says something.
    pub fn one<'m>(&'m self, name: &'m str) -> Option<&'m Field> {
        self.all(name).next()
    }

    /// The value of [`Metadata::one`].
    pub fn value<'m>(&'m self, name: &'m str) -> Option<&'m str> {
        self.one(name).map(|field| field.value.as_str())
    }

    /// `Description-Content-Type`; without one, readers take the description for reStructuredText.
    pub fn content_type(&self) -> Option<ContentType> {
        self.value("Description-Content-Type").map(ContentType::of)
    }

    /// The long description in `text`, which this metadata was read from: the body, or the field of
    /// old files without the indentation of its lines.
    pub fn description(&self, text: &str) -> Option<String> {
        if let Some(body) = self.body.clone().and_then(|body| text.get(body)) {
            return Some(body.to_owned());
        }
        // Old tools indented the lines by eight blanks, or by seven and a bar.
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

    /// A byte order mark is no part of the first name, and worth a word.
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

    /// The value of a parameter, by its lower-case name.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

/// RFC 5322 names: printable ASCII, without a colon.
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

/// Where the line at `at` ends; Python's readers take a carriage return alone for an end too.
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
    /// Returns the `Requires-Dist` fields that require `project` where no extra is asked for.
    pub fn requirements_of(&self, project: &str) -> Vec<&Field> {
        let fields: Vec<&Field> = self.all("Requires-Dist").collect();
        requirement::about(project, fields.iter().map(|field| field.value.as_str()))
            .into_iter()
            .map(|at| fields[at])
            .collect()
    }
}
