//! Tests of `init`: a new store is valid from the start, and no existing file is lost.

use std::cell::RefCell;
use std::fs;
use std::path::Path;

use serde_json::Value;
use shopfront::commands::check;
use shopfront::commands::examine::Workspace;
use shopfront::commands::init::{self, Options, PROGRAM};
use shopfront::outcome::Outcome;
use shopfront::report::{Format, Links};
use shopfront_diagnostics::error::Error;

use crate::scratch::{Scratch, git};

fn init(directory: &Path, change: impl FnOnce(&mut Options)) -> Result<Outcome, Error> {
    let mut options = Options {
        directory: directory.to_path_buf(),
        ..Options::default()
    };
    change(&mut options);
    init::run_with(&options, None)
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// Returns the output and exit code of `check`.
fn checked(directory: &Path) -> (String, u8) {
    let options = check::Options {
        paths: Vec::new(),
        since: None,
        asking: None,
        format: Format::Human,
        look: crate::support::LOOK,
        links: Links::default(),
    };
    let outcome = check::run(&Workspace::open(directory).unwrap(), &options).unwrap();
    (outcome.stdout, outcome.exit)
}

fn json(directory: &Path, path: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(directory.join(path)).unwrap()).unwrap()
}

fn files(directory: &Path) -> Vec<String> {
    let mut paths = Vec::new();
    for entry in walkdir::WalkDir::new(directory)
        .into_iter()
        .map(Result::unwrap)
        .filter(|it| it.file_type().is_file())
    {
        paths.push(
            entry
                .path()
                .strip_prefix(directory)
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned(),
        );
    }
    paths.sort();
    paths
}

#[test]
fn a_new_store_passes_its_own_check() {
    let scratch = Scratch::empty();
    let directory = scratch.path().join("datasette-plugins");
    let outcome = init(&directory, |_| {}).unwrap();
    assert_eq!(checked(&directory), (String::new(), 0));
    let expected = [
        ".gitattributes",
        ".github/ISSUE_TEMPLATE/list-my-plugin.yml",
        ".github/actions/shopfront/action.yml",
        ".github/dependabot.yml",
        ".github/workflows/comment.yml",
        ".github/workflows/listing.yml",
        ".github/workflows/program.yml",
        ".github/workflows/publish.yml",
        ".github/workflows/pull-request.yml",
        ".gitignore",
        ".vscode/settings.json",
        "README.md",
        "catalogue/datasette/example.json",
        "catalogue/datasette/host.json",
        "catalogue/store.json",
    ];
    assert_eq!(files(&directory), expected);
    assert_eq!(
        json(&directory, "catalogue/store.json")["title"],
        "Datasette Plugins"
    );
    assert_eq!(
        json(&directory, "catalogue/datasette/host.json")["distribution"],
        "datasette"
    );
    for path in expected {
        assert!(
            outcome.stderr.contains(&format!("wrote {path}\n")),
            "{path}"
        );
    }
    assert!(
        outcome
            .stderr
            .contains(&format!("--root {} serve", directory.display()))
    );
    assert!(
        outcome
            .stderr
            .contains("https://datasette-plugins.example/")
    );
    assert_eq!(outcome.stdout, "");
}

#[test]
fn every_kind_and_every_odd_folder_gives_a_store_without_a_finding() {
    let scratch = Scratch::empty();
    let long = "a".repeat(120);
    for folder in [
        "plugins",
        "My Store!",
        "日本",
        "api",
        "7zip-plugins",
        "de",
        "Größe",
        "a.b_c",
        "x-store.json",
        long.as_str(),
    ] {
        for kind in ["python", "fiab"] {
            let directory = scratch.path().join(kind).join(folder);
            init(&directory, |options| options.kind = some(kind)).unwrap();
            assert_eq!(checked(&directory), (String::new(), 0), "{folder}, {kind}");
        }
    }
}

#[test]
fn options_say_what_the_folder_does_not() {
    let scratch = Scratch::empty();
    let all = |options: &mut Options| {
        options.id = some("images");
        options.title = some("Images & more");
        options.url = some("https://Team.example/Plugins");
        options.kind = some("python");
        options.host = some("napari");
        options.distribution = some("Napari.Viewer");
    };
    let outcome = init(scratch.path(), all).unwrap();
    assert_eq!(checked(scratch.path()), (String::new(), 0));
    let store = json(scratch.path(), "catalogue/store.json");
    assert_eq!(
        (&store["id"], &store["title"], &store["url"]),
        (
            &"images".into(),
            &"Images & more".into(),
            &"https://team.example/Plugins/".into()
        )
    );
    let snippet = json(scratch.path(), "catalogue/napari/example.json");
    assert_eq!(snippet["source"]["pypi"], "napari-viewer-example");
    assert!(snippet["comment"].as_str().unwrap().contains("`source`"));
    assert!(!outcome.stderr.contains("for now"));
    let editor = json(scratch.path(), ".vscode/settings.json");
    assert_eq!(
        editor["json.schemas"][2]["url"],
        "https://team.example/Plugins/schema/plugin-python.schema.json"
    );
    assert_eq!(
        editor["json.schemaDownload.trustedDomains"]["https://team.example/Plugins/schema/"],
        true
    );
}

