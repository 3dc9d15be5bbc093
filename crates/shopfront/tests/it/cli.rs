//! Tests of the program as people and workflows start it: exit codes, streams, and the effects of
//! untrusted text.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;
use shopfront_check::checks::{ALL, Rule};
use shopfront_diagnostics::Needs;

use crate::golden;
use crate::scratch::{Scratch, fixtures};

/// Result of a run.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Returns the command of the program in `folder` as `cargo xtask` starts it. Of the environment,
/// it gets only the search path of programs.
fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shopfront"));
    command
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("CARGO", "cargo")
        .stdin(Stdio::null());
    command.envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
    command
}

pub(crate) fn run(folder: &Path, arguments: &[&str]) -> Ran {
    let output = command(folder, arguments).output().unwrap();
    Ran {
        code: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Returns a snippet for `datasette/` with additional lines of JSON before its last field.
pub(crate) fn snippet(project: &str, lines: &str) -> String {
    let module = project.replace('-', "_");
    format!(
        "{{\n  \"display_name\": \"Tide tables\",\n  \"display_description\": \"Shows tides.\",\n  \"author\": \"Mira Example\",\n  \
         \"source\": {{\n    \"pypi\": \"{project}\"\n  }},\n  {lines}\"module_name\": \"{module}\"\n}}\n"
    )
}

#[test]
fn what_is_nearly_right_is_refused_with_what_is_meant() {
    let scratch = Scratch::empty();
    scratch.write("dist/readme.txt", "Tides.\n");
    scratch.write("download", "PK");
    let cases: [(&[&str], &str); 3] = [
        (
            &["inspect", "dist"],
            "dist is a folder, and no package file",
        ),
        (
            &["inspect", "download"],
            "A package that was saved under another name has to get such a name",
        ),
        (
            &["init", "new", "--kind", "node-rde"],
            "= help: --kind node-red",
        ),
    ];
    for (arguments, expected) in cases {
        let ran = run(scratch.path(), arguments);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(
            ran.stderr.contains(expected),
            "{arguments:?}: {}",
            ran.stderr
        );
    }
}

#[test]
fn a_clean_store_ends_with_0_and_says_nothing_but_the_counts() {
    let scratch = Scratch::base();
    let ran = run(scratch.path(), &["check"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""));
    assert_eq!(
        ran.stderr,
        "0 errors, 0 warnings in 2 snippets of 2 hosts\n"
    );
}

#[test]
fn a_warning_ends_with_0_and_an_error_with_1() {
    let scratch = Scratch::base();
    let stated =
        fs::read_to_string(scratch.path().join("catalogue/datasette/graphql.json")).unwrap();
    scratch.write("catalogue/datasette/graphql.json", &format!("{stated}\n"));
    let ran = run(scratch.path(), &["check"]);
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    assert!(
        ran.stdout.starts_with("warning[not-canonical]"),
        "{}",
        ran.stdout
    );

    scratch.write("catalogue/datasette/tide-tables.json", "{}\n");
    assert_eq!(run(scratch.path(), &["check"]).code, 1);
}

#[test]
fn a_folder_that_is_not_there_ends_with_2_and_writes_nothing_to_stdout() {
    let scratch = Scratch::empty();
    let ran = run(scratch.path(), &["check", "--root", "elsewhere"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    assert!(
        ran.stderr
            .starts_with("error: opening the folder elsewhere: "),
        "{}",
        ran.stderr
    );
}

#[test]
fn an_unknown_command_ends_with_2_and_shows_the_usage() {
    let scratch = Scratch::empty();
    let ran = run(scratch.path(), &["chekc"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    assert!(
        ran.stderr.contains("'check'") && ran.stderr.contains("Usage: cargo xtask"),
        "{}",
        ran.stderr
    );
}

#[test]
fn an_empty_folder_is_told_how_to_begin() {
    let scratch = Scratch::empty();
    let ran = run(scratch.path(), &["check"]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.stdout.contains("error[missing-store]") && ran.stdout.contains("cargo xtask init"),
        "{}",
        ran.stdout
    );
}

#[test]
fn the_program_calls_itself_what_its_reader_calls_it() {
    let scratch = Scratch::empty();
    let installed = command(scratch.path(), &["check"])
        .env_remove("CARGO")
        .output()
        .unwrap();
    let told = String::from_utf8(installed.stdout).unwrap();
    assert!(
        told.contains("shopfront explain missing-store") && !told.contains("cargo xtask"),
        "{told}"
    );
}

#[test]
fn json_is_all_that_stands_on_stdout() {
    let scratch = Scratch::base();
    assert_eq!(
        run(scratch.path(), &["check", "--format", "json"]).stdout,
        "[]\n"
    );

    scratch.write("catalogue/datasette/tide-tables.json", "{}\n");
    let ran = run(scratch.path(), &["check", "--format", "json"]);
    let told: Vec<Value> = serde_json::from_str(&ran.stdout).unwrap();
    assert!(
        told.iter().all(|fault| fault["code"] == "missing-field"),
        "{}",
        ran.stdout
    );
    assert!(ran.stderr.contains("5 errors"), "{}", ran.stderr);
}

#[test]
fn only_the_faults_of_the_wanted_paths_are_told() {
    let scratch = Scratch::base();
    scratch.write("catalogue/datasette/tide-tables.json", "{}\n");
    for (path, code) in [
        ("catalogue/datasette/tide-tables.json", 1),
        ("./catalogue/datasette/tide-tables.json", 1),
        ("catalogue/datasette", 1),
        ("catalogue/datasette/", 1),
        ("catalogue", 1),
        (".", 1),
        ("catalogue/fiab", 0),
        ("catalogue/data", 2),
    ] {
        assert_eq!(run(scratch.path(), &["check", path]).code, code, "{path}");
    }
}

#[test]
fn fmt_check_tells_and_writes_nothing_and_fmt_writes() {
    let scratch = Scratch::base();
    let path = scratch.path().join("catalogue/datasette/graphql.json");
    let canonical = fs::read_to_string(&path).unwrap();
    let uneven = canonical.replace("  ", "    ");
    scratch.write("catalogue/datasette/graphql.json", &uneven);

    let told = run(scratch.path(), &["fmt", "--check"]);
    assert_eq!(told.code, 1);
    assert!(
        told.stdout.contains("warning[not-canonical]"),
        "{}",
        told.stdout
    );
    assert_eq!(fs::read_to_string(&path).unwrap(), uneven);

    let written = run(scratch.path(), &["fmt"]);
    assert_eq!(
        (written.code, written.stderr.as_str()),
        (0, "formatted catalogue/datasette/graphql.json\n")
    );
    assert_eq!(fs::read_to_string(&path).unwrap(), canonical);
    assert_eq!(run(scratch.path(), &["fmt", "--check"]).code, 0);
}

#[test]
fn explain_prints_the_page_and_suggests_for_a_code_that_there_is_not() {
    let scratch = Scratch::empty();
    let page = run(scratch.path(), &["explain", "duplicate-module"]);
    assert_eq!(page.code, 0);
    assert!(page.stdout.starts_with("# duplicate-module\n"));

    let list = run(scratch.path(), &["explain"]);
    assert_eq!(list.stdout.lines().count(), ALL.len());

    let unknown = run(scratch.path(), &["explain", "duplicate-modul"]);
    assert_eq!((unknown.code, unknown.stdout.as_str()), (2, ""));
    assert!(
        unknown.stderr.contains("did you mean `duplicate-module`?"),
        "{}",
        unknown.stderr
    );
}

#[test]
fn a_reader_that_goes_away_makes_no_panic() {
    let scratch = Scratch::empty();
    scratch.overlay(&fixtures().join("all-faults"));
    for arguments in [
        &["check"][..],
        &["check", "--format", "json"],
        &["explain"],
        &["--help"],
    ] {
        let mut child = command(scratch.path(), arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let mut stderr = String::new();
        child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut stderr)
            .unwrap();
        let code = child.wait().unwrap().code();
        assert!(
            code.is_some_and(|code| code <= 2) && !stderr.contains("panicked"),
            "{arguments:?} ended with {code:?}: {stderr}"
        );
    }
}

/// Location of a diagnostic in a file: a text that occurs once, with `«` and `»` around the span.
/// `None` is a diagnostic of the whole file, at 1:1.
type Place = (&'static str, &'static str, Option<&'static str>);

/// Every diagnostic of files with its expected location.
static PLACES: &[Place] = &[
    (
        "archived-project",
        "catalogue/datasette/archived-project.json",
        Some("\"pypi\": «\"datasette-old-ledgers\"»"),
    ),
    (
        "bad-asset",
        "catalogue/datasette/assets/bad-asset/icon.png",
        None,
    ),
    (
        "bad-file-name",
        "catalogue/datasette/Bad_File_Name.json",
        None,
    ),
    (
        "bad-library-name",
        "catalogue/node-red/library/flows/_bad-library-name.json",
        None,
    ),
    (
        "bad-url",
        "catalogue/datasette/bad-url.json",
        Some("\"homepage\": «\"http://192.168.10.4/pages\"»"),
    ),
    (
        "bidirectional-character",
        "catalogue/datasette/bidirectional-character.json",
        Some("«\"Shows snow \u{202e}ofni.rekcatta\u{202c} of every hut.\"»"),
    ),
    (
        "blank-text",
        "catalogue/datasette/blank-text.json",
        Some("\"author\": «\"   \"»"),
    ),
    (
        "byte-order-mark",
        "catalogue/datasette/byte-order-mark.json",
        None,
    ),
    (
        "circular-successor",
        "catalogue/datasette/circular-successor.json",
        Some("\"successor\": «\"circle-closed\"»"),
    ),
    (
        "confusable-name",
        "catalogue/datasette/graphql.json",
        Some("\"display_name\": «\"GraphQL API\"»"),
    ),
    (
        "control-character",
        "catalogue/datasette/control-character.json",
        Some("«\"Shows high water.\\nAnd low water.\"»"),
    ),
    (
        "credentials-in-flow",
        "catalogue/node-red/library/flows/credentials-in-flow.json",
        Some("\"credentials\": «{\"user\": \"mira\", \"password\": \"low-water\"}»"),
    ),
    (
        "duplicate-id",
        "catalogue/datasette/folder/duplicate_id.json",
        None,
    ),
    (
        "duplicate-item",
        "catalogue/datasette/duplicate-item.json",
        Some("\"stops\",\n    «\"buses\"»"),
    ),
    (
        "duplicate-key",
        "catalogue/datasette/duplicate-key.json",
        Some("«\"author\"»: \"Jonas Example\""),
    ),
    (
        "duplicate-module",
        "catalogue/datasette/graphql.json",
        Some("\"module_name\": «\"datasette_graphql\"»"),
    ),
    (
        "duplicate-plugin",
        "catalogue/fiab/ecmwf.json",
        Some("\"pypi\": «\"fiab-plugin-ecmwf\"»"),
    ),
    (
        "foreign-publisher",
        "catalogue/datasette/foreign-publisher.json",
        Some("«\"https://github.com/mira-example/boats\"»"),
    ),
    (
        "host-excluded",
        "catalogue/datasette/host-excluded.json",
        Some("\"pypi\": «\"datasette-former-glories\"»"),
    ),
    (
        "host-not-required",
        "catalogue/datasette/host-not-required.json",
        Some("\"pypi\": «\"datasette-lone-ranger\"»"),
    ),
    (
        "invisible-character",
        "catalogue/datasette/invisible-character.json",
        Some("\"display_description\": «\"Shows the depth of peat.\u{e0068}\u{e0069}\"»"),
    ),
    (
        "lost-attestation",
        "catalogue/datasette/lost-attestation.json",
        Some("\"pypi\": «\"datasette-unsigned-letters\"»"),
    ),
    (
        "malformed-flow",
        "catalogue/node-red/library/flows/malformed-flow.json",
        Some("\"type\": «7»"),
    ),
    (
        "malformed-value",
        "catalogue/datasette/malformed-value.json",
        Some("\"module_name\": «\"datasette-library-loans\"»"),
    ),
    (
        "markup-in-text",
        "catalogue/datasette/markup-in-text.json",
        Some("«\"Shows the <b>weather</b> of every day.\"»"),
    ),
    (
        "missing-asset",
        "catalogue/datasette/missing-asset.json",
        Some("\"icon\": «\"icon.png\"»"),
    ),
    (
        "missing-field",
        "catalogue/datasette/missing-field.json",
        Some("«{»\n  \"display_name\""),
    ),
    ("missing-host", "catalogue/napari/missing-host.json", None),
    ("missing-store", "catalogue/store.json", None),
    (
        "module-not-the-project",
        "catalogue/fiab/module-not-the-project.json",
        Some("\"module_name\": «\"hydro_blocks\"»"),
    ),
    (
        "no-core-release",
        "catalogue/fiab/no-core-release.json",
        Some("\"pypi\": «\"fiab-plugin-sea-ice\"»"),
    ),
    (
        "no-release",
        "catalogue/datasette/no-release.json",
        Some("\"pypi\": «\"datasette-empty-shelves\"»"),
    ),
    (
        "not-a-plain-project",
        "catalogue/datasette/not-a-plain-project.json",
        Some("\"pypi\": «\"datasette-cloud-atlas>=2.0\"»"),
    ),
    (
        "not-canonical",
        "catalogue/datasette/not-canonical.json",
        Some("«  \"author\": \"Mira Example\",»"),
    ),
    (
        "not-for-newest-core",
        "catalogue/fiab/not-for-newest-core.json",
        Some("\"pypi\": «\"fiab-plugin-air-quality\"»"),
    ),
    (
        "not-json",
        "catalogue/datasette/not-json.json",
        Some("\"https://tides.example/für-alle\"«,»"),
    ),
    ("not-utf8", "catalogue/datasette/not-utf8.json", None),
    (
        "only-prereleases",
        "catalogue/datasette/only-prereleases.json",
        Some("\"pypi\": «\"datasette-early-birds\"»"),
    ),
    (
        "only-yanked",
        "catalogue/datasette/only-yanked.json",
        Some("\"pypi\": «\"datasette-recalled-toys\"»"),
    ),
    ("out-of-range", "catalogue/metview/host.json", Some("«-1»")),
    (
        "quarantined-project",
        "catalogue/datasette/quarantined-project.json",
        Some("\"pypi\": «\"datasette-sealed-crates\"»"),
    ),
    ("reserved-id", "catalogue/datasette/library.json", None),
    ("stray-file", "catalogue/datasette/stray-file.txt", None),
    (
        "symbolic-link",
        "catalogue/datasette/symbolic-link.json",
        None,
    ),
    (
        "text-too-long",
        "catalogue/datasette/text-too-long.json",
        Some(
            "\"author\": «\"The very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very very patient walkers\"»",
        ),
    ),
    (
        "too-deep",
        "catalogue/datasette/too-deep.json",
        Some("«[»\"gauge\""),
    ),
    ("too-large", "catalogue/datasette/too-large.json", None),
    (
        "too-many-items",
        "catalogue/datasette/too-many-items.json",
        Some("«\"word 21\"»"),
    ),
    (
        "too-many-marks",
        "catalogue/datasette/too-many-marks.json",
        Some("\"author\": «\"Mi\u{304}\u{301}\u{308}\u{302}\u{30c}ra\"»"),
    ),
    (
        "undeclared-module",
        "catalogue/node-red/library/flows/undeclared-module.json",
        Some("\"type\": «\"tides\"»"),
    ),
    (
        "unknown-category",
        "catalogue/datasette/unknown-category.json",
        Some("«\"maps\"»"),
    ),
    (
        "unknown-field",
        "catalogue/datasette/unknown-field.json",
        Some("«\"home_page\"»: "),
    ),
    (
        "unknown-kind",
        "catalogue/jupyterlab/host.json",
        Some("\"kind\": «\"jupyterlab\"»"),
    ),
    (
        "unknown-license",
        "catalogue/datasette/unknown-license.json",
        Some("\"license\": «\"BSD\"»"),
    ),
    (
        "unknown-package",
        "catalogue/datasette/unknown-package.json",
        Some("\"pypi\": «\"datasette-vanished-villages\"»"),
    ),
    (
        "unknown-successor",
        "catalogue/datasette/unknown-successor.json",
        Some("\"successor\": «\"new-parcels\"»"),
    ),
    (
        "unknown-value",
        "catalogue/datasette/unknown-value.json",
        Some("\"state\": «\"archived\"»"),
    ),
    (
        "vulnerable-release",
        "catalogue/datasette/vulnerable-release.json",
        Some("\"pypi\": «\"datasette-leaky-barrels\"»"),
    ),
    (
        "wrong-type",
        "catalogue/datasette/wrong-type.json",
        Some("\"keywords\": «\"glacier, ice\"»"),
    ),
];

/// Diagnostics that this catalogue cannot trigger: 200,000 files are too many for a fixture, and
/// others concern other kinds of hosts.
const NOT_OF_ONE_CATALOGUE: &[&str] = &[
    "too-many-files",
    "equal-versions",
    "incomplete-archive",
    "manifest-alone",
    "missing-package",
    "name-mismatch",
    "taken-name",
    "unclear-source",
    "unsupported-host",
    "version-mismatch",
    "wrong-package",
    "wrong-version",
];

/// Returns the catalogue with one diagnostic of each kind.
fn all_faults() -> Scratch {
    let scratch = Scratch::empty();
    scratch.overlay(&fixtures().join("all-faults"));
    // Too large for the repository.
    scratch.write(
        "catalogue/datasette/too-large.json",
        &snippet(
            "datasette-large",
            &format!("\"comment\": \"{}\",\n  ", "long ".repeat(20_000)),
        ),
    );
    scratch
}

/// Returns the line and column, both from 1, of the two marks of `marked` in `text`.
fn position(text: &str, marked: &str) -> [usize; 4] {
    let plain = marked.replace(['«', '»'], "");
    assert_eq!(text.matches(&plain).count(), 1, "`{plain}` stands once");
    let start = text.find(&plain).unwrap() + marked.find('«').unwrap();
    let end = text.find(&plain).unwrap() + marked.find('»').unwrap() - '«'.len_utf8();
    let line = |at: usize| text[..at].matches('\n').count() + 1;
    let column = |at: usize| text[..at].rsplit('\n').next().unwrap().chars().count() + 1;
    [line(start), column(start), line(end), column(end)]
}

#[test]
fn one_catalogue_with_one_of_each_fault_is_told_each_once_and_in_its_place() {
    let scratch = all_faults();
    let ran = run(scratch.path(), &["check", "--format", "json"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);

    let told: Vec<Value> = serde_json::from_str(&ran.stdout).unwrap();
    let text = |fault: &Value, field: &str| fault[field].as_str().unwrap().to_owned();
    let number =
        |fault: &Value, field: &str| usize::try_from(fault[field].as_u64().unwrap()).unwrap();
    let mut actual = BTreeMap::new();
    for fault in &told {
        let range = ["line", "column", "end_line", "end_column"].map(|field| number(fault, field));
        let twice = actual.insert(text(fault, "code"), (text(fault, "path"), range));
        assert!(twice.is_none(), "{} is told twice", fault["code"]);
    }
    let expected: BTreeMap<String, (String, [usize; 4])> = PLACES
        .iter()
        .map(|(code, path, marked)| {
            let range = marked.map_or([1; 4], |marked| {
                position(
                    &fs::read_to_string(scratch.path().join(path)).unwrap(),
                    marked,
                )
            });
            ((*code).to_owned(), ((*path).to_owned(), range))
        })
        .collect();
    assert_eq!(actual, expected);
    golden::assert_none(&Vec::from_iter(golden::difference(
        &fixtures().join("all-faults/report.json"),
        &ran.stdout,
    )));
}

#[test]
fn the_catalogue_with_one_of_each_fault_has_every_fault() {
    let shown: BTreeSet<&str> = PLACES.iter().map(|(code, _, _)| *code).collect();
    let of_files = |check: &&&shopfront_check::checks::Check| {
        let is_of_files = !matches!(check.rule, Rule::Build | Rule::History(_))
            && check.code.needs != Needs::Package;
        is_of_files && !NOT_OF_ONE_CATALOGUE.contains(&check.code.name)
    };
    let all: BTreeSet<&str> = ALL
        .iter()
        .filter(of_files)
        .map(|check| check.code.name)
        .collect();
    assert_eq!(shown, all);
}
