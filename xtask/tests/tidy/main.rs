//! Rules about the repository itself, which no compiler knows: what is listed where, who may touch
//! the world, how long a file is. [`schemas`] has those about schemas, [`commands`] those about
//! commands that texts show.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod commands;
mod layers;
mod schemas;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The root of the repository.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .canonicalize()
        .unwrap()
}

/// The plain files below `folder` whose names end so, by their path from the root, sorted.
fn files(folder: &str, endings: &[&str]) -> Vec<String> {
    let is_ours = |entry: &walkdir::DirEntry| {
        !matches!(
            entry.file_name().to_str(),
            Some("node_modules" | "target" | ".git" | "dist")
        )
    };
    let below = walkdir::WalkDir::new(root().join(folder))
        .sort_by_file_name()
        .into_iter()
        .filter_entry(is_ours)
        .map(Result::unwrap);
    let paths = below
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            entry
                .path()
                .strip_prefix(root())
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned()
        });
    paths
        .filter(|path| endings.iter().any(|ending| path.ends_with(ending)))
        .collect()
}

/// Every source file of the workspace.
fn rust_files() -> Vec<String> {
    let all = ["crates", "xtask"]
        .iter()
        .flat_map(|folder| files(folder, &[".rs"]));
    all.filter(|path| !path.contains("/fixtures/")).collect()
}

/// The source files of the programs, and each as the lists below call it: by the name of its crate,
/// and its path in `src`.
fn sources() -> Vec<(String, String)> {
    let is_source = |path: &String| path.split('/').any(|part| part == "src");
    let short = |path: &str| path.trim_start_matches("crates/").replacen("/src/", "/", 1);
    rust_files()
        .into_iter()
        .filter(is_source)
        .map(|path| (path.clone(), short(&path)))
        .collect()
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

/// The names of the modules in a directory of sources: files and directories.
fn modules(folder: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(root().join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let names = entries.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned());
    names
        .filter(|name| name != "mod" && name != "lib")
        .collect()
}

/// Every module beside `table`, a file of sources, but those that are no members of its table,
/// stands in it as `line` makes it.
fn assert_listed(table: &str, not_members: &[&str], line: fn(&str) -> String) {
    let text = read(table);
    let folder = table.rsplit_once('/').unwrap().0;
    let unlisted: Vec<String> = modules(folder)
        .into_iter()
        .filter(|name| !not_members.contains(&name.as_str()) && !text.contains(&line(name)))
        .collect();
    assert!(
        unlisted.is_empty(),
        "{table} has no line for {unlisted:?}, such as `{}`",
        line(&unlisted[0])
    );
}

/// The key under which the program is kept between runs of the workflows is made of certain files:
/// what is compiled in and is not among them would be published as it was before.
#[test]
fn the_kept_program_is_made_anew_when_anything_of_it_changes() {
    let action = read(".github/actions/shopfront/action.yml");
    let named = action
        .split_once("find ")
        .and_then(|(_, rest)| rest.split_once(" -type"))
        .unwrap()
        .0;
    let named: Vec<&str> = named.split(' ').collect();
    let ours = compiled_in();
    assert!(
        ours.len() > 400,
        "{} files are few for this program",
        ours.len()
    );
    let missing: Vec<&String> = ours
        .iter()
        .filter(|path| {
            !named
                .iter()
                .any(|folder| Path::new(path).starts_with(folder))
        })
        .collect();
    assert!(
        missing.is_empty(),
        "`find` in the action passes over {missing:?}"
    );
}

/// The files of the repository that the compiler last read for each of our crates, by their path
/// from the root.
fn compiled_in() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_BIN_EXE_xtask")).with_file_name("deps");
    let notes: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    let mut compiled = BTreeSet::new();
    for name in modules("crates") {
        let start = format!("{}-", name.replace('-', "_"));
        let of_library = |path: &&PathBuf| {
            let file = path.file_name().unwrap().to_str().unwrap();
            file.starts_with(&start)
                && file.ends_with(".d")
                && fs::read_to_string(path).unwrap().contains("/src/lib.rs")
        };
        let newest = notes
            .iter()
            .filter(of_library)
            .max_by_key(|path| path.metadata().unwrap().modified().unwrap())
            .unwrap();
        let text = fs::read_to_string(newest).unwrap();
        let (_, files) = text.lines().next().unwrap().split_once(": ").unwrap();
        // A blank in a path is escaped, which is no reason to take it for the end of one.
        let files = files.replace("\\ ", "\0");
        let paths = files
            .split(' ')
            .map(|path| root().join(path.replace('\0', " ")).canonicalize().unwrap());
        compiled.extend(paths.filter_map(|path| {
            path.strip_prefix(root())
                .map(|it| it.display().to_string())
                .ok()
        }));
    }
    compiled
}

