//! Rules about the repository itself, which no compiler knows: what is listed where, who may touch the world, how long
//! a file is. [`schemas`] has those about schemas, [`commands`] those about commands that texts show.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod commands;
mod schemas;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use shopfront::embedded;

/// The root of the repository.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

/// The plain files below `folder` whose names end so, by their path from the root, sorted.
fn files(folder: &str, endings: &[&str]) -> Vec<String> {
    let is_ours = |entry: &walkdir::DirEntry| !matches!(entry.file_name().to_str(), Some("node_modules" | "target" | ".git" | "dist"));
    let below = walkdir::WalkDir::new(root().join(folder)).sort_by_file_name().into_iter().filter_entry(is_ours).map(Result::unwrap);
    let paths = below
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| entry.path().strip_prefix(root()).unwrap().to_str().unwrap().to_owned());
    paths.filter(|path| endings.iter().any(|ending| path.ends_with(ending))).collect()
}

/// Every source file of the workspace.
fn rust_files() -> Vec<String> {
    ["crates", "xtask"].iter().flat_map(|folder| files(folder, &[".rs"])).collect()
}

/// The source files of the programs, and each as the lists below call it: by its path in `crates/shopfront/src`, or in `xtask/src`
/// behind `xtask/`.
fn sources() -> Vec<(String, String)> {
    let named = |folder: &'static str, prefix: &'static str| {
        files(folder, &[".rs"])
            .into_iter()
            .map(move |path| (path.clone(), path.replacen(folder, prefix, 1).trim_start_matches('/').to_owned()))
    };
    named("crates/shopfront/src", "").chain(named("xtask/src", "xtask")).collect()
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

/// The names of the modules that lie in a folder of the program: files and folders.
fn modules(folder: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(root().join("crates/shopfront/src").join(folder)).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).filter(|name| name != "mod").collect()
}

/// Every module of `folder`, but those that are no members of its table, stands in `mod.rs` as `line` makes it.
fn assert_listed(folder: &str, not_members: &[&str], line: fn(&str) -> String) {
    let table = read(&format!("crates/shopfront/src/{folder}/mod.rs"));
    let unlisted: Vec<String> =
        modules(folder).into_iter().filter(|name| !not_members.contains(&name.as_str()) && !table.contains(&line(name))).collect();
    assert!(unlisted.is_empty(), "{folder}/mod.rs has no line for {unlisted:?}, such as `{}`", line(&unlisted[0]));
}

/// The key under which the program is kept between runs of the workflows is made of certain files: what is compiled in and is not
/// among them would be published as it was before.
#[test]
fn the_kept_program_is_made_anew_when_anything_of_it_changes() {
    let action = read(".github/actions/shopfront/action.yml");
    let named = action.split_once("find ").and_then(|(_, rest)| rest.split_once(" -type")).unwrap().0;
    let named: Vec<&str> = named.split(' ').collect();
    let ours = compiled_in();
    assert!(ours.len() > 400, "{} files are few for this program", ours.len());
    let missing: Vec<&String> = ours.iter().filter(|path| !named.iter().any(|folder| Path::new(path).starts_with(folder))).collect();
    assert!(missing.is_empty(), "`find` in the action passes over {missing:?}");
}

/// The files of the repository that the compiler last read for the library, by their path from the root.
fn compiled_in() -> Vec<String> {
    let folder = Path::new(env!("CARGO_BIN_EXE_xtask")).with_file_name("deps");
    let notes = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let of_library = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap();
        name.starts_with("shopfront-") && name.ends_with(".d") && fs::read_to_string(path).unwrap().contains("/src/lib.rs")
    };
    let newest = notes.filter(of_library).max_by_key(|path| path.metadata().unwrap().modified().unwrap()).unwrap();
    let text = fs::read_to_string(newest).unwrap();
    let (_, files) = text.lines().next().unwrap().split_once(": ").unwrap();
    // A blank in a path is escaped, which is no reason to take it for the end of one.
    let files = files.replace("\\ ", "\0");
    let paths = files.split(' ').map(|path| root().join(path.replace('\0', " ")).canonicalize().unwrap());
    paths.filter_map(|path| path.strip_prefix(root()).map(|it| it.display().to_string()).ok()).collect()
}

