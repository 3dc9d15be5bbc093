//! What a branch could hide from `diff`: where a file lies, how its name is written, what comes with it, how it is told.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;

use serde_json::Value;
use shopfront::commands::check::{self, Options as CheckOptions};
use shopfront::commands::diff::{self, Options};
use shopfront::commands::resolve;
use shopfront::report::{Format, Links};

use crate::repositories::differences;
use crate::scratch::{Scratch, fixtures, git};
use crate::support::{LOOK, age, ask, asking, ended, harbour, program, program_at};

const ENTRY: &str = "catalogue/fiab/ecmwf.json";

fn read(scratch: &Scratch, path: &str) -> String {
    fs::read_to_string(scratch.path().join(path)).unwrap()
}

/// Lets the entry say something else in a field that describes.
fn edit(scratch: &Scratch, path: &str) {
    let text = read(scratch, path);
    scratch.write(
        path,
        &text.replacen(
            "\"display_description\": \"",
            "\"display_description\": \"All of it: ",
            1,
        ),
    );
}

/// What `diff` tells the maintainer of the entry in `format`, and how it ends.
fn told(scratch: &Scratch, format: &str) -> (String, i32) {
    let arguments = [
        "diff",
        "--offline",
        "--since",
        "HEAD",
        "--author=ecmwf-example",
        "--format",
        format,
    ];
    let ended = ended(&mut program(scratch, &arguments));
    (ended.stdout + &ended.stderr, ended.exit)
}

/// A store with everything committed, as `prepare` leaves it.
fn committed(prepare: impl Fn(&Scratch)) -> Scratch {
    let scratch = Scratch::base();
    prepare(&scratch);
    scratch.commit();
    scratch
}

#[test]
fn a_maintainer_may_describe_an_entry_anew() {
    let scratch = committed(|_| {});
    edit(&scratch, ENTRY);
    let (text, exit) = told(&scratch, "human");
    assert_eq!(exit, 0, "{text}");
}

#[test]
fn a_folder_of_installed_packages_is_told_once_and_is_no_entry() {
    let scratch = committed(|_| {});
    for name in ["ecmwf", "other"] {
        scratch.write(&format!("catalogue/fiab/node_modules/{name}.json"), "{}\n");
    }
    let (text, exit) = told(&scratch, "human");
    assert_eq!((exit, text.matches("error[").count()), (1, 1), "{text}");
    assert!(
        text.contains("error[stray-file]: `catalogue/fiab/node_modules/ecmwf.json`"),
        "{text}"
    );

    // Where it is there already, it hides nothing, and may go.
    scratch.commit();
    edit(&scratch, ENTRY);
    let (text, exit) = told(&scratch, "human");
    assert_eq!(exit, 1, "{text}");
    assert!(
        text.contains("display_description") && !text.contains("only the form"),
        "{text}"
    );
    fs::remove_dir_all(scratch.path().join("catalogue/fiab/node_modules")).unwrap();
    let (text, exit) = told(&scratch, "human");
    assert_eq!(exit, 3, "{text}");
}

#[test]
fn a_second_file_of_an_entry_may_go() {
    let twin = |scratch: &Scratch| {
        let other = read(scratch, ENTRY)
            .replace("fiab-plugin-ecmwf", "fiab-plugin-other")
            .replace("fiab_plugin_ecmwf", "fiab_plugin_other");
        scratch.write("catalogue/fiab/a/ecmwf.json", &other);
    };
    for gone in [ENTRY, "catalogue/fiab/a/ecmwf.json"] {
        let scratch = committed(twin);
        let (text, exit) = told(&scratch, "human");
        assert!(exit == 1 && text.contains("error[duplicate-id]"), "{text}");
        fs::remove_file(scratch.path().join(gone)).unwrap();
        let (text, exit) = told(&scratch, "human");
        assert_eq!(exit, 3, "{gone}: {text}");
    }
}

#[test]
fn another_repository_in_the_place_of_an_entry_is_for_a_person() {
    for path in [
        "catalogue/fiab/sub/ecmwf.json",
        "catalogue/fiab/node_modules/ecmwf.json",
        "catalogue/fiab/new.json",
    ] {
        let scratch = committed(|_| {});
        let link = format!("160000,{},{path}", "01".repeat(20));
        git(
            scratch.path(),
            &["update-index", "--add", "--cacheinfo", &link],
        );
        assert_eq!(differences(&scratch, "HEAD"), (vec![path.to_owned()], 3));
    }
}

