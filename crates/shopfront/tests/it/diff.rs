//! Tests of `diff`: every case is a directory with the store before and after, and the expected
//! reports.

use std::fs;
use std::path::Path;

use serde_json::Value;
use shopfront::commands::diff::{self, Options};
use shopfront::git::Repository;
use shopfront::report::{Format, Links, RenderOptions};
use shopfront_model::answers::ProjectKey;
use shopfront_model::registry_rules;

use crate::golden;
use crate::properties::inert;
use crate::scratch::{Scratch, fixtures, git};

/// Returns the links that a workflow passes.
fn links() -> Links {
    Links {
        store: None,
        files: Some("https://git.example/plugins/store/blob/0123abc/".to_owned()),
        preview: Some("https://git.example/plugins/store/actions/runs/1#artifacts".to_owned()),
    }
}

/// Returns the store of a case, with its branch checked out over the commit on which it is based.
fn branch(case: &Path) -> Scratch {
    let scratch = Scratch::base();
    if case.join("before").is_dir() {
        scratch.overlay(&case.join("before"));
    }
    scratch.commit();
    if case.join("after").is_dir() {
        scratch.overlay(&case.join("after"));
    }
    if case.ends_with("hostile") {
        // Names that not every system can check out.
        for name in [
            "@octocat [x](https://evil.example) `#1` | <b>/o.json",
            "a\n/merge @octocat.json",
        ] {
            scratch.write(&format!("catalogue/datasette/{name}"), "{}\n");
        }
    }
    // The answers of a branch are those that it commits.
    git(scratch.path(), &["add", "--all"]);
    scratch
}

fn run(scratch: &Scratch, author: Option<String>, format: Format, links: Links) -> (String, u8) {
    let look = RenderOptions {
        color: false,
        columns: 80,
    };
    let options = Options {
        since: Some("HEAD".to_owned()),
        author,
        asking: None,
        format,
        look,
        links,
    };
    let outcome = diff::run(&scratch.workspace(), &options).unwrap();
    let commit = Repository::open(scratch.workspace().root.as_path())
        .unwrap()
        .commit("HEAD")
        .unwrap();
    // The hash of the commit depends on every file of the small store.
    let index = registry_rules::page(&ProjectKey::pypi("x"));
    let index = index.split("/project/").next().unwrap();
    (
        outcome
            .stdout
            .replace(index, "https://index.example")
            .replace(&commit, &"0".repeat(40))
            .replace(&commit[..12], &"0".repeat(12)),
        outcome.exit,
    )
}

fn cases() -> Vec<std::path::PathBuf> {
    let mut all: Vec<_> = fs::read_dir(fixtures().join("diff"))
        .unwrap()
        .map(|it| it.unwrap().path())
        .collect();
    all.sort();
    all
}

#[test]
fn every_branch_gives_the_reports_beside_it() {
    let mut differences = Vec::new();
    for case in cases() {
        let scratch = branch(&case);
        let author = fs::read_to_string(case.join("author.txt"))
            .ok()
            .map(|it| it.trim().to_owned());
        for (format, file) in [
            (Format::Human, "report.txt"),
            (Format::Json, "report.json"),
            (Format::Markdown, "report.md"),
            (Format::Github, "annotations.txt"),
        ] {
            let (told, exit) = run(&scratch, author.clone(), format, links());
            let told = if format == Format::Human {
                format!("{told}\nexit {exit}\n")
            } else {
                told
            };
            differences.extend(golden::difference(&case.join(file), &told));
        }
    }
    golden::assert_none(&differences);
}

#[test]
fn the_exit_code_says_what_the_data_say() {
    for case in cases() {
        let author = fs::read_to_string(case.join("author.txt"))
            .ok()
            .map(|it| it.trim().to_owned());
        let (told, exit) = run(&branch(&case), author, Format::Json, Links::default());
        let document: Value = serde_json::from_str(&told).unwrap();
        let expected = match document["verdict"]["value"].as_str().unwrap() {
            "good" => 0,
            "refused" => 1,
            "look" => 3,
            other => panic!("{other}"),
        };
        assert_eq!(exit, expected, "{case:?}");
        assert_eq!(
            document["verdict"]["reasons"]
                .as_array()
                .unwrap()
                .is_empty(),
            exit == 0,
            "{case:?}"
        );
    }
}

