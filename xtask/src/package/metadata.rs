//! Core metadata, versions 1.0 to 2.5: the fields of `METADATA` and `PKG-INFO`, each with its place.

use std::ops::Range;

use super::Flaw;

/// The metadata of a package.
#[derive(Clone, Debug, Default)]
pub struct Metadata {
    /// Every field in the order of the file, those of names that nobody knows too.
    pub fields: Vec<Field>,
    /// The text behind the blank line: the long description since version 2.1.
    pub body: Option<Range<usize>>,
    /// What is wrong with the text, and with values that have a grammar: versions, requirements, specifiers.
    pub flaws: Vec<Flaw>,
}

/// One field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// As the file writes it; compare ignoring case.
    pub name: String,
    /// Its value, unfolded.
    pub value: String,
    /// Where the value stands.
    pub bytes: Range<usize>,
}

/// What old build tools write for nothing.
const NOTHING: &str = "UNKNOWN";

impl Metadata {
    /// The fields called `name`, ignoring case, that say something.
    pub fn all<'m>(&'m self, name: &'m str) -> impl Iterator<Item = &'m Field> {
        let says_something = |field: &&Field| !field.value.trim().is_empty() && field.value != NOTHING;
        self.fields.iter().filter(move |field| field.name.eq_ignore_ascii_case(name)).filter(says_something)
    }

    /// The first field called `name`, ignoring case, that says something.
    pub fn one<'m>(&'m self, name: &'m str) -> Option<&'m Field> {
        self.all(name).next()
    }

    /// The value of [`Metadata::one`].
    pub fn value<'m>(&'m self, name: &'m str) -> Option<&'m str> {
        self.one(name).map(|field| field.value.as_str())
    }
}