#[test]
fn every_check_stands_in_its_table() {
    assert_listed("checks", &["cases", "run"], |name| format!("\n    &{name}::CHECK,\n"));
}

#[test]
fn every_kind_stands_in_its_table() {
    assert_listed("kinds", &["agreement", "commands", "desk"], |name| format!("&{name}::KIND"));
}

#[test]
fn every_registry_stands_in_its_table() {
    assert_listed("registry", &["access", "archive", "cleaned", "integrity", "package"], |name| format!("&{name}::"));
}

#[test]
fn every_report_stands_in_its_table() {
    assert_listed("report", &["inspection", "located", "review"], |name| format!("=> {name}::text("));
}

#[test]
fn tables_are_sorted() {
    let table = read("crates/shopfront/src/checks/mod.rs");
    let lines: Vec<&str> = table.lines().filter(|line| line.ends_with("::CHECK,")).collect();
    assert!(lines.is_sorted(), "the table of checks is by code");
}

/// The doors to the file system.
const TO_FILES: &[&str] = &[
    "bridge/folder.rs",
    "environment.rs",
    "files.rs",
    "files/",
    "fresh.rs",
    "git/",
    "processes/watch.rs",
    "publish/",
    "serve/",
    "xtask/test/workbench.rs",
];

/// A word that stands for the world, and the files and folders that may say it, as [`sources`] calls them: the doors.
static DOORS: &[(&str, &[&str])] = &[
    ("std::fs", TO_FILES),
    (".exists()", TO_FILES),
    (".is_file()", TO_FILES),
    (".is_dir()", TO_FILES),
    (".canonicalize()", TO_FILES),
    ("std::env", &["clock.rs", "terminal.rs", "processes.rs", "http.rs", "http/", "main.rs"]),
    ("std::process", &["processes.rs", "processes/", "main.rs", "terminal.rs", "xtask/main.rs"]),
    ("std::net::Tcp", &["serve/", "http.rs", "http/"]),
    ("ToSocketAddrs", &["http.rs", "http/"]),
    // `error.rs` only names it as a cause.
    ("reqwest::", &["http.rs", "http/", "error.rs"]),
    ("Timestamp::now", &["clock.rs"]),
    ("SystemTime", &["files.rs", "environment.rs", "publish/", "serve/"]),
    ("println!", &[]),
    ("print!(", &[]),
    // What is written past these two could be a command for the runner of a workflow.
    ("stdout()", &["terminal.rs"]),
    ("stderr()", &["terminal.rs", "dialogue.rs"]),
];

#[test]
fn only_doors_touch_the_world() {
    let mut wrong = Vec::new();
    for (path, short) in sources() {
        let text = read(&path);
        // A `use` of several modules at once would hide their names.
        let grouped = ["std::{fs", "std::{env", "std::{process"];
        for (number, line) in code_lines(&text) {
            let strange = DOORS.iter().filter(|(word, doors)| line.contains(word) && !doors.iter().any(|door| short.starts_with(door)));
            wrong.extend(strange.map(|(word, _)| format!("{path}:{number}: `{word}`")));
            wrong.extend(grouped.iter().filter(|word| line.contains(*word)).map(|word| format!("{path}:{number}: `{word}`")));
        }
    }
    assert!(wrong.is_empty(), "only a door may say this; give the value to the stage instead:\n{}", wrong.join("\n"));
}

/// Who may read JSON into types of its own; whoever wants a plain value of it calls `json::read`.
static READS_TYPED_JSON: &[&str] = &[
    "json/plain.rs",
    "shelf.rs",
    "shelf/cached.rs",
    "shelf/descriptions.rs",
    "shelf/past.rs",
    "registry/pypi/json_api.rs",
    "commands/host/stores.rs",
    "commands/published.rs",
    "commands/since.rs",
    "commands/upstreams.rs",
];

