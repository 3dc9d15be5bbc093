#![no_main]
#![allow(missing_docs)]

#[path = "../../xtask/tests/it/properties/mod.rs"]
mod properties;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| properties::check("yaml", bytes));
