//! From a catalogue and answers to published files: data, feeds, search index, pages.

pub mod artifact;
pub mod merge;
pub mod emit;
pub mod language;
pub mod render;
pub mod search;
pub mod feeds;
pub mod embedded;