#[test]
fn a_snippet_that_moves_is_for_a_person() {
    let scratch = committed(|_| {});
    fs::create_dir(scratch.path().join("catalogue/fiab/forecasts")).unwrap();
    fs::rename(
        scratch.path().join(ENTRY),
        scratch.path().join("catalogue/fiab/forecasts/ecmwf.json"),
    )
    .unwrap();
    let (text, exit) = told(&scratch, "human");
    assert_eq!(exit, 3, "{text}");
    assert!(text.contains("`fiab/ecmwf` moves from `catalogue/fiab/ecmwf.json` to `catalogue/fiab/forecasts/ecmwf.json`"), "{text}");
}

#[test]
fn what_lies_beside_a_store_in_a_folder_is_outside_of_its_catalogue() {
    let (scratch, store) = (Scratch::empty(), Scratch::base());
    scratch.overlay_at(store.path(), "shop");
    scratch.write(".github/workflows/publish.yml", "on: push\n");
    scratch.commit();
    let told = || {
        let arguments = [
            "diff",
            "--offline",
            "--since",
            "HEAD",
            "--author=ecmwf-example",
            "--format",
            "json",
        ];
        let ended = ended(&mut program_at(&scratch.path().join("shop"), &arguments));
        let document: Value =
            serde_json::from_str(&ended.stdout).unwrap_or_else(|_| panic!("{}", ended.stderr));
        (document["outside"].clone(), ended.exit)
    };
    edit(&scratch, "shop/catalogue/fiab/ecmwf.json");
    assert_eq!(told(), (serde_json::json!([]), 0));
    scratch.write(".github/workflows/publish.yml", "on: pull_request\n");
    scratch.write("shop/site-template/base.html", "<p>\n");
    git(scratch.path(), &["add", "--all"]);
    assert_eq!(
        told(),
        (
            serde_json::json!([
                ".github/workflows/publish.yml",
                "shop/site-template/base.html"
            ]),
            3
        )
    );
}

#[test]
fn a_name_that_is_no_text_is_told_as_any_other() {
    let name = OsStr::from_bytes(b".github/workflows/ev\xffil.yml");
    for is_on_disk in [true, false] {
        let scratch = committed(|_| {});
        fs::create_dir_all(scratch.path().join(".github/workflows")).unwrap();
        fs::write(scratch.path().join(name), "on: push\n").unwrap();
        git(scratch.path(), &["add", "--all"]);
        if !is_on_disk {
            // As where such a name can not be checked out.
            fs::remove_file(scratch.path().join(name)).unwrap();
        }
        let told = differences(&scratch, "HEAD");
        assert_eq!(
            told,
            (vec![".github/workflows/ev\u{fffd}il.yml".to_owned()], 3),
            "{is_on_disk}"
        );
        if is_on_disk {
            scratch.commit();
            assert_eq!(differences(&scratch, "HEAD"), (Vec::new(), 0));
        }
    }
}

#[test]
fn a_branch_is_not_judged_by_schemas_of_its_own() {
    let scratch = committed(|_| {});
    let text = read(&scratch, ENTRY).replace("Sources, transforms", "<b>Sources</b>, transforms");
    scratch.write(ENTRY, &text);
    let mut schema: Value = serde_json::from_str(
        &fs::read_to_string(fixtures().join("../../../schema/plugin.schema.json")).unwrap(),
    )
    .unwrap();
    schema["$defs"]["display_description"] =
        serde_json::json!({ "description": "Anything.", "type": "string" });
    scratch.write("schema/plugin.schema.json", &schema.to_string());
    let (text, exit) = told(&scratch, "human");
    assert!(
        exit == 1 && text.contains("error[markup-in-text]"),
        "{text}"
    );
    // It counts from the next change on.
    scratch.commit();
    edit(&scratch, ENTRY);
    let (text, exit) = told(&scratch, "human");
    assert_eq!(exit, 0, "{text}");
}

