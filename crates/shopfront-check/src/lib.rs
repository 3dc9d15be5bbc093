//! From files to a catalogue, and every rule that it is checked against.

pub mod load;
pub mod schema;
pub mod checks;
