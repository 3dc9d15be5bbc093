//! Every fault: its fixtures give the report that stands beside them, its page shows what gives and
//! what cures it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use shopfront::commands::check::{self, Options};
use shopfront::commands::{examine, inspect};
use shopfront::report::{Format, Links, RenderOptions};
use shopfront_check::checks::{ALL, Rule};

use crate::golden;
use crate::scratch::{Scratch, fixtures};
use crate::wheels;

/// Faults that no folder of files can show: they have tests of their own.
const WITHOUT_FIXTURE: &[&str] = &["too-many-files"];

/// The report of a store; held against its commit, when it has one.
pub(crate) fn report(scratch: &Scratch, format: Format) -> String {
    let since = scratch
        .path()
        .join(".git")
        .exists()
        .then(|| "HEAD".to_owned());
    let look = RenderOptions {
        color: false,
        columns: 100,
    };
    let options = Options {
        paths: Vec::new(),
        since,
        asking: None,
        format,
        look,
        links: Links::default(),
    };
    check::run(&scratch.workspace(), &options).unwrap().stdout
}

/// What `inspect` says of the packages of a case that has some, each for the host that its base is
/// of; else what `check` says.
pub(crate) fn report_of_case(scratch: &Scratch, case: &Path, format: Format) -> String {
    let packages = wheels::build_all(case, scratch.path());
    if packages.is_empty() {
        report(scratch, format)
    } else {
        packages
            .iter()
            .map(|it| faults_of_package(scratch, it, format))
            .collect()
    }
}

pub(crate) fn faults_of_package(scratch: &Scratch, path: &str, format: Format) -> String {
    let workspace = scratch.workspace();
    let examined = examine::files_only(&workspace).unwrap();
    let host = if path.contains("datasette") {
        "datasette"
    } else {
        "fiab"
    };
    // Packages of other kinds are known by their looks.
    let host = examined
        .catalogue
        .host_named(host)
        .ok()
        .filter(|_| wheels::is_for_python(path));
    let (package, found) =
        inspect::one(&workspace, &examined, &scratch.path().join(path), host).unwrap();
    let look = RenderOptions {
        color: false,
        columns: 100,
    };
    let told = examine::report_with(&workspace, &found, package.texts(), format, look).unwrap();
    told.replace(&format!("{}/", scratch.path().display()), "")
}

pub(crate) fn folders(of: &Path) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = fs::read_dir(of)
        .unwrap()
        .map(|it| it.unwrap().path())
        .filter(|it| it.is_dir())
        .collect();
    all.sort();
    all
}

/// The cases of a code; what a store was `before` is none.
pub(crate) fn cases(code: &Path) -> Vec<PathBuf> {
    folders(code)
        .into_iter()
        .filter(|case| name(case) != "before")
        .collect()
}

/// The small store with `case` over it. A fault that shows only against the past has a commit below
/// it: the small store with the folder `before`, where there is one.
pub(crate) fn store_of(code: &Path, case: &Path) -> Scratch {
    let scratch = Scratch::base();
    let is_of_past = ALL
        .iter()
        .any(|check| check.code.name == name(code) && matches!(check.rule, Rule::History(_)));
    if is_of_past {
        let before = code.join("before");
        if before.is_dir() {
            scratch.overlay(&before);
        }
        scratch.commit();
    }
    scratch.overlay(case);
    scratch
}

/// Gives each folder of the catalogue that has no `host.json` the one of `fixtures/hosts`, where
/// that has such a host: pages show files of hosts that the small store lacks.
fn give_hosts(scratch: &Scratch) {
    for folder in folders(&scratch.path().join("catalogue")) {
        let known = fixtures()
            .join("hosts")
            .join(format!("{}.json", name(&folder)));
        if known.is_file() && !folder.join("host.json").exists() {
            fs::copy(known, folder.join("host.json")).unwrap();
        }
    }
}

pub(crate) fn name(path: &Path) -> String {
    path.file_name().unwrap().to_str().unwrap().to_owned()
}

#[test]
fn every_fixture_gives_the_report_beside_it() {
    let mut differences = Vec::new();
    for code in folders(&fixtures().join("checks")) {
        for case in cases(&code) {
            let scratch = store_of(&code, &case);
            differences.extend(golden::difference(
                &case.join("report.txt"),
                &report_of_case(&scratch, &case, Format::Human),
            ));
        }
    }
    golden::assert_none(&differences);
}

