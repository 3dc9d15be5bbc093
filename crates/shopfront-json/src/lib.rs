//! JSON (RFC 8259) with the place of every key and value, strict, and with words for the usual
//! mistakes.
//!
//! Own code because nothing kept serves: see `ARCHITECTURE.md`, "What is our own, and why".

pub mod yaml;
mod hints;
mod outline;
mod parse;
mod places;
mod plain;
mod recorder;
mod texts;
mod tree;
mod weight;

pub use outline::{Inside, JsonKind, SpannedJson, SpannedValue};
pub use parse::{Fault, MAX_DEPTH, parse};
pub use places::{Duplicate, duplicates, span};
pub use plain::{Plain, read};
pub use texts::texts;
pub use tree::{Key, Kind, Node};
pub use weight::{MAX_VALUES, Weight, read_within, weight};
