//! Tests of data that no registry has: dates and numbers of entries are permanent, and every change
//! is reported once.

use std::collections::BTreeMap;
use std::fs;

use serde_json::{Value, json};

use crate::fake_index::project_json;
use crate::scratch::Scratch;
use crate::support::{RELEASES, asking, built, harbour, json as published, snippet};

fn entries(scratch: &Scratch) -> BTreeMap<String, (u64, String, bool)> {
    let ledger: Value = serde_json::from_str(
        &fs::read_to_string(scratch.path().join("answers/ledger.json")).unwrap(),
    )
    .unwrap();
    let row = |(key, it): (&String, &Value)| {
        (
            key.clone(),
            (
                it["number"].as_u64().unwrap(),
                it["listed_at"].as_str().unwrap().to_owned(),
                it["listed"].as_bool().unwrap(),
            ),
        )
    };
    ledger["entries"]
        .as_object()
        .unwrap()
        .iter()
        .map(row)
        .collect()
}

/// Moves every saved answer back by some seconds, so that the next build has another time.
fn let_time_pass(scratch: &Scratch) {
    let ledger = scratch.path().join("answers/ledger.json");
    let text = fs::read_to_string(&ledger).unwrap();
    // All years in which this test may run.
    let older = (2025..2100).fold(text, |text, year| {
        text.replace(&format!("\"{year}-"), "\"2020-")
    });
    fs::write(ledger, older).unwrap();
}

#[test]
fn dates_and_numbers_are_stable_and_never_given_twice() {
    let (scratch, index) = harbour(2);
    built(&scratch, Some(asking(&index.base())));
    let changes = published(&scratch, "api/v1/changes.json");
    assert_eq!(
        changes["added"],
        json!([{"host": "harbour", "id": "anchor"}, {"host": "harbour", "id": "buoy"}])
    );
    assert_eq!(
        (&changes["since"], &changes["updated"], &changes["removed"]),
        (&Value::Null, &json!([]), &json!([]))
    );
    let_time_pass(&scratch);
    let first = entries(&scratch);

    // A release, a removal and a new entry.
    index.json(
        "harbour-anchor",
        project_json(
            "harbour-anchor",
            &[RELEASES[0], RELEASES[1], ("2.0", "2025-06-01T00:00:00Z")],
        ),
    );
    fs::remove_file(scratch.path().join("catalogue/harbour/buoy.json")).unwrap();
    scratch.write("catalogue/harbour/crane.json", &snippet("crane"));
    index.json("harbour-crane", project_json("harbour-crane", &RELEASES));
    built(&scratch, Some(asking(&index.base())));
    let changes = published(&scratch, "api/v1/changes.json");
    assert_eq!(
        changes["added"],
        json!([{"host": "harbour", "id": "crane"}])
    );
    assert_eq!(
        changes["updated"],
        json!([{"host": "harbour", "id": "anchor", "from": "1.1", "to": "2.0"}])
    );
    assert_eq!(
        changes["removed"],
        json!([{"host": "harbour", "id": "buoy", "reason": "taken out of the catalogue"}])
    );
    assert!(changes["since"].as_str().unwrap().starts_with("2020-"));
    let second = entries(&scratch);
    assert_eq!(second["harbour/anchor"], first["harbour/anchor"]);
    assert_eq!(
        second["harbour/buoy"],
        (2, first["harbour/buoy"].1.clone(), false)
    );
    assert_eq!(
        (second["harbour/crane"].0, second["harbour/crane"].2),
        (3, true)
    );
    assert_ne!(second["harbour/crane"].1, first["harbour/anchor"].1);
    let listed_at = &published(&scratch, "plugins.json")["plugins"][0]["listed_at"];
    assert_eq!(listed_at.as_str(), Some(first["harbour/anchor"].1.as_str()));

    // Each entry has its own history. The time of its listing is in `listed_at`.
    let anchor = published(&scratch, "api/v1/plugins/harbour/anchor.json");
    let event = &anchor["history"][0];
    assert_eq!(
        (&event["what"], &event["from"], &event["to"]),
        (&json!("release"), &json!("1.1"), &json!("2.0"))
    );
    assert_eq!(
        (
            event["at"].as_str(),
            anchor["history"].as_array().unwrap().len()
        ),
        (anchor["changed_at"].as_str(), 1)
    );
    assert_eq!(
        published(&scratch, "api/v1/plugins/harbour/crane.json")["history"],
        json!([])
    );
    let page = fs::read_to_string(scratch.path().join("dist/harbour/anchor/index.html")).unwrap();
    assert!(
        page.contains("release <bdi>2.0</bdi> after <bdi>1.1</bdi>"),
        "{page}"
    );

    // It returns with its earlier data. A tombstone records that it was removed.
    let_time_pass(&scratch);
    scratch.write("catalogue/harbour/buoy.json", &snippet("buoy"));
    scratch.write(
        "catalogue/harbour/crane.json",
        &snippet("crane").replace(
            "\"\n}",
            "\",\n  \"lifecycle\": {\n    \"state\": \"withdrawn\"\n  }\n}",
        ),
    );
    scratch.write("catalogue/harbour/dredger.json", &snippet("dredger"));
    built(&scratch, None);
    let third = entries(&scratch);
    assert_eq!(
        (
            third["harbour/buoy"].0,
            third["harbour/buoy"].2,
            &third["harbour/buoy"].1
        ),
        (2, true, &first["harbour/buoy"].1)
    );
    assert_eq!(
        (third["harbour/dredger"].0, third["harbour/crane"].2),
        (4, false)
    );
    let changes = published(&scratch, "api/v1/changes.json");
    assert_eq!(
        changes["removed"],
        json!([{"host": "harbour", "id": "crane", "reason": "withdrawn"}])
    );
    assert_eq!(
        changes["added"],
        json!([{"host": "harbour", "id": "buoy"}, {"host": "harbour", "id": "dredger"}])
    );
    let happened = |id: &str| -> Vec<Value> {
        let history =
            published(&scratch, &format!("api/v1/plugins/harbour/{id}.json"))["history"].clone();
        history
            .as_array()
            .unwrap()
            .iter()
            .map(|event| event["what"].clone())
            .collect()
    };
    assert_eq!(
        (happened("buoy"), happened("crane")),
        (
            vec![json!("returned"), json!("removed")],
            vec![json!("withdrawn")]
        )
    );
}