#[test]
fn a_bad_case_gives_its_code_and_a_cured_one_or_near_miss_gives_nothing() {
    let mut wrong = Vec::new();
    for code in folders(&fixtures().join("checks")) {
        for case in cases(&code) {
            let expected = fs::read_to_string(case.join("report.txt")).unwrap_or_default();
            let is_silent = name(&case).starts_with("cured")
                || name(&case).starts_with("near-miss")
                || name(&case) == "withdrawn";
            let told: Vec<&str> = expected
                .lines()
                .filter(|line| line.starts_with("error[") || line.starts_with("warning["))
                .collect();
            let given = told
                .iter()
                .filter(|line| line.contains(&format!("[{}]", name(&code))))
                .count();
            // That it is no wheel is told of every source distribution, however sound.
            let others = told
                .iter()
                .filter(|line| !line.starts_with("warning[no-wheel]"))
                .count();
            let is_wrong = if is_silent {
                given + others > 0
            } else {
                given == 0
            };
            if is_wrong {
                wrong.push(format!("{}/{}", name(&code), name(&case)));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_fault_has_a_bad_case_a_cured_one_and_a_near_miss() {
    let mut missing = Vec::new();
    for check in ALL {
        let is_of_a_file =
            !matches!(check.rule, Rule::Build) && !WITHOUT_FIXTURE.contains(&check.code.name);
        for case in ["bad", "cured", "near-miss"] {
            let folder = fixtures().join("checks").join(check.code.name);
            if is_of_a_file
                && !folder.join(case).is_dir()
                && !folder.join(format!("{case}-1")).is_dir()
            {
                missing.push(format!("{}/{case}", check.code.name));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn every_fixture_folder_and_every_page_belongs_to_a_code() {
    let codes: BTreeSet<String> = ALL.iter().map(|check| check.code.name.to_owned()).collect();
    let of_fixtures: BTreeSet<String> = folders(&fixtures().join("checks"))
        .iter()
        .map(|it| name(it))
        .collect();
    let pages =
        fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/errors")).unwrap();
    let of_pages: BTreeSet<String> = pages
        .map(|it| name(&it.unwrap().path()).replace(".md", ""))
        .collect();
    assert_eq!(
        of_fixtures.difference(&codes).collect::<Vec<_>>(),
        Vec::<&String>::new()
    );
    assert_eq!(of_pages, codes);
}

/// The files that the section `heading` of a page shows: a path in backticks, then a fence with the
/// file; whether each is what stood there before.
fn shown_files(page: &str, heading: &str) -> Vec<(String, String, bool)> {
    let section = page
        .split("\n## ")
        .find(|section| section.starts_with(heading))
        .unwrap_or_default();
    let mut files = Vec::new();
    let mut path = None;
    let mut lines = section.lines();
    while let Some(line) = lines.next() {
        let (named, is_before) = line
            .strip_suffix(", before")
            .map_or((line, false), |named| (named, true));
        if line.starts_with("```") {
            let body: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            // What a terminal shows is no file; neither is the hexdump of one, or the list of a
            // folder.
            let file = path.take().filter(|(path, _): &(String, bool)| {
                line == "```json" || path.starts_with("dist/") || path.contains("/packages/")
            });
            files.extend(file.map(|(path, is_before)| (path, body.join("\n") + "\n", is_before)));
        } else if let Some(named) = named
            .strip_prefix('`')
            .and_then(|rest| rest.strip_suffix('`'))
            .filter(|it| !it.contains('`'))
        {
            path = Some((named.to_owned(), is_before));
        }
    }
    files
}

#[test]
fn every_page_shows_what_gives_the_fault_and_what_cures_it() {
    let mut wrong = Vec::new();
    for check in ALL {
        let code = check.code;
        for (heading, should_give) in [("A snippet that gives it", true), ("Put right", false)] {
            let files = shown_files(code.page, heading);
            if files.is_empty() {
                continue;
            }
            let scratch = Scratch::base();
            for (path, text, _) in files.iter().filter(|(_, _, is_before)| *is_before) {
                scratch.write(path, text);
            }
            if matches!(check.rule, Rule::History(_)) {
                scratch.commit();
            }
            for (path, text, _) in files.iter().filter(|(_, _, is_before)| !is_before) {
                scratch.write(path, text);
            }
            give_hosts(&scratch);
            // Files of a wheel are shown by their path in it:
            // `dist/example-1.0-py3-none-any.whl/example/__init__.py`.
            let told = report_of_case(&scratch, scratch.path(), Format::Json);
            if told.contains(&format!("\"code\": \"{}\"", code.name)) != should_give {
                wrong.push(format!("{}: {heading}\n{told}", code.name));
            }
        }
        let title = format!("# {}\n", code.name);
        if !code.page.starts_with(&title)
            || code.summary().is_empty()
            || !code.page.contains("\n## Why we insist\n")
        {
            wrong.push(format!("{}: the page lacks a part", code.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
