//! What a module's source binds at top level, read as text by a real parser and never run.

mod nesting;
mod scope;
mod values;

use std::collections::BTreeMap;
use std::ops::Range;

use ruff_python_ast::{ModModule, PySourceType};
use ruff_python_parser::Parsed;
use ruff_text_size::TextRange;

use shopfront_text::one_line;

/// The names of a module.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bindings {
    /// What each name is bound to last, as far as the text says.
    pub names: BTreeMap<String, Binding>,
    /// Whether names may come from elsewhere: `from … import *`, a module-level `__getattr__`,
    /// `globals()[…] = …`, or a source that was not read to its end.
    pub is_open: bool,
    /// Where the source is no Python that the parser knows: the place and what it says. `None` for
    /// a source that nobody read to its end: nothing is known against it.
    pub error: Option<(Range<usize>, String)>,
}

/// What a name is bound to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// What.
    pub value: Value,
    /// Where the name stands.
    pub bytes: Range<usize>,
}

/// What the text says of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// `def`, `class`, `lambda`, `partial(…)` of one of them; `required` says how many arguments it
    /// can not do without (a class: 0 where unknown).
    Callable {
        /// Arguments without a default.
        required: usize,
    },
    /// A literal: a number, a text, a list.
    Literal,
    /// The result of a call; what it is, nobody can know without running it.
    Called {
        /// The last name of what is called: `as_plugin` of `builder.as_plugin()`, `Plugin` of
        /// `Plugin()`; may be empty.
        name: String,
    },
    /// An import, an expression, one thing or another: nobody can know without running it.
    Unknown,
}

/// The newest minor version of Python 3 whose words the parser knows.
pub const NEWEST_MINOR: u64 = 14;

/// A larger source is not parsed: its names are open.
const LARGEST: usize = 512 << 10;

/// A module with more names is generated, and keeps them to itself: which others it has is open.
const MOST_NAMES: usize = 5000;

/// Enough to walk and to free the deepest tree that [`nesting`] lets through. The parser grows its
/// stack by itself.
const STACK: usize = 32 << 20;

impl Bindings {
    /// Reads a source.
    pub fn parse(source: &str) -> Bindings {
        apart(source, || read(source)).unwrap_or_else(Bindings::unread)
    }

    fn unread() -> Bindings {
        Bindings {
            is_open: true,
            ..Bindings::default()
        }
    }
}

/// What `read` makes of `source`, on a thread with a stack of its own: how deep a stranger nests is
/// his choice. `None` for a source that is not read at all.
pub(super) fn apart<T: Send>(source: &str, read: impl FnOnce() -> T + Send) -> Option<T> {
    if source.len() > LARGEST || !nesting::is_bearable(source) {
        return None;
    }
    std::thread::scope(|scope| {
        let reading = std::thread::Builder::new()
            .stack_size(STACK)
            .spawn_scoped(scope, read);
        // A panic is a fault of the parser, which a stranger's source must not make ours.
        reading.ok().and_then(|thread| thread.join().ok())
    })
}

/// The tree of `source`, with its errors.
pub(super) fn parsed(source: &str) -> Parsed<ModModule> {
    ruff_python_parser::parse_unchecked_source(source, PySourceType::Python)
}

fn read(source: &str) -> Bindings {
    let parsed = parsed(source);
    let mut bindings = scope::bindings(parsed.suite());
    if bindings.names.len() > MOST_NAMES {
        bindings.names = std::mem::take(&mut bindings.names)
            .into_iter()
            .take(MOST_NAMES)
            .collect();
        bindings.is_open = true;
    }
    if let Some(error) = parsed.errors().first() {
        bindings.is_open = true;
        bindings.error = Some((
            in_one_line(source, bytes_of(error.location)),
            one_line(&error.error.to_string(), 160),
        ));
    }
    bindings
}

/// Where a line ends too early, the parser's place reaches into the next.
fn in_one_line(source: &str, bytes: Range<usize>) -> Range<usize> {
    let length = source
        .get(bytes.clone())
        .and_then(|text| text.find(['\r', '\n']));
    bytes.start..length.map_or(bytes.end, |length| bytes.start + length)
}

pub(super) fn bytes_of(range: TextRange) -> Range<usize> {
    range.start().to_usize()..range.end().to_usize()
}