#[test]
fn nothing_that_a_stranger_wrote_is_live_in_a_comment() {
    for case in cases() {
        // Their login is untrusted text, too.
        let author = Some("@mira](https://evil.example) `/merge` #1".to_owned());
        let (told, _) = run(
            &branch(&case),
            author.clone(),
            Format::Markdown,
            Links::default(),
        );
        let ours = ["https://plugins.example/store/errors/"];
        let strange: Vec<String> = inert::links(&told)
            .into_iter()
            .filter(|it| !ours.iter().any(|our| it.starts_with(our)))
            .collect();
        assert_eq!(strange, Vec::<String>::new(), "{case:?}\n{told}");
        inert::assert_words_are_inert(&told);

        let (linked, _) = run(&branch(&case), author, Format::Markdown, links());
        let ours = [
            "https://plugins.example/store/errors/",
            "https://git.example/plugins/store/",
        ];
        assert!(
            inert::links(&linked)
                .iter()
                .all(|it| ours.iter().any(|our| it.starts_with(our))),
            "{case:?}\n{linked}"
        );
    }
}

#[test]
fn a_comment_never_grows_beyond_what_github_takes() {
    let scratch = Scratch::base();
    scratch.commit();
    for number in 0..400 {
        let text = format!(
            "{{\n  \"display_name\": \"{}\",\n  \"x{number}\": 1\n}}\n",
            "|`é".repeat(150)
        );
        scratch.write(&format!("catalogue/datasette/many-{number}.json"), &text);
    }
    let (told, exit) = run(&scratch, None, Format::Markdown, links());
    assert_eq!(exit, 1);
    assert!(told.len() <= 60_000, "{}", told.len());
    assert!(
        told.starts_with("## Refused\n") && told.contains(" more faults are left out here.\n"),
        "{}",
        &told[..400]
    );
    assert!(told.contains("`cargo xtask diff` shows all of it.\n"));
    assert!(
        told.contains("\n### What changes\n") && told.contains(" more rows are left out here.\n")
    );
    assert!(
        inert::cells(&told)
            .iter()
            .all(|count| matches!(count, 4 | 5)),
        "{:?}",
        inert::cells(&told)
    );
}

#[test]
fn where_a_revision_has_no_answers_those_of_today_speak_for_both_sides() {
    let case = fixtures().join("diff/answers-of-its-own");
    let versions = |scratch: &Scratch| {
        let (told, _) = run(scratch, None, Format::Json, Links::default());
        let document: Value = serde_json::from_str(&told).unwrap();
        document["changed"][0]["version"].clone()
    };
    assert_eq!(
        versions(&branch(&case)),
        serde_json::json!({"from": "6.0.0", "to": "6.1.0"})
    );
    for committed in ["answers/\n", "# Nothing.\n"] {
        let scratch = Scratch::base();
        scratch.write(".gitignore", committed);
        // Committed or not, this changes nothing.
        scratch.write("answers/pypi/fiab-plugin-ecmwf.json", "{}\n");
        scratch.commit();
        scratch.overlay(&case.join("after"));
        assert_eq!(
            versions(&scratch),
            serde_json::json!({"from": "6.1.0", "to": "6.1.0"}),
            "{committed}"
        );
    }
}

#[test]
fn without_a_revision_a_branch_is_compared_with_where_it_began() {
    let scratch = Scratch::base();
    scratch.commit();
    let git = |arguments: &[&str]| git(scratch.path(), arguments);
    git(&["switch", "--quiet", "--create", "topic"]);
    let path = scratch.path().join("catalogue/fiab/ecmwf.json");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(
        &path,
        text.replace("Sources, transforms", "All sources, transforms"),
    )
    .unwrap();
    scratch.commit();
    // Commits of others since then are not changes of this branch.
    git(&["switch", "--quiet", "main"]);
    scratch.write("catalogue/README.md", "Merged in between.\n");
    scratch.commit();
    git(&["switch", "--quiet", "topic"]);
    let options = |since: Option<&str>| Options {
        since: since.map(str::to_owned),
        author: Some("ECMWF-Example".to_owned()),
        asking: None,
        format: Format::Json,
        look: RenderOptions {
            color: false,
            columns: 80,
        },
        links: Links::default(),
    };
    let outcome = diff::run(&scratch.workspace(), &options(None)).unwrap();
    let told: Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(
        (
            outcome.exit,
            told["changed"].as_array().unwrap().len(),
            &told["files"]
        ),
        (0, 1, &Value::Array(Vec::new())),
        "{told:#}"
    );

    let fault = diff::run(&scratch.workspace(), &options(Some("no-such-revision"))).unwrap_err();
    assert!(fault.to_string().contains("no-such-revision"), "{fault}");
    assert!(diff::run(&scratch.workspace(), &options(Some("--output=x"))).is_err());
    assert!(
        diff::run(&Scratch::base().workspace(), &options(None)).is_err(),
        "a folder without git has no past"
    );
}
