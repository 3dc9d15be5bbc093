//! Tests of `resolve --from-published`: restoring the store's own history if nothing was kept
//! between two runs.

use std::fs;

use serde_json::{Value, json};

use crate::fake_index::FakeIndex;
use crate::scratch::Scratch;
use crate::support::{built, ended, program, tree};

#[test]
fn what_was_published_before_is_taken_over() {
    let own = FakeIndex::start();
    let scratch = Scratch::base();
    let path = scratch.path().join("catalogue/store.json");
    let text = fs::read_to_string(&path)
        .unwrap()
        .replace("https://plugins.example/store/", &(own.base() + "/"));
    fs::write(&path, text).unwrap();
    built(&scratch, None);
    let before = tree(&scratch.path().join("answers"));
    let answers = fs::read(scratch.path().join("dist/answers.json")).unwrap();
    let arguments = [
        "resolve",
        "--from-published",
        "--pypi-url",
        "http://127.0.0.1:9/",
        "--retries",
        "0",
        "--timeout",
        "1",
    ];
    let take_over = || {
        let _ = fs::remove_dir_all(scratch.path().join("answers"));
        ended(&mut program(&scratch, &arguments))
    };
    assert!(take_over().stderr.contains("nothing was published before"));
    own.serve("/answers.json", "application/json", answers.clone());
    let run = take_over();
    assert!(
        run.stderr.contains("took over 4 answers of 4"),
        "{}",
        run.stderr
    );
    let after = tree(&scratch.path().join("answers"));
    assert_eq!(
        after.keys().collect::<Vec<_>>(),
        before.keys().collect::<Vec<_>>()
    );
    assert_eq!(after["ledger.json"], before["ledger.json"]);

    // A published answer cannot choose where it is saved.
    let mut hostile: Value = serde_json::from_slice(&answers).unwrap();
    for (at, name) in ["../../../evil", "/evil", "a/b", ".shopfront"]
        .iter()
        .enumerate()
    {
        hostile["answers"][at]["name"] = json!(name);
    }
    own.serve("/answers.json", "application/json", hostile.to_string());
    take_over();
    let written = tree(&scratch.path().join("answers"));
    assert!(
        written.keys().all(|path| !path.contains("evil")
            && !path.contains("/b")
            && !path.contains("shopfront")),
        "{:?}",
        written.keys()
    );

    // Nor is what another registry said taken over, nor what readers cannot see, nor what would be
    // set aside.
    let hostile: [fn(&mut Value); 4] = [
        |answer| answer["registry_url"] = json!("https://evil.example"),
        |answer| answer["project"]["newest"]["license"] = json!("MIT\u{202e}"),
        |answer| {
            answer["trouble"] =
                json!({ "at": "2026-11-21T00:00:00Z", "message": "\u{1b}[2J\n::error::x" })
        },
        |answer| answer["project"]["newest"]["summary"] = json!("a".repeat(20_000)),
    ];
    let published: Value = serde_json::from_slice(&answers).unwrap();
    for change in hostile {
        let mut hostile = published.clone();
        hostile["answers"]
            .as_array_mut()
            .unwrap()
            .iter_mut()
            .for_each(change);
        own.serve("/answers.json", "application/json", hostile.to_string());
        let run = take_over();
        assert!(
            run.stderr.contains("took over 0 answers of 4"),
            "{}",
            run.stderr
        );
        assert!(
            run.stderr
                .contains("; 4 are not what this store could have kept"),
            "{}",
            run.stderr
        );
    }

    // A past whose numbers end is none that can be continued.
    let mut endless = published;
    endless["ledger"]["next_number"] = json!(u64::MAX);
    own.serve("/answers.json", "application/json", endless.to_string());
    let run = take_over();
    assert_eq!(run.exit, 2, "{}", run.stderr);
    assert!(
        run.stderr
            .contains("expected a next number of at most 9007199254740992"),
        "{}",
        run.stderr
    );
}
