//! Top-level bindings of a module's source, which is parsed and never executed.

mod nesting;
mod scope;
mod values;

use std::collections::BTreeMap;
use std::ops::Range;

use ruff_python_ast::{ModModule, PySourceType};
use ruff_python_parser::Parsed;
use ruff_text_size::TextRange;

use shopfront_text::one_line;

/// Names of a module.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bindings {
    /// Last binding of each name, as far as the text shows it.
    pub names: BTreeMap<String, Binding>,
    /// `true` if names may come from elsewhere: `from … import *`, a module-level `__getattr__`,
    /// `globals()[…] = …`, or an incompletely read source.
    pub is_open: bool,
    /// Byte range and message of a syntax error. `None` for an incompletely read source, in which
    /// no error is known.
    pub error: Option<(Range<usize>, String)>,
}

/// Binding of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// Bound value.
    pub value: Value,
    /// Byte range of the name.
    pub bytes: Range<usize>,
}

/// Value, as far as the text shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// `def`, `class`, `lambda`, `partial(…)` of one of them. `required` is the minimum number of
    /// arguments (0 for a class if unknown).
    Callable {
        /// Number of arguments without a default.
        required: usize,
    },
    /// Literal: a number, a string, a list.
    Literal,
    /// Result of a call, which is unknown without running it.
    Called {
        /// Last name of the called expression: `as_plugin` of `builder.as_plugin()`, `Plugin` of
        /// `Plugin()`; may be empty.
        name: String,
    },
    /// Import, expression or conditional value, which is unknown without running it.
    Unknown,
}

/// Newest minor version of Python 3 whose syntax the parser supports.
pub const NEWEST_MINOR: u64 = 14;

/// Maximum size of a parsed source in bytes; a larger one has open names.
const LARGEST: usize = 512 << 10;

/// Maximum number of kept names. A module with more is generated, and is treated as open.
const MOST_NAMES: usize = 5000;

/// Stack size in bytes, sufficient to traverse and to free the deepest tree that [`nesting`]
/// allows. The parser grows its stack itself.
const STACK: usize = 32 << 20;

impl Bindings {
    /// Parses a source.
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

/// Returns the result of `read` for `source`, on a separate thread with its own stack, because
/// the nesting of untrusted sources is arbitrary. Returns `None` for an unread source.
pub(super) fn apart<T: Send>(source: &str, read: impl FnOnce() -> T + Send) -> Option<T> {
    if source.len() > LARGEST || !nesting::is_bearable(source) {
        return None;
    }
    std::thread::scope(|scope| {
        let reading = std::thread::Builder::new()
            .stack_size(STACK)
            .spawn_scoped(scope, read);
        // A panic is a bug of the parser, which an untrusted source must not turn into a crash.
        reading.ok().and_then(|thread| thread.join().ok())
    })
}

/// Returns the syntax tree of `source` with its errors.
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

/// Limits a range to one line: if a line ends too early, the parser's range extends into the
/// next.
fn in_one_line(source: &str, bytes: Range<usize>) -> Range<usize> {
    let length = source
        .get(bytes.clone())
        .and_then(|text| text.find(['\r', '\n']));
    bytes.start..length.map_or(bytes.end, |length| bytes.start + length)
}

pub(super) fn bytes_of(range: TextRange) -> Range<usize> {
    range.start().to_usize()..range.end().to_usize()
}
