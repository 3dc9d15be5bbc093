//! Tests of `check --since` and `diff` with files missing on disk: in sparse checkouts and in
//! partial clones.

use crate::repositories::{EDITED, differences};
use crate::scratch::{Scratch, git};
use crate::support::{Ended, ended, program, program_at};

/// Returns the small store with a branch that adds `new.json`, as a sparse checkout of nothing
/// else.
fn sparse(added: &str) -> Scratch {
    let scratch = Scratch::base();
    scratch.commit();
    scratch.write("catalogue/datasette/new.json", added);
    scratch.commit();
    let kept = [
        "/catalogue/store.json",
        "/catalogue/datasette/host.json",
        "/catalogue/datasette/new.json",
    ];
    git(
        scratch.path(),
        &[&["sparse-checkout", "set", "--no-cone"], kept.as_slice()].concat(),
    );
    assert!(!scratch.path().join(EDITED).exists());
    scratch
}

fn added(module: &str) -> String {
    format!(
        "{{\n  \"display_name\": \"Tides\",\n  \"display_description\": \"Shows tide tables.\",\n  \"author\": \"Mira\",\n  \"source\": {{\n    \
         \"pypi\": \"datasette-tides\"\n  }},\n  \"module_name\": \"{module}\"\n}}\n"
    )
}

#[test]
fn what_is_not_checked_out_is_not_gone() {
    let scratch = sparse(&added("datasette_tides"));
    let (told, exit) = differences(&scratch, "HEAD^1");
    assert_eq!(
        (told, exit),
        (vec!["catalogue/datasette/new.json".to_owned()], 3)
    );
    let checked = ended(&mut program(
        &scratch,
        &["check", "--offline", "--since", "HEAD^1"],
    ));
    assert_eq!(
        (checked.exit, checked.stderr.as_str()),
        (0, "0 errors, 0 warnings in 3 snippets of 2 hosts\n"),
        "{}",
        checked.stdout
    );
}

#[test]
fn what_is_not_checked_out_is_held_against_every_rule() {
    let scratch = sparse(&added("datasette_graphql"));
    let told = ended(&mut program(
        &scratch,
        &["diff", "--offline", "--since", "HEAD^1"],
    ));
    assert_eq!(told.exit, 1);
    assert!(
        told.stdout.contains("error[duplicate-module]"),
        "{}",
        told.stdout
    );
    assert!(
        told.stdout
            .contains("catalogue/datasette/graphql.json:8:18"),
        "{}",
        told.stdout
    );
}

#[test]
fn what_a_branch_did_to_files_that_are_not_checked_out_is_told() {
    let scratch = sparse(&added("datasette_tides"));
    git(
        scratch.path(),
        &["rm", "--quiet", "--sparse", "--cached", EDITED],
    );
    assert_eq!(
        differences(&scratch, "HEAD^1").0,
        [EDITED, "catalogue/datasette/new.json"]
    );
}

#[test]
fn a_partial_clone_is_compared_as_far_as_it_goes() {
    let scratch = sparse(&added("datasette_tides"));
    git(
        scratch.path(),
        &["config", "uploadpack.allowFilter", "true"],
    );
    let clone = Scratch::empty();
    let from = format!("file://{}", scratch.path().display());
    git(
        clone.path(),
        &[
            "clone",
            "--quiet",
            "--filter=blob:none",
            "--no-checkout",
            &from,
            "store",
        ],
    );
    let store = clone.path().join("store");
    git(
        &store,
        &[
            "sparse-checkout",
            "set",
            "--no-cone",
            "/catalogue/store.json",
            "/catalogue/*/host.json",
            "/catalogue/datasette/new.json",
        ],
    );
    git(&store, &["checkout", "--quiet", "main"]);
    let run = |arguments: &[&str]| -> Ended { ended(&mut program_at(&store, arguments)) };
    let told = run(&["diff", "--offline", "--since", "HEAD^1", "--format", "json"]);
    assert_eq!(told.exit, 3, "{}", told.stderr);
    assert!(
        told.stderr.starts_with(
            "warning: of 2 files that this clone lacks, only the names were looked at\n"
        ),
        "{}",
        told.stderr
    );
    git(
        &store,
        &[
            "sparse-checkout",
            "set",
            "--no-cone",
            "/catalogue/datasette/new.json",
        ],
    );
    git(&store, &["fetch", "--quiet", "--refetch", "--no-filter"]);
    let whole = run(&["diff", "--offline", "--since", "HEAD^1", "--format", "json"]);
    assert_eq!(
        (whole.exit, whole.stdout),
        (3, told.stdout),
        "{}",
        whole.stderr
    );
    assert!(
        whole.stderr.starts_with("a person must look: 0 errors"),
        "{}",
        whole.stderr
    );
}
