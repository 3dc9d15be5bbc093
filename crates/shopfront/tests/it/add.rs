//! Tests of `add` from a package to a snippet. Each case is a directory with the arguments, the
//! wheels, additional files of the store, and the expected result.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::golden;
use crate::scratch::{Scratch, fixtures};
use crate::wheels;

fn cases() -> Vec<PathBuf> {
    let mut cases: Vec<PathBuf> = fs::read_dir(fixtures().join("add"))
        .unwrap()
        .map(|it| it.unwrap().path())
        .collect();
    cases.sort();
    cases
}

fn path_is_package(entry: &walkdir::DirEntry) -> bool {
    entry
        .path()
        .parent()
        .is_some_and(|folder| folder.ends_with("packages"))
}

/// Returns every file of the catalogue by its path.
fn catalogue(scratch: &Scratch) -> BTreeMap<String, String> {
    let below = walkdir::WalkDir::new(scratch.path().join("catalogue"))
        .sort_by_file_name()
        .into_iter()
        .filter_map(Result::ok);
    let files = below.filter(|entry| entry.file_type().is_file());
    files
        .map(|entry| {
            let path = entry
                .path()
                .strip_prefix(scratch.path())
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned();
            let bytes = fs::read(entry.path()).unwrap();
            // The length is sufficient for a package that was copied into the store.
            let text = String::from_utf8(bytes)
                .unwrap_or_else(|fault| format!("{} bytes\n", fault.as_bytes().len()));
            (
                path,
                if path_is_package(&entry) {
                    format!("a package of {} bytes\n", text.len())
                } else {
                    text
                },
            )
        })
        .collect()
}

/// Runs the program in `scratch` with the words of `arguments`, and returns everything that a
/// person would see.
pub(crate) fn told(scratch: &Scratch, arguments: &[&str]) -> String {
    let before = catalogue(scratch);
    let mut command = Command::new(env!("CARGO_BIN_EXE_shopfront"));
    command
        .args(arguments)
        .current_dir(scratch.path())
        .env_clear()
        .env("CARGO", "cargo")
        .stdin(Stdio::null());
    let output = command.output().unwrap();
    let mut told = format!("exit {}\n", output.status.code().unwrap());
    for (name, bytes) in [("stdout", output.stdout), ("stderr", output.stderr)] {
        if !bytes.is_empty() {
            told.push_str(&format!(
                "\n== {name}\n{}",
                String::from_utf8(bytes).unwrap()
            ));
        }
    }
    let after = catalogue(scratch);
    for (path, text) in after
        .iter()
        .filter(|(path, text)| before.get(*path) != Some(text))
    {
        told.push_str(&format!("\n== {path}\n{text}"));
    }
    for path in before.keys().filter(|path| !after.contains_key(*path)) {
        told.push_str(&format!("\n== {path} is gone\n"));
    }
    told
}

fn run(case: &Path) -> String {
    let scratch = Scratch::base();
    for folder in ["catalogue", "answers"] {
        scratch.overlay_at(&case.join(folder), folder);
    }
    wheels::build_all(case, scratch.path());
    let words = fs::read_to_string(case.join("arguments.txt")).unwrap();
    let mut arguments = vec!["add", "--offline"];
    arguments.extend(words.lines());
    told(&scratch, &arguments)
}

#[test]
fn every_case_ends_as_the_file_beside_it_says() {
    let differences: Vec<String> = cases()
        .iter()
        .filter_map(|case| golden::difference(&case.join("expected.txt"), &run(case)))
        .collect();
    golden::assert_none(&differences);
}