#[test]
fn answers_of_registries_can_not_be_committed_where_this_program_keeps_its_own() {
    let scratch = committed(|_| {});
    scratch.write(
        ".shopfront-cache/answers/pypi/fiab-plugin-ecmwf.json",
        "{}\n",
    );
    scratch.write(".shopfront-cache/.gitignore", "*\n");
    assert_eq!(
        told(&scratch, "human").1,
        0,
        "what is not committed was written by this program"
    );
    git(scratch.path(), &["add", "--all", "--force"]);
    let (text, exit) = told(&scratch, "human");
    assert!(
        exit == 2 && text.contains("`.shopfront-cache` is committed"),
        "{text}"
    );
}

#[test]
fn a_branch_does_not_choose_the_rules_that_it_is_judged_by() {
    let (scratch, index) = harbour(1);
    let project = crate::support::project("anchor");
    ask(&scratch.workspace(), &[&project], &asking(&index.base()));
    age(&scratch.workspace(), &project, 2 * 60 * 60);
    scratch.write(".gitignore", "answers/\n");
    scratch.commit();
    let settings = read(&scratch, "catalogue/store.json");
    scratch.write(
        "catalogue/store.json",
        &settings.replacen('{', "{\n  \"policy\": {\"max_age\": \"999d\"},", 1),
    );
    let asking = || resolve::Options {
        refresh: false,
        ..asking(&index.base())
    };
    let asked = || index.requests_for(&project).len();
    let before = asked();
    let options = Options {
        since: Some("HEAD".to_owned()),
        author: None,
        asking: Some(asking()),
        format: Format::Human,
        look: LOOK,
        links: Links::default(),
    };
    diff::run(&scratch.workspace(), &options).unwrap();
    assert!(
        asked() > before,
        "a saved answer of two hours ago was taken for a fresh one"
    );

    age(&scratch.workspace(), &project, 2 * 60 * 60);
    let before = asked();
    let options = CheckOptions {
        paths: Vec::new(),
        since: Some("HEAD".to_owned()),
        asking: Some(asking()),
        format: Format::Human,
        look: LOOK,
        links: Links::default(),
    };
    check::run(&scratch.workspace(), &options).unwrap();
    assert!(
        asked() > before,
        "a saved answer of two hours ago was taken for a fresh one"
    );
}

#[test]
fn the_reasons_that_bind_most_come_first() {
    let scratch = committed(|_| {});
    for number in 0..400 {
        scratch.write(&format!("catalogue/datasette/new-{number}.json"), "{}\n");
    }
    scratch.write("setup.py", "print()\n");
    let settings = read(&scratch, "catalogue/store.json");
    scratch.write(
        "catalogue/store.json",
        &settings.replacen("\"title\": \"", "\"title\": \"The ", 1),
    );
    let (text, _) = told(&scratch, "markdown");
    let reasons: Vec<&str> = text
        .lines()
        .filter(|line| line.starts_with("- "))
        .take(3)
        .collect();
    assert!(
        reasons[1].contains("`catalogue/store.json` says how the store works"),
        "{reasons:?}"
    );
    assert!(
        reasons[2].contains("1 file outside of the catalogue"),
        "{reasons:?}"
    );
}

#[test]
fn two_values_that_are_alike_for_long_are_shown_where_they_part() {
    let links = |address: &str| {
        let link = |name: &str, url: &str| {
            format!("{{\"title\": \"{name}\", \"url\": \"https://{url}/\"}}")
        };
        let all = [
            link("The first of the links of this store", "first.example"),
            link("The second", "second.example"),
            link("Third", address),
        ];
        format!("  \"links\": [{}],\n", all.join(", "))
    };
    let put = |scratch: &Scratch, address: &str| {
        let mut settings: Value =
            serde_json::from_str(&read(scratch, "catalogue/store.json")).unwrap();
        let text = format!("{{{}  \"x\": 1}}", links(address));
        settings["links"] = serde_json::from_str::<Value>(&text).unwrap()["links"].clone();
        scratch.write("catalogue/store.json", &format!("{settings:#}\n"));
    };
    let scratch = committed(|scratch| put(scratch, "third.example"));
    put(&scratch, "elsewhere.example");
    for format in ["human", "markdown"] {
        let (text, _) = told(&scratch, format);
        let shown = |address: &str| text.lines().any(|line| line.contains(address));
        assert!(
            shown("third.example") && shown("elsewhere.example"),
            "{format}: {text}"
        );
    }
}
