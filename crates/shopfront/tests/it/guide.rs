//! Tests of the guide for authors: each command with an output below it is run, and the outputs
//! match.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::scratch::{Scratch, fixtures};
use crate::wheels;

const GUIDE: &str = "../../docs/authors.md";

/// Returns the output of a command on both streams, data first.
fn said(scratch: &Scratch, line: &str) -> String {
    let mut words = line
        .strip_prefix("shopfront ")
        .expect("the guide calls the program by its installed name")
        .split(' ');
    let mut command = Command::new(env!("CARGO_BIN_EXE_shopfront"));
    command
        .args(&mut words)
        .current_dir(scratch.path())
        .env_clear()
        .stdin(Stdio::null());
    let output = command.output().unwrap();
    String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
}

#[test]
fn every_output_in_the_guide_for_authors_is_what_the_program_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(GUIDE);
    let guide = fs::read_to_string(&path).unwrap();
    let scratch = Scratch::base();
    wheels::build_all(&fixtures().join("guide"), scratch.path());
    let (mut rewritten, mut shown) = (String::new(), 0);
    let mut lines = guide.split_inclusive('\n').peekable();
    let mut command = None;
    while let Some(line) = lines.next() {
        rewritten.push_str(line);
        match line.trim_end() {
            "```sh" => {
                let text: String = lines
                    .by_ref()
                    .take_while(|line| line.trim_end() != "```")
                    .collect();
                rewritten.push_str(&text);
                rewritten.push_str("```\n");
                command = Some(text.trim_end().to_owned());
            }
            "```text" => {
                let line = command.take().expect("a command stands above each output");
                lines
                    .by_ref()
                    .take_while(|line| line.trim_end() != "```")
                    .for_each(drop);
                rewritten.push_str(&said(&scratch, &line));
                rewritten.push_str("```\n");
                shown += 1;
            }
            _ => {}
        }
    }
    assert!(shown >= 2, "the guide shows no output");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, &rewritten).unwrap();
    } else {
        assert_eq!(guide, rewritten, "accept with: UPDATE_GOLDEN=1 cargo test");
    }
}
