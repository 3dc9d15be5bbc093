//! Settings of a store in every spelling that JSON allows for their values.

use std::fs;

use crate::scratch::Scratch;
use crate::support::{ended, program};

#[test]
fn a_whole_number_is_an_integer_however_it_is_written() {
    let scratch = Scratch::base();
    let path = scratch.path().join("catalogue/store.json");
    let text = fs::read_to_string(&path).unwrap();
    for (written, exit) in [
        ("100", 0),
        ("100.0", 0),
        ("1e2", 0),
        ("100.5", 1),
        ("-1.0", 1),
    ] {
        let policy = format!("\"max_drop\": 0.05, \"max_package_mb\": {written}");
        fs::write(&path, text.replace("\"max_drop\": 0.05", &policy)).unwrap();
        let checked = ended(&mut program(&scratch, &["check"]));
        assert_eq!(
            checked.exit, exit,
            "{written}: {}{}",
            checked.stdout, checked.stderr
        );
    }
}
