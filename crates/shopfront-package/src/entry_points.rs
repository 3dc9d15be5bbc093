//! `entry_points.txt`: the entry points of a package by group (entry points specification).

use std::collections::BTreeSet;
use std::ops::Range;

use super::ParseIssue;
use shopfront_text::one_line;

/// Entry points of all groups.
#[derive(Clone, Debug, Default)]
pub struct EntryPoints {
    /// Entry points in the order of the file.
    pub all: Vec<EntryPoint>,
    /// Problems of the text.
    pub flaws: Vec<ParseIssue>,
}

/// Entry point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryPoint {
    /// Group: `datasette`, `console_scripts`.
    pub group: String,
    /// Name within the group.
    pub name: String,
    /// Module of the reference.
    pub module: String,
    /// Attribute in the module: `main`, `Class.method`; empty for the module itself.
    pub attribute: String,
    /// Required extras, which current installers ignore.
    pub extras: Vec<String>,
    /// Byte range of the value.
    pub bytes: Range<usize>,
}

/// Maximum number of entry points that are read.
const MOST: usize = 10_000;

/// Maximum number of problems; more add no information.
const MOST_FLAWS: usize = 50;

impl EntryPoints {
    /// Parses the text of an `entry_points.txt` line by line, as Python's `importlib.metadata`
    /// does. Other tools use `configparser`: text that it would read differently or not at all is
    /// a problem.
    pub fn parse(text: &str) -> EntryPoints {
        let mut reader = Reader {
            entry_points: EntryPoints::default(),
            group: None,
            groups: BTreeSet::new(),
            names: BTreeSet::new(),
            indent: None,
        };
        let mut at = 0;
        for raw in text.split_inclusive(['\n', '\r']) {
            let start = at + (raw.len() - raw.trim_start().len());
            let line = raw.trim();
            if !line.is_empty() && !line.starts_with(['#', ';']) {
                reader.line(line, start, start - at);
            }
            at += raw.len();
        }
        reader.entry_points
    }

    /// Returns unreadable entry points.
    pub(super) fn unreadable(flaw: ParseIssue) -> EntryPoints {
        EntryPoints {
            all: Vec::new(),
            flaws: vec![flaw],
        }
    }

    /// Returns the entry points of `group`.
    pub fn of<'e>(&'e self, group: &'e str) -> impl Iterator<Item = &'e EntryPoint> {
        self.all.iter().filter(move |it| it.group == group)
    }
}

struct Reader {
    entry_points: EntryPoints,
    group: Option<String>,
    groups: BTreeSet<String>,
    /// Names of the current group.
    names: BTreeSet<String>,
    /// Indentation of the last entry point.
    indent: Option<usize>,
}

impl Reader {
    /// Processes a nonempty line; `start` is its offset, `indent` the number of leading blanks.
    fn line(&mut self, line: &str, start: usize, indent: usize) {
        let bytes = start..start + line.len();
        if self.indent.is_some_and(|before| indent > before) {
            let says = format!(
                "an indented line of entry_points.txt is taken for the rest of the line above by some readers: `{}`",
                shown(line)
            );
            return self.flaw(bytes, says, Some("begin every line at its first column"));
        }
        if line.starts_with('[') {
            return self.section(line, bytes);
        }
        let Some((name, value)) = line.split_once('=') else {
            let says = format!(
                "a line of entry_points.txt is no `name = module:attribute`: `{}`",
                shown(line)
            );
            return self.flaw(bytes, says, None);
        };
        self.indent = Some(indent);
        let Some(group) = self.group.clone() else {
            let says = format!(
                "an entry point stands above the first group: `{}`",
                shown(line)
            );
            return self.flaw(
                bytes,
                says,
                Some("begin with the group, in brackets: `[console_scripts]`"),
            );
        };
        let value_start = bytes.end - value.trim_start().len();
        self.entry(
            &group,
            name.trim_end(),
            value.trim_start(),
            value_start..bytes.end,
            bytes,
        );
    }

