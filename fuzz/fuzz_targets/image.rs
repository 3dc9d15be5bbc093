#![no_main]
#![allow(missing_docs)]

#[path = "../../crates/shopfront/tests/it/properties/mod.rs"]
mod properties;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| properties::check("image", bytes));
