//! `RECORD`: the list of a wheel's files with their hashes (PEP 376, PEP 427).

use std::collections::BTreeMap;
use std::ops::Range;

use base64::Engine;
use base64::engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD};
use csv::StringRecord;

use super::ParseIssue;

/// Parsed list.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// Lines of the list.
    pub lines: Vec<Line>,
    /// Problems of the text.
    pub flaws: Vec<ParseIssue>,
}

/// Line of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Path of the member.
    pub path: String,
    /// Hash as written, `sha256=…` in URL-safe base64 without padding; `None` if the line has
    /// none.
    pub hash: Option<String>,
    /// Size in bytes, if the line has one.
    pub size: Option<u64>,
    /// Byte range of the line.
    pub bytes: Range<usize>,
}

/// Hashes that PEP 427 allows, with their length in bytes: SHA-256 or better.
const HASHES: &[(&str, usize)] = &[
    ("sha256", 32),
    ("sha384", 48),
    ("sha512", 64),
    ("sha3_256", 32),
    ("sha3_384", 48),
    ("sha3_512", 64),
    ("blake2b", 64),
    ("blake2s", 32),
];

/// Maximum number of lines that are read. An archive may have no more members, and each line uses
/// more memory than its bytes.
const MOST_LINES: usize = 100_000;

/// Maximum number of problems; more add no information.
const MOST_FLAWS: usize = 50;

impl Line {
    /// Returns the SHA-256 of the line in hexadecimal.
    pub fn sha256(&self) -> Option<String> {
        let digest = decoded(self.hash.as_deref()?.strip_prefix("sha256=")?)?;
        (digest.len() == 32).then(|| shopfront_text::digest::hex(&digest))
    }

    /// Returns `true` if the path has the form of the specification.
    pub fn has_plain_path(&self) -> bool {
        fault_of_path(&self.path).is_none()
    }

    /// Returns the intended member if the path does not have the form of the specification.
    pub fn plain_path(&self) -> String {
        let path = self.path.replace('\\', "/");
        path.split('/')
            .filter(|part| !matches!(*part, "" | "."))
            .collect::<Vec<_>>()
            .join("/")
    }
}

impl Record {
    /// Parses the text of a `RECORD`.
    pub fn parse(text: &str) -> Record {
        let mut record = Record::default();
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes());
        let mut seen: BTreeMap<String, Range<usize>> = BTreeMap::new();
        let mut row = StringRecord::new();
        loop {
            let start = offset(&reader);
            // Any text is CSV to this parser: unclosed quotes extend to the end.
            let Ok(true) = reader.read_record(&mut row) else {
                break;
            };
            let bytes = trimmed(text, start..offset(&reader));
            if record.lines.len() == MOST_LINES {
                record.flaw(
                    bytes,
                    format!("RECORD has more than {MOST_LINES} lines"),
                    None,
                );
                break;
            }
            let line = record.line(&row, bytes.clone());
            if let Some(first) = seen
                .insert(line.path.clone(), bytes.clone())
                .filter(|_| record.flaws.len() < MOST_FLAWS)
            {
                let number = text[..first.start].matches('\n').count() + 1;
                record.flaw(
                    bytes,
                    format!(
                        "`{}` has a second line in RECORD; the first is line {number}",
                        shown(&line.path)
                    ),
                    None,
                );
            }
            record.lines.push(line);
        }
        record
    }

    /// Returns an unreadable list.
    pub(super) fn unreadable(flaw: ParseIssue) -> Record {
        Record {
            lines: Vec::new(),
            flaws: vec![flaw],
        }
    }

    /// Returns `true` if the list is unreadable.
    pub fn is_unreadable(&self) -> bool {
        self.lines.is_empty() && !self.flaws.is_empty()
    }

    fn line(&mut self, row: &StringRecord, bytes: Range<usize>) -> Line {
        let field = |index: usize| row.get(index).unwrap_or_default();
        if row.len() != 3 {
            let says = format!(
                "a line of RECORD has {} fields, not the three path, hash and size",
                row.len()
            );
            self.flaw(
                bytes.clone(),
                says,
                Some("a comma within a path is written within double quotes"),
            );
        }
        self.path(field(0), &bytes);
        let hash = Some(field(1)).filter(|it| !it.is_empty());
        if let Some(fault) = hash.and_then(fault_of_hash) {
            let help = "build the wheel again with a build tool of today; none writes this";
            self.flaw(
                bytes.clone(),
                format!("the hash of `{}` in RECORD {fault}", shown(field(0))),
                Some(help),
            );
        }
        let size = field(2)
            .parse()
            .ok()
            .filter(|_| field(2).bytes().all(|it| it.is_ascii_digit()));
        if size.is_none() && !field(2).is_empty() {
            self.flaw(
                bytes.clone(),
                format!(
                    "the size of `{}` in RECORD is no number of bytes: `{}`",
                    shown(field(0)),
                    shown(field(2))
                ),
                None,
            );
        }
        Line {
            path: field(0).to_owned(),
            hash: hash.map(str::to_owned),
            size,
            bytes,
        }
    }

    fn path(&mut self, path: &str, bytes: &Range<usize>) {
        if let Some(fault) = fault_of_path(path) {
            let help = "write it as the archive does, from its root, with `/`";
            self.flaw(
                bytes.clone(),
                format!("the path `{}` in RECORD {fault}", shown(path)),
                Some(help),
            );
        }
    }

    fn flaw(&mut self, bytes: Range<usize>, says: String, help: Option<&str>) {
        if self.flaws.len() < MOST_FLAWS {
            self.flaws.push(ParseIssue {
                bytes,
                says,
                help: help.map(str::to_owned),
            });
        }
    }
}