    fn section(&mut self, line: &str, bytes: Range<usize>) {
        self.indent = None;
        let name = line
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
            .unwrap_or_default();
        let is_plain = |it: char| it.is_alphanumeric() || matches!(it, '_' | '.' | '-');
        if name.is_empty() || !name.chars().all(is_plain) {
            let says = format!(
                "`{}` in entry_points.txt is no name of a group",
                shown(line)
            );
            self.flaw(
                bytes.clone(),
                says,
                Some(
                    "a group is letters, digits, `_` and `.` in brackets, with nothing behind them",
                ),
            );
        }
        self.names.clear();
        if !self.groups.insert(name.to_owned()) {
            self.flaw(
                bytes,
                format!(
                    "the group `{}` begins twice in entry_points.txt",
                    shown(name)
                ),
                Some("write all of a group in one place"),
            );
        }
        self.group = Some(name.to_owned());
    }

    fn entry(
        &mut self,
        group: &str,
        name: &str,
        value: &str,
        value_bytes: Range<usize>,
        line: Range<usize>,
    ) {
        if name.is_empty() {
            return self.flaw(
                line,
                format!("an entry point of `{}` has no name", shown(group)),
                None,
            );
        }
        if !self.names.insert(name.to_owned()) {
            let says = format!(
                "the entry point `{}` stands twice in the group `{}`",
                shown(name),
                shown(group)
            );
            self.flaw(line.clone(), says, Some("keep one of them"));
        }
        let is_plain = |it: char| it.is_ascii_alphanumeric() || matches!(it, '_' | '.' | '-');
        if matches!(group, "console_scripts" | "gui_scripts") && !name.chars().all(is_plain) {
            let says = format!(
                "the script `{}` can not be the name of a program",
                shown(name)
            );
            self.flaw(
                line.clone(),
                says,
                Some("take letters, digits, `_`, `.` and `-`"),
            );
        }
        let Some((module, attribute, extras)) = reference(value) else {
            let says = format!(
                "the entry point `{}` names no object: `{}`",
                shown(name),
                shown(value)
            );
            return self.flaw(
                value_bytes,
                says,
                Some("write it as `package.module` or `package.module:attribute`"),
            );
        };
        if self.entry_points.all.len() == MOST {
            return self.flaw(
                line,
                format!("entry_points.txt has more than {MOST} entry points"),
                None,
            );
        }
        let (group, name) = (group.to_owned(), name.to_owned());
        self.entry_points.all.push(EntryPoint {
            group,
            name,
            module,
            attribute,
            extras,
            bytes: value_bytes,
        });
    }

    fn flaw(&mut self, bytes: Range<usize>, says: String, help: Option<&str>) {
        let flaws = &mut self.entry_points.flaws;
        if flaws.len() < MOST_FLAWS {
            flaws.push(ParseIssue {
                bytes,
                says,
                help: help.map(str::to_owned),
            });
        }
    }
}

/// Parses `module`, `module:attribute`, `module:attribute [extra, other]`.
fn reference(value: &str) -> Option<(String, String, Vec<String>)> {
    let (object, extras) = match value.split_once('[') {
        Some((object, rest)) => (object, rest.strip_suffix(']')?),
        None => (value, ""),
    };
    let (module, attribute) = match object.split_once(':') {
        Some((module, attribute)) => (module.trim(), Some(attribute.trim())),
        None => (object.trim(), None),
    };
    let is_identifier = |part: &str| {
        !part.is_empty()
            && !part.starts_with(char::is_numeric)
            && part.chars().all(|it| it.is_alphanumeric() || it == '_')
    };
    let is_dotted = |name: &str| name.split('.').all(is_identifier);
    if !is_dotted(module) || attribute.is_some_and(|it| !is_dotted(it)) {
        return None;
    }
    let extras = extras
        .split(',')
        .map(str::trim)
        .filter(|it| !it.is_empty())
        .map(str::to_owned)
        .collect();
    Some((
        module.to_owned(),
        attribute.unwrap_or_default().to_owned(),
        extras,
    ))
}

fn shown(text: &str) -> String {
    one_line(text, 120)
}
