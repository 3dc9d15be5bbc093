//! `entry_points.txt`: what a package offers to other programs, by group (entry points specification).

use std::ops::Range;

use super::Flaw;

/// All groups.
#[derive(Clone, Debug, Default)]
pub struct EntryPoints {
    /// Every entry point, in the order of the file.
    pub all: Vec<EntryPoint>,
    /// What is wrong with the text.
    pub flaws: Vec<Flaw>,
}

/// One entry point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryPoint {
    /// The group: `datasette`, `console_scripts`.
    pub group: String,
    /// Its name within the group.
    pub name: String,
    /// The module that it names.
    pub module: String,
    /// The attribute in it: `main`, `Class.method`; empty where the module itself is meant.
    pub attribute: String,
    /// Where its value stands.
    pub bytes: Range<usize>,
}
