//! Names of hosts, entries and projects on PyPI: syntax and equality.

mod skeleton;

pub use skeleton::{imitation, skeleton, without_host};

use std::fmt;
use std::sync::Arc;

/// Maximum length of an id in characters.
pub const MAX_ID_LENGTH: usize = 64;

/// Ids that a host cannot have, because the site or the API needs the directory.
const RESERVED_HOST_IDS: &[&str] = &[
    "api",
    "schema",
    "errors",
    "assets",
    "static",
    "plugins",
    "library",
    "packages",
    "categories",
    "authors",
    "keywords",
    "new",
    "about",
    "docs",
    "search",
    "status",
    "index",
    "feed",
    "site",
];

/// Stems that an entry cannot have: `host.json` is the host's own file, the others are its
/// directories.
const RESERVED_ENTRY_IDS: &[&str] = &["host", "packages", "library", "assets"];

/// Id of a host: the name of its directory below `catalogue/`. Cheap to clone, since every entry
/// has one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HostId(Arc<str>);

impl HostId {
    /// Returns an id that [`no_host_id`] accepts.
    pub fn new(id: &str) -> HostId {
        HostId(Arc::from(id))
    }

    /// Returns the text of the id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for HostId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// Reason why a name cannot be the id of a host or an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoId {
    /// Does not match `^[a-z0-9]+([._-][a-z0-9]+)*$`, or is too long.
    Malformed,
    /// Has another meaning already.
    Reserved,
}

/// Returns the reason why `name` cannot be the id of a host.
pub fn no_host_id(name: &str) -> Option<NoId> {
    if !is_id(name) {
        return Some(NoId::Malformed);
    }
    (is_language_tag(name) || RESERVED_HOST_IDS.contains(&name) || has_reserved_ending(name))
        .then_some(NoId::Reserved)
}

/// Returns the reason why `name` cannot be the id of an entry.
pub fn no_entry_id(name: &str) -> Option<NoId> {
    if !is_id(name) {
        return Some(NoId::Malformed);
    }
    (RESERVED_ENTRY_IDS.contains(&name) || has_reserved_ending(name)).then_some(NoId::Reserved)
}

/// Returns `true` for a common language tag (BCP 47): `de` and `pt-br` are directories of pages.
fn is_language_tag(name: &str) -> bool {
    let is_two_letters =
        |word: &str| word.len() == 2 && word.bytes().all(|byte| byte.is_ascii_lowercase());
    name.split('-').take(3).count() <= 2 && name.split('-').all(is_two_letters)
}

/// Returns `true` for an id with a file extension, which would be served as a file of that type.
pub fn has_reserved_ending(name: &str) -> bool {
    [".json", ".xml", ".html"]
        .iter()
        .any(|ending| name.ends_with(ending))
}

/// Returns `true` for `^[a-z0-9]+([._-][a-z0-9]+)*$` with at most 64 characters. Such an id is
/// safe as a file name, in a URL and as a key of every host.
pub fn is_id(name: &str) -> bool {
    let is_word = |word: &str| {
        !word.is_empty()
            && word
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    name.len() <= MAX_ID_LENGTH && name.split(['.', '_', '-']).all(is_word)
}

/// Returns the valid id nearest to `name`, for a help text; `None` if nothing remains.
pub fn nearest_id(name: &str) -> Option<String> {
    let cleaned: String = name
        .to_lowercase()
        .chars()
        .map(|it| {
            if it.is_ascii_alphanumeric() || matches!(it, '.' | '_') {
                it
            } else {
                '-'
            }
        })
        .collect();
    let words: Vec<&str> = cleaned
        .split(['-', '.', '_'])
        .filter(|word| !word.is_empty())
        .collect();
    let mut id = words.join("-");
    id.truncate(MAX_ID_LENGTH);
    let id = id.trim_end_matches('-').to_owned();
    (!id.is_empty()).then_some(id)
}

/// Returns the form that equal ids share: without case and without `-`, `_`, `.`.
pub fn folded_id(id: &str) -> String {
    let mut folded = String::with_capacity(id.len());
    id.chars()
        .filter(|it| !matches!(it, '-' | '_' | '.'))
        .for_each(|it| push_lower(&mut folded, it));
    folded
}

/// Appends the lower case of `character`, which may be more than one character.
pub fn push_lower(text: &mut String, character: char) {
    if character.is_ascii() {
        text.push(character.to_ascii_lowercase());
    } else {
        text.extend(character.to_lowercase());
    }
}

/// Returns a project's name as normalized by PEP 503.
pub fn normal_project(name: &str) -> String {
    let mut normal = String::with_capacity(name.len());
    for character in name.chars() {
        if !matches!(character, '-' | '_' | '.') {
            push_lower(&mut normal, character);
        } else if !normal.ends_with('-') {
            normal.push('-');
        }
    }
    normal
}

/// Returns `true` if `name` is a valid project name (PEP 508, section "Names").
pub fn is_project(name: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    let edge = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let bytes = name.as_bytes();
    bytes.iter().all(|byte| inner(*byte)) && edge(bytes.first()) && edge(bytes.last())
}

/// Maximum length in bytes of a text that may have been meant as a name.
const MAX_MEANT: usize = 200;

/// Returns the edit distance of two names. Returns `None` for texts that are too long: the
/// comparison needs time and memory proportional to the product of their lengths.
pub fn distance(one: &str, other: &str) -> Option<usize> {
    (one.len().max(other.len()) <= MAX_MEANT).then(|| strsim::damerau_levenshtein(one, other))
}

/// Returns the candidate nearest to `word`, if it is a likely correction.
pub fn nearest<'c>(word: &str, candidates: impl Iterator<Item = &'c str>) -> Option<&'c str> {
    let lower = word.to_lowercase();
    let best = candidates
        .filter_map(|it| Some((distance(&lower, &it.to_lowercase())?, it)))
        .min()?;
    let allowed = (word.chars().count() / 3).clamp(1, 4);
    let is_part =
        word.len() >= 4 && (best.1.contains(word) || word.contains(best.1)) && best.1.len() >= 4;
    (best.0 <= allowed || is_part).then_some(best.1)
}