#[test]
fn every_check_stands_in_its_table() {
    assert_listed(
        "crates/shopfront-check/src/checks/mod.rs",
        &["context", "run"],
        |name| format!("\n    &{name}::CHECK,\n"),
    );
    let table = read("crates/shopfront-check/src/checks/mod.rs");
    let is_listed = |name: &String| table.contains(&format!("{name}::C"));
    let unlisted: Vec<String> = modules("crates/shopfront-model/src/codes")
        .into_iter()
        .filter(|name| !is_listed(name))
        .collect();
    assert!(
        unlisted.is_empty(),
        "the table of checks has no line for the codes {unlisted:?}"
    );
}

#[test]
fn every_kind_stands_in_its_table() {
    assert_listed("crates/shopfront-hosts/src/lib.rs", &["commands"], |name| {
        format!("&{name}::KIND")
    });
}

#[test]
fn every_registry_stands_in_its_table() {
    assert_listed(
        "crates/shopfront-model/src/registry_rules/mod.rs",
        &["access"],
        |name| format!("&{name}::"),
    );
    let not_clients = [
        "archive",
        "cleaned",
        "http",
        "integrity",
        "package",
        "resolve",
        "web",
    ];
    assert_listed(
        "crates/shopfront-registry/src/lib.rs",
        &not_clients,
        |name| format!("registry_rules::{name}::"),
    );
}

#[test]
fn every_report_stands_in_its_table() {
    assert_listed(
        "crates/shopfront/src/report/mod.rs",
        &["inspection", "located", "review"],
        |name| format!("=> {name}::text("),
    );
}

#[test]
fn tables_are_sorted() {
    let text = read("crates/shopfront-check/src/checks/mod.rs");
    let (_, table) = text.split_once("pub static ALL: &[&Check] = &[").unwrap();
    let codes = table
        .lines()
        .filter_map(|line| line.split_once("::C")?.0.rsplit(['&', ' ']).next());
    let codes: Vec<&str> = codes.collect();
    assert!(
        codes.len() > 100 && codes.is_sorted(),
        "the table of checks is by code: {codes:?}"
    );
}

/// The modules that use the file system.
const TO_FILES: &[&str] = &[
    "shopfront/bridge/folder.rs",
    "shopfront/venv.rs",
    "shopfront/files.rs",
    "shopfront/files/",
    "shopfront/scaffold.rs",
    "shopfront/git/",
    "shopfront/processes/watch.rs",
    "shopfront/publish/",
    "shopfront/serve/",
    "xtask/test/harness.rs",
];

/// A word that does I/O, and the files and directories that may contain it, as [`sources`] calls
/// them: the I/O boundary.
static IO_MODULES: &[(&str, &[&str])] = &[
    ("std::fs", TO_FILES),
    ("path::absolute", TO_FILES),
    (".exists()", TO_FILES),
    (".symlink_metadata()", TO_FILES),
    (".read_link()", TO_FILES),
    (".read_dir()", TO_FILES),
    (".is_file()", TO_FILES),
    (".is_dir()", TO_FILES),
    (".canonicalize()", TO_FILES),
    (
        "std::env",
        &[
            "shopfront/clock.rs",
            "shopfront/terminal.rs",
            "shopfront/processes.rs",
            "shopfront-registry/http.rs",
            "shopfront-registry/http/",
            "shopfront/main.rs",
        ],
    ),
    (
        "std::process",
        &[
            "shopfront/processes.rs",
            "shopfront/processes/",
            "shopfront/main.rs",
            "shopfront/terminal.rs",
            "xtask/main.rs",
        ],
    ),
    (
        "std::net::Tcp",
        &[
            "shopfront/serve/",
            "shopfront-registry/http.rs",
            "shopfront-registry/http/",
        ],
    ),
    (
        "ToSocketAddrs",
        &["shopfront-registry/http.rs", "shopfront-registry/http/"],
    ),
    (
        "reqwest::",
        &["shopfront-registry/http.rs", "shopfront-registry/http/"],
    ),
    (
        "Timestamp::now",
        &[
            "shopfront/clock.rs",
            "shopfront-registry/http.rs",
            "shopfront-registry/http/",
        ],
    ),
    (
        "SystemTime",
        &[
            "shopfront/files.rs",
            "shopfront/venv.rs",
            "shopfront/publish/",
            "shopfront/serve/",
        ],
    ),
    ("println!", &[]),
    ("print!(", &[]),
    // What is written past these two could be a command for the runner of a workflow.
    ("stdout()", &["shopfront/terminal.rs"]),
    (
        "stderr()",
        &["shopfront/terminal.rs", "shopfront/prompt.rs"],
    ),
];

