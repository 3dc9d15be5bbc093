//! `RECORD`: the list of a wheel's files with their hashes (PEP 376, PEP 427).

use std::ops::Range;

use super::Flaw;

/// The list.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// Its lines.
    pub lines: Vec<Line>,
    /// What is wrong with the text.
    pub flaws: Vec<Flaw>,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The member.
    pub path: String,
    /// Its hash as written, `sha256=…` in URL-safe base64 without padding; `None` where the line gives none.
    pub hash: Option<String>,
    /// Its size in bytes, where the line gives one.
    pub size: Option<u64>,
    /// Where the line stands.
    pub bytes: Range<usize>,
}