#[test]
fn a_folder_that_holds_something_is_left_alone() {
    for path in [
        "catalogue/store.json",
        ".gitignore",
        "README-first/notes",
        "a.txt",
    ] {
        let scratch = Scratch::empty();
        scratch.write(path, "mine\n");
        let fault = init(scratch.path(), |_| {}).err().map(|it| it.to_string());
        let first = path.split('/').next().unwrap();
        assert!(
            fault.is_some_and(|it| it.ends_with(&format!("is not empty: it holds `{first}`"))),
            "{path}"
        );
        assert_eq!(files(scratch.path()), [path]);
    }
    let scratch = Scratch::empty();
    scratch.write("file", "mine\n");
    assert!(init(&scratch.path().join("file"), |_| {}).is_err());
}

#[test]
fn what_a_new_repository_begins_with_stays_as_it_is() {
    let scratch = Scratch::empty();
    for path in [".git/config", "README.md", "LICENSE", "LICENCE.txt"] {
        scratch.write(path, "mine\n");
    }
    let outcome = init(scratch.path(), |_| {}).unwrap();
    assert!(!outcome.stderr.contains("README.md"));
    assert!(outcome.stderr.contains("cargo install --locked --git "));
    assert_eq!(
        fs::read_to_string(scratch.path().join("README.md")).unwrap(),
        "mine\n"
    );
    assert_eq!(checked(scratch.path()), (String::new(), 0));
}

#[test]
fn a_store_of_every_kind_has_no_fault_and_can_be_built() {
    for kind in shopfront_hosts::ALL {
        let scratch = Scratch::empty();
        init(scratch.path(), |it| it.kind = some(kind.name)).unwrap();
        assert_eq!(checked(scratch.path()), (String::new(), 0), "{}", kind.name);
        let told = crate::support::built(&scratch, None);
        assert!(
            told.contains("published 1 plugin of 1 host"),
            "{}: {told}",
            kind.name
        );
    }
}

#[test]
fn an_option_that_can_not_be_is_refused_before_anything_is_written() {
    type Change = fn(&mut Options);
    let cases: &[(Change, &str)] = &[
        (
            |it| it.id = some("My Store"),
            "`My Store` can not be the short name of the store",
        ),
        (|it| it.title = some("<b>Store</b>"), "not plain text"),
        (
            |it| it.title = some(&"x".repeat(61)),
            "longer than 60 characters",
        ),
        (
            |it| it.url = some("team.example"),
            "an address begins with `https://`",
        ),
        (
            |it| it.kind = some("pyhton"),
            "(bitcart, fiab, fuel, node-red, oko, python): there is none of that name",
        ),
        (|it| it.host = some("api"), "need that name themselves"),
        (
            |it| it.distribution = some("datasette>=1"),
            "not the name of a project",
        ),
        (
            |it| (it.kind, it.distribution) = (some("fiab"), some("x")),
            "says nothing to a host of the kind `fiab`",
        ),
        (|it| it.distribution = some(&"x".repeat(201)), "catalogue/"),
    ];
    for (change, expected) in cases {
        let scratch = Scratch::empty();
        let fault = init(scratch.path(), change).err().unwrap().to_string();
        assert!(fault.contains(expected), "{fault}");
        assert_eq!(files(scratch.path()), Vec::<String>::new());
    }
}

#[test]
fn somebody_who_is_there_is_asked_until_the_answer_is_one() {
    let scratch = Scratch::empty();
    let asked = RefCell::new(Vec::new());
    let answers = RefCell::new(
        vec![
            "Weather",
            "weather",
            "",
            "ftp://team.example/",
            "https://team.example/",
            "fiab",
            "",
        ]
        .into_iter(),
    );
    let ask = |question: &str, default: &str| {
        asked.borrow_mut().push(question.to_owned());
        let answer = answers.borrow_mut().next().unwrap();
        Ok(if answer.is_empty() {
            default.to_owned()
        } else {
            answer.to_owned()
        })
    };
    let options = Options {
        directory: scratch.path().join("new"),
        ..Options::default()
    };
    init::run_with(&options, Some(&ask)).unwrap();
    // The name and the URL were prompted for twice. The kind fiab needs no distribution.
    assert_eq!(asked.borrow().len(), 7);
    let store = json(&options.directory, "catalogue/store.json");
    assert_eq!(
        (&store["id"], &store["title"], &store["url"]),
        (
            &"weather".into(),
            &"Weather".into(),
            &"https://team.example/".into()
        )
    );
    assert!(options.directory.join("catalogue/fiab/demo.json").is_file());
}

