//! Tests of `remove` and `rename`: written files, unchanged files, and that the store stays valid.

use std::fs;

use shopfront::commands::check::{self, Options};
use shopfront::commands::{remove, rename};
use shopfront::outcome::Outcome;
use shopfront::report::{Format, Links};
use shopfront_diagnostics::error::Error;

use crate::golden;
use crate::scratch::{Scratch, fixtures};
use crate::support::{LOOK, tree};

/// Returns a store with related data: images, a successor, the same id in two hosts.
fn store() -> Scratch {
    let scratch = Scratch::base();
    scratch.overlay(&fixtures().join("tombstones/before"));
    scratch.commit();
    scratch
}

fn removed(
    scratch: &Scratch,
    entry: &str,
    evidence: &str,
    successor: Option<&str>,
) -> Result<Outcome, Error> {
    removed_because(
        scratch,
        entry,
        "Its author gave it up.",
        evidence,
        successor,
    )
}

fn removed_because(
    scratch: &Scratch,
    entry: &str,
    reason: &str,
    evidence: &str,
    successor: Option<&str>,
) -> Result<Outcome, Error> {
    let options = remove::Options {
        entry: entry.to_owned(),
        reason: reason.to_owned(),
        evidence: evidence.to_owned(),
        successor: successor.map(str::to_owned),
        look: LOOK,
    };
    remove::run(&scratch.workspace(), &options)
}

fn renamed(scratch: &Scratch, old: &str, new: &str) -> Result<Outcome, Error> {
    rename::run(
        &scratch.workspace(),
        &rename::Options {
            old: old.to_owned(),
            new: new.to_owned(),
            look: LOOK,
        },
    )
}

/// Compares with the previous commit: nothing vanished, and there are no diagnostics.
fn assert_sound(scratch: &Scratch) {
    let since = Some("HEAD".to_owned());
    let options = Options {
        paths: Vec::new(),
        since,
        asking: None,
        format: Format::Human,
        look: LOOK,
        links: Links::default(),
    };
    let outcome = check::run(&scratch.workspace(), &options).unwrap();
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (0, ""));
}

/// Compares every changed file of the catalogue, and the output.
fn assert_written(case: &str, before: &Scratch, scratch: &Scratch, outcome: &Outcome) {
    let folder = fixtures().join("tombstones").join(case);
    let (old, new) = (
        tree(&before.path().join("catalogue")),
        tree(&scratch.path().join("catalogue")),
    );
    let mut told = format!(
        "exit {}\n{}{}",
        outcome.exit, outcome.stdout, outcome.stderr
    );
    for path in old
        .keys()
        .chain(new.keys())
        .collect::<std::collections::BTreeSet<_>>()
    {
        match (old.get(path), new.get(path)) {
            (one, other) if one == other => {}
            (_, None) => told.push_str(&format!("\n--- {path} is gone\n")),
            (_, Some(bytes)) => told.push_str(&format!(
                "\n--- {path}\n{}",
                std::str::from_utf8(bytes).unwrap_or("(an image)\n")
            )),
        }
    }
    golden::assert_none(&Vec::from_iter(golden::difference(
        &folder.join("written.txt"),
        &told,
    )));
}

#[test]
fn remove_leaves_a_tombstone() {
    let scratch = store();
    let outcome = removed(
        &scratch,
        "graphql",
        "https://datasette.example/news/graphql",
        Some("cluster-map"),
    )
    .unwrap();
    assert_written("remove", &store(), &scratch, &outcome);
    assert_sound(&scratch);
    let again = removed(
        &scratch,
        "graphql",
        "https://datasette.example/news/graphql",
        None,
    )
    .unwrap_err();
    assert_eq!(
        again.to_string(),
        "`datasette/graphql` is withdrawn already"
    );
}

#[test]
fn rename_takes_images_and_successors_along() {
    let scratch = store();
    let outcome = renamed(&scratch, "datasette/cluster-map", "maps").unwrap();
    assert_written("rename", &store(), &scratch, &outcome);
    assert_sound(&scratch);

    scratch.commit();
    // Renamed back: the id is its own again.
    renamed(&scratch, "maps", "datasette/cluster-map").unwrap();
    assert_sound(&scratch);
    let text = fs::read_to_string(
        scratch
            .path()
            .join("catalogue/datasette/community/cluster-map.json"),
    )
    .unwrap();
    assert!(
        text.contains("\"formerly\": [\n    \"maps\"\n  ]"),
        "{text}"
    );
}

#[test]
fn what_would_give_a_fault_is_refused_and_nothing_is_written() {
    type Case = (&'static str, fn(&Scratch) -> Result<Outcome, Error>);
    let cases: [Case; 5] = [
        ("refused-reason", |scratch| {
            removed_because(
                scratch,
                "graphql",
                "Gave up.\u{e0068}\u{e0069}",
                "https://datasette.example/",
                None,
            )
        }),
        ("refused-blank-reason", |scratch| {
            removed_because(
                scratch,
                "graphql",
                "\u{3164}",
                "https://datasette.example/",
                None,
            )
        }),
        ("refused-evidence", |scratch| {
            removed(scratch, "graphql", "http://192.168.0.1/", None)
        }),
        ("refused-successor", |scratch| {
            removed(
                scratch,
                "graphql",
                "https://datasette.example/news",
                Some("nothing-there"),
            )
        }),
        ("refused-id", |scratch| {
            renamed(scratch, "graphql", "cluster_map")
        }),
    ];
    for (case, run) in cases {
        let scratch = store();
        let outcome = run(&scratch).unwrap();
        assert_eq!(outcome.exit, 1, "{case}");
        assert_written(case, &store(), &scratch, &outcome);
    }
}

#[test]
fn a_fault_that_was_there_before_is_no_reason_to_refuse() {
    let scratch = store();
    scratch.write("catalogue/datasette/faulty.json", "{}\n");
    assert_eq!(
        removed(&scratch, "graphql", "https://datasette.example/news", None)
            .unwrap()
            .exit,
        0
    );
}

#[test]
fn an_entry_is_named_in_full_where_its_id_is_not_alone() {
    let scratch = store();
    let fault = |result: Result<Outcome, Error>| {
        let fault = result.unwrap_err();
        format!("{fault}; {}", fault.cure().unwrap_or_default())
    };
    let evidence = "https://datasette.example/news";
    assert_eq!(
        fault(removed(&scratch, "tiles", evidence, None)),
        "`tiles` is an entry of several hosts; say which: `datasette/tiles`, `fiab/tiles`"
    );
    assert_eq!(
        fault(removed(&scratch, "grapqhl", evidence, None)),
        "there is no sound entry `grapqhl`; did you mean `graphql`?"
    );
    assert_eq!(
        fault(renamed(&scratch, "graphql", "fiab/graphql")),
        "`graphql` is an entry of `datasette`, and can not move to `fiab`; list it there, and `remove` it here"
    );
    assert_eq!(
        fault(renamed(&scratch, "graphql", "Graph QL")),
        "`Graph QL` can not be the id of an entry; `graph-ql` could be one"
    );
    assert_eq!(
        fault(renamed(&scratch, "graphql", "../graphql")),
        "`..` is no host; an entry is called `host/id`"
    );
    assert_eq!(
        fault(renamed(&scratch, "datasette/tiles", "graphql")),
        "there is a file catalogue/datasette/graphql.json already; "
    );
    assert_eq!(
        fault(renamed(&scratch, "graphql", "graphql")),
        "`datasette/graphql` is called so already; "
    );
    assert_eq!(
        removed(&scratch, "fiab/tiles", evidence, None)
            .unwrap()
            .exit,
        0
    );
}