#[test]
fn what_was_written_passes_check_unchanged() {
    for case in cases() {
        let scratch = Scratch::base();
        for folder in ["catalogue", "answers"] {
            scratch.overlay_at(&case.join(folder), folder);
        }
        wheels::build_all(&case, scratch.path());
        let words = fs::read_to_string(case.join("arguments.txt")).unwrap();
        if words.contains("--draft") {
            continue;
        }
        let arguments: Vec<&str> = ["add", "--offline"]
            .into_iter()
            .chain(words.lines())
            .collect();
        told(&scratch, &arguments);
        let checked = told(&scratch, &["check", "--offline"]);
        assert!(
            checked.starts_with("exit 0\n"),
            "{}: {checked}",
            case.display()
        );
        let formatted = told(&scratch, &["fmt", "--check"]);
        assert!(
            formatted.starts_with("exit 0\n"),
            "{}: {formatted}",
            case.display()
        );
    }
}

#[test]
fn a_folder_of_the_catalogue_may_be_named_from_where_a_person_is() {
    let case = fixtures().join("add/into-a-folder-of-the-host");
    for folder in [
        "catalogue/datasette/maps",
        "./datasette/maps/",
        "datasette/maps",
        "HERE/catalogue/datasette/maps/",
    ] {
        let scratch = Scratch::base();
        wheels::build_all(&case, scratch.path());
        let here = scratch.path().file_name().unwrap().to_str().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_shopfront"));
        let wheel = format!("{here}/dist/datasette_tide_tables-0.4.1-py3-none-any.whl");
        command.args([
            "add",
            "--offline",
            "--root",
            here,
            &wheel,
            "--category",
            "visualisation",
            "--to-catalogue",
        ]);
        command
            .arg(folder.replace("HERE", here))
            .current_dir(scratch.path().parent().unwrap())
            .env_clear()
            .stdin(Stdio::null());
        let output = command.output().unwrap();
        assert!(
            output.status.success(),
            "{folder}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert!(
            scratch
                .path()
                .join("catalogue/datasette/maps/datasette-tide-tables.json")
                .is_file(),
            "{folder}"
        );
    }
}

#[test]
fn a_package_is_looked_into_anywhere_and_held_against_the_store_around() {
    let wheel = "dist/fiab_plugin_ocean-6.0.0-py3-none-any.whl";
    let inspect = |folder: &Path| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_shopfront"));
        command
            .args(["inspect", wheel])
            .current_dir(folder)
            .env_clear()
            .env("CARGO", "cargo")
            .stdin(Stdio::null());
        let output = command.output().unwrap();
        (
            output.status.code().unwrap(),
            String::from_utf8(output.stdout).unwrap(),
        )
    };
    // The version range of the core is invalid, which only a store with that host can detect.
    let alone = Scratch::empty();
    wheels::build_all(&fixtures().join("add/refused"), alone.path());
    let (code, told) = inspect(alone.path());
    assert_eq!(code, 0, "{told}");
    assert!(told.contains("fiab-plugin-ocean 6.0.0"), "{told}");
    let store = Scratch::base();
    let within = store.path().join("plugins/ocean");
    wheels::build_all(&fixtures().join("add/refused"), &within);
    let (code, told) = inspect(&within);
    assert_eq!(code, 1, "{told}");
    assert!(told.contains("error[wrong-core-range]"), "{told}");
}

#[test]
fn a_wheel_that_is_a_program_and_no_plugin_has_no_fault_for_it() {
    let scratch = Scratch::empty();
    let mut members =
        wheels::members_of(&fixtures().join("wheels/fiab_plugin_ocean-6.0.0-py3-none-any.whl"));
    members.retain(|name, _| name.contains(".dist-info/"));
    members.insert(
        "fiab_plugin_ocean-6.0.0.data/scripts/ocean".to_owned(),
        b"#!python\n".to_vec(),
    );
    let file = scratch
        .path()
        .join("fiab_plugin_ocean-6.0.0-py3-none-any.whl");
    fs::write(&file, wheels::zipped(&wheels::with_record(members))).unwrap();
    let told = told(
        &scratch,
        &["inspect", "fiab_plugin_ocean-6.0.0-py3-none-any.whl"],
    );
    assert!(told.starts_with("exit 0\n"), "{told}");
}