#[test]
fn the_workflows_take_one_commit_of_the_program_and_pin_every_action() {
    let scratch = Scratch::empty();
    init(scratch.path(), |_| {}).unwrap();
    let text = |path: &str| fs::read_to_string(scratch.path().join(path)).unwrap();
    // Most of them are workflows of this repository. Actions that the others pin are also pinned by
    // this repository.
    let own_folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.github");
    let own: String = files(&own_folder)
        .iter()
        .map(|path| fs::read_to_string(own_folder.join(path)).unwrap())
        .collect();
    for path in files(scratch.path()) {
        let text = text(&path);
        let is_left = |word: &str| word.starts_with('@') && word.ends_with('@') && word.len() > 2;
        assert!(
            !text.split(['/', ' ', '`', '\n', '-', '.']).any(is_left),
            "{path}"
        );
        for line in text.lines().filter(|line| {
            path.ends_with(".yml") && line.contains("uses: ") && !line.contains("/.github/")
        }) {
            let (action, version) = line
                .split_once("uses: ")
                .unwrap()
                .1
                .split_once(" # ")
                .unwrap();
            let hash = action.split_once('@').unwrap().1;
            assert!(
                hash.len() == 40 && version.starts_with('v'),
                "{path}: {line}"
            );
            // Actions that this repository pins are also pinned by the next new store.
            assert!(
                own.contains(hash),
                "{path}: {line}: this repository pins another"
            );
        }
    }
    assert!(
        text(".github/workflows/pull-request.yml")
            .contains(&format!("  {PROGRAM} diff --since HEAD^1 "))
    );
    assert!(text(".github/actions/shopfront/action.yml").contains(env!("CARGO_PKG_REPOSITORY")));
    let revision = text(".github/actions/shopfront/action.yml")
        .lines()
        .find_map(|line| line.trim().strip_prefix("default: ").map(str::to_owned))
        .unwrap();
    assert!(text("README.md").contains(&format!("--rev {} ", revision.trim_matches('"'))));
}

#[test]
fn the_program_is_called_what_a_new_store_calls_it() {
    let name = std::path::Path::new(env!("CARGO_BIN_EXE_shopfront"))
        .file_stem()
        .and_then(|stem| stem.to_str());
    assert_eq!(
        name,
        Some(PROGRAM),
        "the constant and the name of the binary are one"
    );
}

#[test]
fn a_new_store_compiles_the_program_from_where_a_person_says_that_it_is() {
    let scratch = Scratch::empty();
    let text = |store: &str, path: &str| {
        fs::read_to_string(scratch.path().join(store).join(path)).unwrap()
    };
    let action = ".github/actions/shopfront/action.yml";
    let named = "https://code.corp.test/tools/shopfront";
    let told = init(&scratch.path().join("named"), |it| {
        it.program_repository = some(named)
    })
    .unwrap();
    assert!(
        text("named", action).contains(&format!("--git {named} --rev"))
            && text("named", "README.md").contains(&format!("({named})"))
    );
    assert!(!told.stderr.contains("placeholder"), "{}", told.stderr);
    // Nothing can be fetched from an address of documentation, and that is said before a workflow
    // fails.
    let told = init(&scratch.path().join("plain"), |_| {}).unwrap();
    let place = format!(
        "`{}` in {action}, README.md is a placeholder",
        env!("CARGO_PKG_REPOSITORY")
    );
    assert!(told.stderr.contains(&place), "{}", told.stderr);
    let refused = init(&scratch.path().join("bad"), |it| {
        it.program_repository = some("https://github.com/a/$(id)")
    })
    .unwrap_err();
    assert!(
        refused
            .to_string()
            .contains("is no repository of the program"),
        "{refused}"
    );
    assert!(!scratch.path().join("bad").exists());
}

#[test]
fn the_repository_of_a_checkout_is_that_of_its_remote() {
    let scratch = Scratch::empty();
    git(
        scratch.path(),
        &["init", "--quiet", "--initial-branch=main"],
    );
    assert_eq!(shopfront::git::origin_of(scratch.path()), None);
    git(
        scratch.path(),
        &[
            "remote",
            "add",
            "origin",
            "https://code.corp.test/tools/shopfront.git",
        ],
    );
    assert_eq!(
        shopfront::git::origin_of(scratch.path()).as_deref(),
        Some("https://code.corp.test/tools/shopfront.git")
    );
}
