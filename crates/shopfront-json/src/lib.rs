//! Strict JSON (RFC 8259) with the location of every key and value, and messages for common
//! mistakes.
//!
//! Own code because no existing crate is sufficient: see `ARCHITECTURE.md`, "What is our own, and
//! why".

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