#[test]
fn only_io_modules_do_io() {
    let mut wrong = Vec::new();
    for (path, short) in sources() {
        let text = read(&path);
        // A `use` of several modules at once would hide their names.
        let grouped = ["std::{fs", "std::{env", "std::{process"];
        for (number, line) in code_lines(&text) {
            let strange = IO_MODULES.iter().filter(|(word, modules)| {
                line.contains(word) && !modules.iter().any(|module| short.starts_with(module))
            });
            wrong.extend(strange.map(|(word, _)| format!("{path}:{number}: `{word}`")));
            wrong.extend(
                grouped
                    .iter()
                    .filter(|word| line.contains(*word))
                    .map(|word| format!("{path}:{number}: `{word}`")),
            );
        }
    }
    assert!(
        wrong.is_empty(),
        "only modules of the I/O boundary may do this; pass the value to the stage instead:\n{}",
        wrong.join("\n")
    );
}

/// Who may read JSON into types of its own; whoever wants a plain value of it calls `json::read`.
static READS_TYPED_JSON: &[&str] = &[
    "shopfront-json/plain.rs",
    "shopfront-json/weight.rs",
    "shopfront/answers_dir.rs",
    "shopfront/answers_dir/cached.rs",
    "shopfront/answers_dir/descriptions.rs",
    "shopfront/answers_dir/past.rs",
    "shopfront-registry/pypi/json_api.rs",
    "shopfront/bridge/listed.rs",
    "shopfront/commands/host/stores.rs",
    "shopfront/commands/published.rs",
    "shopfront/commands/since.rs",
    "shopfront/commands/upstreams.rs",
];