#[test]
fn json_of_strangers_is_read_as_its_text_says_it() {
    let mut wrong = Vec::new();
    for (path, short) in sources() {
        for (number, line) in code_lines(&read(&path)) {
            let is_typed = READS_TYPED_JSON.contains(&short.as_str()) && !line.contains("Value");
            if (line.contains("serde_json::from_slice") || line.contains("serde_json::from_reader")) && !is_typed {
                wrong.push(format!("{path}:{number}"));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "serde_json's own `Value` believes a key that only serde_json may write; call `json::read`:\n{}",
        wrong.join("\n")
    );
}

/// Where the order of a map can not reach an output: it is only asked for keys, or what comes of it is sorted.
static MAY_HASH: &[&str] = &[
    "checks/circular_successor.rs",
    "checks/confusable_name.rs",
    "checks/duplicate_module.rs",
    "checks/duplicate_plugin.rs",
    "json/places.rs",
    "readme/cleaner.rs",
    "render/language.rs",
    "search/readmes.rs",
];

#[test]
fn maps_without_an_order_stand_only_where_they_were_looked_at() {
    let hashes = |path: &String| code_lines(&read(path)).any(|(_, line)| line.contains("HashMap") || line.contains("HashSet"));
    let found: Vec<String> =
        files("crates/shopfront/src", &[".rs"]).into_iter().filter(hashes).map(|path| path.replace("crates/shopfront/src/", "")).collect();
    assert_eq!(found, MAY_HASH, "use a BTreeMap, or look at it well and keep the list in tidy.rs true");
}

#[test]
fn no_source_file_is_longer_than_400_lines() {
    let lengths = rust_files().into_iter().map(|path| (read(&path).lines().count(), path));
    let long: Vec<(usize, String)> = lengths.filter(|(lines, _)| *lines > 400).collect();
    assert!(long.is_empty(), "these want a second room: {long:?}");
}

#[test]
fn every_source_file_begins_with_what_it_knows() {
    let silent: Vec<String> = rust_files().into_iter().filter(|path| !read(path).starts_with("//! ")).collect();
    assert!(silent.is_empty(), "the first line of a file is `//!` and one sentence: {silent:?}");
}

#[test]
fn no_file_names_a_place_of_one_machine() {
    // Put together here, so that this file does not hold them.
    let folders = ["work", "root", "home", "Users", "tmp"].map(|name| format!("/{name}/"));
    let is_start = |before: Option<char>| before.is_none_or(|it| it.is_whitespace() || "\"'`(=:<>[{".contains(it));
    let mut wrong = Vec::new();
    for folder in [".cargo", ".ci", ".github", ".vscode", "catalogue", "docs", "examples", "schema", "site-template", "crates", "xtask"] {
        for path in files(folder, &[""]) {
            // Answers quote what strangers wrote; fixtures are strangers.
            let Ok(text) = fs::read_to_string(root().join(&path)) else { continue };
            if path.contains("/fixtures/") || path.contains("answers/") || path.starts_with("xtask/tests/tidy/") {
                continue;
            }
            for (line_index, line) in text.lines().enumerate() {
                let found =
                    folders.iter().filter(|name| line.match_indices(name.as_str()).any(|(at, _)| is_start(line[..at].chars().next_back())));
                wrong.extend(found.map(|name| format!("{path}:{}: {name}", line_index + 1)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_template_is_compiled_in() {
    let compiled: BTreeSet<&str> = embedded::TEMPLATES.iter().map(|(name, _)| *name).collect();
    let is_page_file =
        |name: &&str| !name.starts_with('.') && !name.starts_with("package") && !name.starts_with("tests/") && *name != "README.md";
    let all = files("site-template", &[""]);
    let names: BTreeSet<&str> = all.iter().map(|path| path.strip_prefix("site-template/").unwrap()).filter(is_page_file).collect();
    assert_eq!(compiled, names);
}

#[test]
fn every_schema_is_compiled_in() {
    let compiled: BTreeSet<String> = embedded::schemas().iter().map(|(name, _)| format!("schema/{name}")).collect();
    assert_eq!(compiled, files("schema", &[".json"]).into_iter().collect());
}

/// The lines that are no comments, with their numbers.
fn code_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(index, line)| (index + 1, line)).filter(|(_, line)| !line.trim_start().starts_with("//"))
}
