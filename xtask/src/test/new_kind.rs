//! Step `seventh-kind`: the worked example of CONTRIBUTING.md compiles, and a store with a host of
//! that kind builds.

use std::ffi::OsStr;
use std::path::Path;

use super::TestHarness;
use shopfront_diagnostics::error::Error;

/// Copy of the repository, in which the store of the new kind is built.
const COPY: &str = "test-seventh-kind";
const STORE: &str = "test-seventh-store";
/// Target directory of the copy.
const TARGET: &str = "test-seventh-target";

/// Sources of the program.
const SOURCES: &[&str] = &[".cargo", ".github", "crates", "docs", "schema", "xtask"];
const FILES: &[&str] = &["Cargo.toml", "Cargo.lock"];

/// Insertions of the example: a file, the existing text, and the text added after it.
const LINES: &[(&str, &str, &str)] = &[
    (
        "crates/shopfront-hosts/src/lib.rs",
        "mod fuel;\n",
        "mod lantern;\n",
    ),
    (
        "crates/shopfront-hosts/src/lib.rs",
        "    &fuel::KIND,\n",
        "    &lantern::KIND,\n",
    ),
];

/// Store with one host of the kind, and a package that only its manifest identifies.
const CATALOGUE: &[(&str, &str)] = &[
    (
        "catalogue/store.json",
        r#"{"id": "wiki", "title": "Wiki", "description": "Plugins for a wiki.", "url": "https://wiki.example/"}"#,
    ),
    (
        "catalogue/lantern/host.json",
        r#"{"kind": "lantern", "title": "Lantern", "description": "A wiki of one's own.", "versions": ["1", "2"]}"#,
    ),
];

/// Builds the copy with the example, then the store.
pub(super) fn run(bench: &TestHarness<'_>) -> Vec<String> {
    let faults = prepared(bench).unwrap_or_else(|error| vec![error.to_string()]);
    if !faults.is_empty() {
        return faults;
    }
    let copy = bench.folder(COPY);
    // In a separate directory: cargo considers the copy the same package, and would confuse the two
    // programs.
    let target = bench.folder(TARGET);
    let variables = [("CARGO_TARGET_DIR", target.as_os_str())];
    let faults = bench.run_in(
        &copy,
        Path::new("cargo"),
        &["build", "--package", "shopfront", "--offline"],
        &variables,
    );
    if faults.is_empty() {
        built(bench, &target.join("debug/shopfront"))
    } else {
        faults
    }
}

/// Copies the repository, and adds the files and lines of the example to the copy.
fn prepared(bench: &TestHarness<'_>) -> Result<Vec<String>, Error> {
    let copy = bench.empty_folder(COPY)?;
    for folder in SOURCES {
        bench.copy_folder(folder, &bench.empty_folder(&format!("{COPY}/{folder}"))?)?;
    }
    for file in FILES {
        bench.write(&copy, file, &bench.text(&bench.root, file)?)?;
    }
    for file in bench.files_in(&bench.root.join("site-template"))? {
        let path = format!("site-template/{file}");
        bench.write(&copy, &path, &bench.text(&bench.root, &path)?)?;
    }
    bench.copy_folder(
        "site-template/words",
        &bench.empty_folder(&format!("{COPY}/site-template/words"))?,
    )?;
    let guide = bench.text(&bench.root, "CONTRIBUTING.md")?;
    let shown = shown_files(&guide);
    let mut faults = Vec::new();
    if shown.len() != 2 {
        faults.push(format!(
            "CONTRIBUTING.md shows {} files of the new kind, and not 2",
            shown.len()
        ));
    }
    for (path, text) in shown {
        bench.write(&copy, path, &text)?;
    }
    for (path, after, line) in LINES {
        let text = bench.text(&copy, path)?;
        if !text.contains(after) {
            faults.push(format!(
                "{path} has no line to put `{}` behind",
                line.trim()
            ));
        }
        bench.write(
            &copy,
            path,
            &text.replacen(after, &format!("{after}{line}"), 1),
        )?;
    }
    Ok(faults)
}

/// Returns the files of the new kind: a path in backticks on a line of its own, followed by a code
/// fence.
fn shown_files(guide: &str) -> Vec<(&str, String)> {
    let mut files = Vec::new();
    let mut lines = guide.lines().peekable();
    while let Some(line) = lines.next() {
        let path = line
            .strip_prefix('`')
            .and_then(|rest| rest.strip_suffix('`'))
            .filter(|path| path.contains("lantern"));
        let (Some(path), true) = (
            path,
            lines.peek().is_some_and(|next| next.starts_with("```")),
        ) else {
            continue;
        };
        lines.next();
        let body: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        files.push((path, body.join("\n") + "\n"));
    }
    files
}

fn built(bench: &TestHarness<'_>, program: &Path) -> Vec<String> {
    let written = bench.empty_folder(STORE).and_then(|store| {
        CATALOGUE
            .iter()
            .try_for_each(|(path, text)| bench.write(&store, path, text))?;
        Ok(store)
    });
    let store = match written {
        Ok(store) => store,
        Err(error) => return vec![error.to_string()],
    };
    let no_variables: [(&str, &OsStr); 0] = [];
    let run = |arguments: &[&str]| bench.run_in(&store, program, arguments, &no_variables);
    let mut faults = run(&["fmt"]);
    faults.extend(run(&["check"]));
    faults.extend(run(&["build", "--offline"]));
    let page = bench
        .text(&store, "dist/lantern/index.html")
        .unwrap_or_default();
    if !page.contains("Lantern") {
        faults.push("the store has no page for the new host".to_owned());
    }
    faults
}
