//! Tests that a store never shrinks by accident: losses are counted, listed and not published.

use std::fs;

use shopfront::commands::build::{self, Options};
use shopfront::outcome::Outcome;
use shopfront_diagnostics::error::Error;

use crate::fake_index::{FakeIndex, project_json};
use crate::scratch::Scratch;
use crate::support::{
    HARBOUR, LOOK, asking, build, built, ended, harbour, program, project, snippet, tree, versions,
};

fn lose(index: &FakeIndex, names: &[&str]) {
    for name in names {
        index.remove(&project(name));
    }
}

fn accepting(scratch: &Scratch, base: &str) -> Result<Outcome, Error> {
    let options = Options {
        out: scratch.path().join("dist"),
        asking: Some(asking(base)),
        accept_drop: true,
        is_preview: false,
        look: LOOK,
    };
    build::run(&scratch.workspace(), &options)
}

#[test]
fn a_store_that_would_shrink_is_not_published_and_says_what_would_be_lost() {
    let (scratch, index) = harbour(12);
    built(&scratch, Some(asking(&index.base())));
    let before = tree(&scratch.path().join("dist"));
    lose(&index, &["crane", "keel"]);
    let refused = build(&scratch, Some(asking(&index.base()))).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "2 of 12 entries would be worth less than in the store that was published before:\n  \
         harbour/crane loses its release\n  harbour/keel loses its release"
    );
    assert!(refused.cure().unwrap().contains("--accept-drop"));
    assert_eq!(tree(&scratch.path().join("dist")), before);

    // Nor the next time, nor from saved answers alone, nor by the program itself.
    let run = ended(&mut program(&scratch, &["build", "--offline"]));
    assert_eq!(run.exit, 2);
    assert!(
        run.stderr.contains("harbour/crane loses its release")
            && run.stderr.contains("--accept-drop"),
        "{}",
        run.stderr
    );
    assert_eq!(tree(&scratch.path().join("dist")), before);

    accepting(&scratch, &index.base()).unwrap();
    assert_eq!(versions(&scratch)["harbour/keel"], None);
    // An accepted loss is not a loss any more.
    built(&scratch, Some(asking(&index.base())));
}

#[test]
fn one_that_is_lost_does_not_stop_a_store() {
    let (scratch, index) = harbour(2);
    built(&scratch, Some(asking(&index.base())));
    lose(&index, &["anchor"]);
    built(&scratch, Some(asking(&index.base())));
    assert_eq!(versions(&scratch)["harbour/anchor"], None);
}

#[test]
fn an_index_that_says_that_all_releases_are_deleted_is_not_believed() {
    let (scratch, index) = harbour(3);
    built(&scratch, Some(asking(&index.base())));
    for name in ["anchor", "buoy"] {
        index.json(&project(name), project_json(&project(name), &[]));
    }
    let refused = build(&scratch, Some(asking(&index.base()))).unwrap_err();
    assert!(
        refused
            .to_string()
            .contains("harbour/anchor loses its release\n  harbour/buoy loses its release"),
        "{refused}"
    );
}

#[test]
fn the_share_that_may_be_lost_is_the_policy_of_the_store() {
    let (scratch, index) = harbour(12);
    let store = fs::read_to_string(scratch.path().join("catalogue/store.json")).unwrap();
    scratch.write(
        "catalogue/store.json",
        &store.replace(
            "\"\n}",
            "\",\n  \"policy\": {\n    \"max_drop\": 0.25\n  }\n}",
        ),
    );
    built(&scratch, Some(asking(&index.base())));
    lose(&index, &["anchor", "buoy", "crane"]);
    built(&scratch, Some(asking(&index.base())));
    lose(&index, &HARBOUR[3..7]);
    assert!(build(&scratch, Some(asking(&index.base()))).is_err());
}

#[test]
fn snippets_that_vanish_count_and_those_that_say_why_do_not() {
    let (scratch, index) = harbour(12);
    built(&scratch, Some(asking(&index.base())));
    let path = |name: &str| format!("catalogue/harbour/{name}.json");
    for name in ["anchor", "buoy"] {
        fs::remove_file(scratch.path().join(path(name))).unwrap();
    }
    let refused = build(&scratch, None).unwrap_err().to_string();
    assert!(
        refused.ends_with("\n  harbour/anchor vanishes\n  harbour/buoy vanishes"),
        "{refused}"
    );

    // A tombstone explains it, and so does a changed snippet.
    let tombstone = snippet("anchor").replace(
        "\"\n}",
        "\",\n  \"lifecycle\": {\n    \"state\": \"withdrawn\"\n  }\n}",
    );
    scratch.write(&path("anchor"), &tombstone);
    scratch.write(&path("buoy"), &snippet("buoy").replace("The buoy", "Buoys"));
    lose(&index, &["buoy", "crane"]);
    built(&scratch, Some(asking(&index.base())));
    let versions = versions(&scratch);
    assert_eq!(
        (
            versions.get("harbour/anchor"),
            versions["harbour/buoy"].clone()
        ),
        (None, None)
    );
    assert!(
        scratch
            .path()
            .join("dist/harbour/anchor/index.html")
            .is_file(),
        "its address still says what became of it"
    );
}