#[test]
fn json_of_strangers_is_read_as_its_text_says_it() {
    let mut wrong = Vec::new();
    for (path, short) in sources() {
        for (number, line) in code_lines(&read(&path)) {
            let is_typed = READS_TYPED_JSON.contains(&short.as_str()) && !line.contains("Value");
            if (line.contains("serde_json::from_slice") || line.contains("serde_json::from_reader"))
                && !is_typed
            {
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

/// Where the order of a map can not reach an output: it is only asked for keys, or what comes of it
/// is sorted.
static MAY_HASH: &[&str] = &[
    "shopfront-check/checks/circular_successor.rs",
    "shopfront-check/checks/confusable_name.rs",
    "shopfront-check/checks/duplicate_module.rs",
    "shopfront-check/checks/duplicate_plugin.rs",
    "shopfront-json/places.rs",
    "shopfront-markdown/readme/cleaner.rs",
    "shopfront-site/language.rs",
    "shopfront-site/search/readmes.rs",
];

#[test]
fn maps_without_an_order_stand_only_where_they_were_looked_at() {
    let hashes = |path: &String| {
        code_lines(&read(path))
            .any(|(_, line)| line.contains("HashMap") || line.contains("HashSet"))
    };
    let found: Vec<String> = sources()
        .into_iter()
        .filter(|(path, _)| hashes(path))
        .map(|(_, short)| short)
        .collect();
    assert_eq!(
        found, MAY_HASH,
        "use a BTreeMap, or look at it well and keep the list in tidy.rs true"
    );
}

/// Lines of a file. At 400 it is asked whether it has two tasks; tests are lists of cases.
const MAX_LINES: usize = 530;
const MAX_LINES_OF_TESTS: usize = 700;

#[test]
fn no_source_file_is_too_long() {
    let most = |path: &str| {
        if path.contains("/tests/") {
            MAX_LINES_OF_TESTS
        } else {
            MAX_LINES
        }
    };
    let lengths = rust_files()
        .into_iter()
        .map(|path| (read(&path).lines().count(), path));
    let long: Vec<(usize, String)> = lengths
        .filter(|(lines, path)| *lines > most(path))
        .collect();
    assert!(long.is_empty(), "these have more than one task: {long:?}");
}

#[test]
fn every_source_file_begins_with_what_it_knows() {
    let silent: Vec<String> = rust_files()
        .into_iter()
        .filter(|path| !read(path).starts_with("//! "))
        .collect();
    assert!(
        silent.is_empty(),
        "the first line of a file is `//!` and one sentence: {silent:?}"
    );
}

#[test]
fn no_file_names_a_place_of_one_machine() {
    // Put together here, so that this file does not hold them.
    let folders = ["work", "root", "home", "Users", "tmp"].map(|name| format!("/{name}/"));
    let is_start = |before: Option<char>| {
        before.is_none_or(|it| it.is_whitespace() || "\"'`(=:<>[{".contains(it))
    };
    let mut wrong = Vec::new();
    for folder in [
        ".cargo",
        ".ci",
        ".github",
        ".vscode",
        "catalogue",
        "docs",
        "examples",
        "schema",
        "site-template",
        "crates",
        "xtask",
    ] {
        for path in files(folder, &[""]) {
            // Answers quote what strangers wrote; fixtures are strangers.
            let Ok(text) = fs::read_to_string(root().join(&path)) else {
                continue;
            };
            if path.contains("/fixtures/")
                || path.contains("answers/")
                || path.starts_with("xtask/tests/tidy/")
            {
                continue;
            }
            for (line_index, line) in text.lines().enumerate() {
                let found = folders.iter().filter(|name| {
                    line.match_indices(name.as_str())
                        .any(|(at, _)| is_start(line[..at].chars().next_back()))
                });
                wrong.extend(found.map(|name| format!("{path}:{}: {name}", line_index + 1)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_template_is_compiled_in() {
    let compiled: BTreeSet<&str> = shopfront_site::embedded::TEMPLATES
        .iter()
        .map(|(name, _)| *name)
        .collect();
    let is_page_file = |name: &&str| {
        !name.starts_with('.')
            && !name.starts_with("package")
            && !name.starts_with("tests/")
            && *name != "README.md"
    };
    let all = files("site-template", &[""]);
    let names: BTreeSet<&str> = all
        .iter()
        .map(|path| path.strip_prefix("site-template/").unwrap())
        .filter(is_page_file)
        .collect();
    assert_eq!(compiled, names);
}

#[test]
fn every_schema_is_compiled_in() {
    let compiled: BTreeSet<String> = shopfront_check::schema::embedded::schemas()
        .iter()
        .map(|(name, _)| format!("schema/{name}"))
        .collect();
    assert_eq!(compiled, files("schema", &[".json"]).into_iter().collect());
}

/// The lines that are no comments, with their numbers.
fn code_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line))
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
}

#[test]
fn the_wheel_brings_every_license_of_what_is_compiled_in() {
    let names = ["LICENSE", "LICENCE", "COPYING", "NOTICE", "OFL"];
    let is_license = |path: &String| {
        let name = path.rsplit('/').next().unwrap();
        names.iter().any(|it| {
            name == *it
                || name
                    .strip_prefix(it)
                    .is_some_and(|rest| rest.starts_with('.') && !rest.ends_with(".rs"))
        })
    };
    let mut licenses = vec!["LICENSE".to_owned()];
    licenses.extend(
        files("crates", &[""])
            .into_iter()
            .chain(files("site-template", &[""]))
            .filter(is_license),
    );
    let listed = licenses
        .iter()
        .map(|path| format!("\"{path}\""))
        .collect::<Vec<_>>()
        .join(", ");
    assert!(
        read("pyproject.toml").contains(&format!("\nlicense-files = [{listed}]\n")),
        "expected {listed}"
    );
}

/// Words that open a question, with which a comment that states what a thing is does not begin.
const QUESTIONS: &[&str] = &[
    "What", "Whether", "Where", "How", "Why", "Who", "That", "Its",
];

/// Comments that begin with one of [`QUESTIONS`], of a hundred.
const MAX_QUESTIONS: usize = 3;

#[test]
fn comments_state_what_a_thing_is() {
    let (mut all, mut questions) = (0, 0);
    for path in rust_files() {
        let mut was_comment = false;
        for line in read(&path).lines() {
            let text = line.trim_start();
            let comment = text
                .strip_prefix("///")
                .or_else(|| text.strip_prefix("//!"));
            if let (Some(comment), false) = (comment, was_comment) {
                all += 1;
                let first = comment.split_whitespace().next().unwrap_or_default();
                questions += usize::from(QUESTIONS.contains(&first));
            }
            was_comment = comment.is_some();
        }
    }
    assert!(
        questions * 100 < all * MAX_QUESTIONS,
        "{questions} of {all} comments begin with one of {QUESTIONS:?}"
    );
}

/// Names that the vocabulary replaced: metaphors, and words that named two things.
const REPLACED: &[&str] = &[
    "Basin",
    "Companions",
    "Desk",
    "Drawer",
    "Easel",
    "Fitness",
    "Flaw",
    "Material",
    "Oddity",
    "OddityKind",
    "PackageCase",
    "Patience",
    "Pointing",
    "Relatives",
    "Shelf",
    "Survey",
    "Workbench",
    "Workplace",
    "doors",
    "lettering",
];

#[test]
fn no_replaced_name_returns() {
    let is_part = |it: char| it.is_alphanumeric() || it == '_';
    let mut found = Vec::new();
    for path in rust_files() {
        if path.starts_with("xtask/tests/tidy/") {
            continue;
        }
        for (index, line) in read(&path).lines().enumerate() {
            let words = line.split(|it| !is_part(it));
            let old = words.filter(|word| REPLACED.contains(word));
            found.extend(old.map(|word| format!("{path}:{}: {word}", index + 1)));
        }
    }
    assert!(
        found.is_empty(),
        "use the word of today:\n{}",
        found.join("\n")
    );
}