fn offset(reader: &csv::Reader<&[u8]>) -> usize {
    usize::try_from(reader.position().byte()).unwrap_or(usize::MAX)
}

/// Removes line ends, except within an unclosed quote. The parser treats empty lines as part of
/// the next line.
fn trimmed(text: &str, bytes: Range<usize>) -> Range<usize> {
    let end = bytes.end.min(text.len());
    let line = text.get(bytes.start..end).unwrap_or_default();
    let start = bytes.start + (line.len() - line.trim_start_matches(['\r', '\n']).len());
    let length = if is_open(text.get(start..end).unwrap_or_default()) {
        line.len()
    } else {
        line.trim_end_matches(['\r', '\n']).len()
    };
    start..start.max(bytes.start + length)
}

/// Returns `true` if a quote is unclosed at the end of `line`. A quote opens only at the start of
/// a field; elsewhere it is a plain character.
fn is_open(line: &str) -> bool {
    let (mut is_quoted, mut is_begin, mut is_behind_quote) = (false, true, false);
    for byte in line.bytes() {
        let is_quote = byte == b'"';
        if is_quoted {
            (is_quoted, is_behind_quote) = (!is_quote, is_quote);
            continue;
        }
        // Two quotes within a quoted field are one.
        is_quoted = is_quote && (is_begin || is_behind_quote);
        (is_begin, is_behind_quote) = (byte == b',', false);
    }
    is_quoted
}

/// Returns the problem of a path. PEP 427: paths are relative to the root, with `/`.
fn fault_of_path(path: &str) -> Option<&'static str> {
    if path.is_empty() {
        Some("is empty")
    } else if path.contains(['\n', '\r']) {
        // Line-based parsers support no such path; most often a quote was not closed.
        Some("goes over the end of its line")
    } else if path.contains('\\') {
        Some("is written with backslashes")
    } else if path.starts_with('/') || path.as_bytes().get(1) == Some(&b':') {
        Some("is absolute")
    } else if path.split('/').any(|part| matches!(part, "" | "." | "..")) {
        Some("is not plain: it has `..`, `.` or nothing between slashes")
    } else {
        None
    }
}

fn fault_of_hash(hash: &str) -> Option<String> {
    let Some((algorithm, digest)) = hash.split_once('=') else {
        return Some(format!("does not say its algorithm: `{}`", shown(hash)));
    };
    let Some((_, length)) = HASHES.iter().find(|(known, _)| *known == algorithm) else {
        return Some(format!(
            "is `{}`; wheels take SHA-256 or better",
            shown(algorithm)
        ));
    };
    match decoded(digest) {
        None => Some("is no URL-safe base64".to_owned()),
        Some(bytes) if bytes.len() != *length => Some(format!(
            "has {} bytes, where {algorithm} has {length}",
            bytes.len()
        )),
        Some(_) if digest.ends_with('=') => Some("is padded with `=`".to_owned()),
        Some(_) => None,
    }
}

fn decoded(digest: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD
        .decode(digest)
        .or_else(|_| URL_SAFE.decode(digest))
        .ok()
}

fn shown(text: &str) -> String {
    shopfront_text::one_line(text, 120)
}
