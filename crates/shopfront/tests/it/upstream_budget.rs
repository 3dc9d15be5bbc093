//! Tests of upstream stores that send too much: excess is reported, and everything else is
//! published.

use serde_json::{Map, Value, json};
use shopfront_model::catalogue::Upstream;
use shopfront_model::register::Register;
use shopfront_site::merge::{self, Offered, UpstreamBudget, UpstreamSchemas};

use crate::fake_index::FakeIndex;
use crate::support::{built, json as published};
use crate::upstreams::{asking_upstreams, document, entry, listed, serve, store};

/// Returns the messages in `problems.json` with this code.
fn messages(scratch: &crate::scratch::Scratch, code: &str) -> Vec<String> {
    let problems = published(scratch, "api/v1/problems.json");
    let of_code = problems["problems"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|it| it["code"] == code);
    of_code
        .map(|it| it["message"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_store_of_more_entries_than_are_read_is_told_and_its_last_good_copy_stays() {
    let sister = FakeIndex::start();
    serve(&sister, &document(&[entry("fiab", "zarr")]));
    let scratch = store(&sister, false);
    built(&scratch, Some(asking_upstreams()));
    let many = vec![json!({}); 100_001];
    serve(&sister, &document(&many));
    let mut asking = asking_upstreams();
    asking.refresh = true;
    built(&scratch, Some(asking));
    assert_eq!(
        listed(&scratch),
        ["datasette/graphql", "fiab/ecmwf", "fiab/zarr"]
    );
    let told = messages(&scratch, "stale-upstream");
    assert!(
        told[0].contains("its `plugins.json` lists 100001 entries; 100000 is the most"),
        "{told:?}"
    );
}

#[test]
fn an_entry_that_is_too_large_harms_no_other() {
    let sister = FakeIndex::start();
    let (mut versions, mut words) = (entry("fiab", "versions"), entry("fiab", "words"));
    versions["compatible"] = Value::Object(
        (0..101)
            .map(|major| (major.to_string(), json!("1.0")))
            .collect::<Map<_, _>>(),
    );
    words["keywords"] = json!(vec!["sea"; 20_000]);
    serve(
        &sister,
        &document(&[
            versions,
            entry("fiab", "grib"),
            words,
            entry("fiab", "zarr"),
        ]),
    );
    let scratch = store(&sister, false);
    built(&scratch, Some(asking_upstreams()));
    assert_eq!(
        listed(&scratch),
        ["datasette/graphql", "fiab/ecmwf", "fiab/grib", "fiab/zarr"]
    );
    let told = messages(&scratch, "refused-upstream-entry");
    let expected = [
        "`fiab/versions` of the store `sister` is not shown: `compatible` names 101 versions of its host; 100 is the most",
        "`entry 3` of the store `sister` is not shown: it has 120757 bytes; 65536 is the most",
    ];
    assert_eq!(told, expected);
}

/// Fields are read once, and in any order.
#[test]
fn a_document_is_read_whichever_of_its_fields_comes_first() {
    let sister = FakeIndex::start();
    let whole = document(&[entry("fiab", "grib"), entry("fiab", "zarr")]);
    let plugins = whole["plugins"].to_string();
    let head = r#""format": 1, "store": {"id": "sister", "title": "Sister", "url": "https://sister.example/"}, "generated_at": "2026-11-19T00:00:00Z""#;
    for text in [
        format!("{{\"plugins\": {plugins}, {head}}}"),
        format!("{{{head}, \"plugins\": {plugins}}}"),
    ] {
        sister.serve("/plugins.json", "application/json", text);
        let scratch = store(&sister, false);
        built(&scratch, Some(asking_upstreams()));
        assert_eq!(
            listed(&scratch),
            ["datasette/graphql", "fiab/ecmwf", "fiab/grib", "fiab/zarr"]
        );
    }
}

#[test]
fn a_field_that_takes_much_memory_is_not_read_and_the_last_good_copy_stays() {
    let sister = FakeIndex::start();
    let good = document(&[entry("fiab", "zarr")]);
    let with = |field: &str, value: Value| {
        let mut document = good.clone();
        document[field] = value;
        document
    };
    let mut many = good.clone();
    many.as_object_mut()
        .unwrap()
        .extend((0..100).map(|at| (format!("field-{at}"), json!(at))));
    let bad = [
        (
            with("notes", json!(vec![0; 200_000])),
            "a field beside `plugins` has more than 262144 bytes",
        ),
        (many, "more than 64 fields beside `plugins`"),
    ];
    for (document, why) in bad {
        serve(&sister, &good);
        let scratch = store(&sister, false);
        built(&scratch, Some(asking_upstreams()));
        serve(&sister, &document);
        let mut asking = asking_upstreams();
        asking.refresh = true;
        built(&scratch, Some(asking));
        assert_eq!(
            listed(&scratch),
            ["datasette/graphql", "fiab/ecmwf", "fiab/zarr"]
        );
        let told = messages(&scratch, "stale-upstream");
        assert!(told[0].contains(why), "{told:?}");
    }
}

/// What is read of a document with these entries, which was fetched in November 2026, with room for so many bytes.
fn read(entries: &[Value], budget: &mut UpstreamBudget) -> Offered {
    let scratch = crate::scratch::Scratch::base();
    let schemas = scratch.workspace().schemas;
    let upstream = Upstream {
        id: "sister".into(),
        title: "Sister".into(),
        url: "https://sister.example/".into(),
        install: false,
    };
    let fetched_at = Some("2026-11-20T12:00:00Z".parse().unwrap());
    let bytes = document(entries).to_string();
    let schemas = UpstreamSchemas::of(&schemas).unwrap();
    merge::read_upstream(
        &upstream,
        bytes.as_bytes(),
        fetched_at,
        &schemas,
        (&mut Register::default(), budget),
    )
    .unwrap()
}

#[test]
fn all_other_stores_together_have_one_budget_and_what_does_not_fit_takes_nothing_of_it() {
    let mut long = entry("fiab", "long");
    long["display_description"] = json!("long ".repeat(50).trim_end());
    // As it is written here: with our name for its store, and with `<` and its like as escapes.
    let mut line = entry("fiab", "grib");
    line["store"] = json!({"id": "sister", "title": "Sister"});
    line["source"]["registry_url"] = Value::Null;
    let bytes = line.to_string().len() + "\\u003e".len() - ">".len();
    let mut budget = UpstreamBudget::of(2 * bytes);
    let ids = |offered: &Offered| {
        offered
            .store
            .entries
            .iter()
            .map(|it| it.said.id.clone())
            .collect::<Vec<_>>()
    };
    let one = read(&[entry("fiab", "grib"), long], &mut budget);
    assert_eq!(ids(&one), ["grib"]);
    assert_eq!(
        one.refused[0].why,
        "the entries of other stores are more than this one has room for"
    );
    let other = read(&[entry("fiab", "zarr"), entry("fiab", "odim")], &mut budget);
    assert_eq!(ids(&other), ["zarr"]);
}

#[test]
fn times_that_have_not_come_are_as_good_as_none() {
    let (mut late, mut tomorrow) = (entry("fiab", "late"), entry("fiab", "tomorrow"));
    late["released_at"] = json!("9999-12-31T00:00:00Z");
    late["listed_at"] = json!("2026-11-21T12:00:01Z");
    tomorrow["released_at"] = json!("2026-11-21T12:00:00Z");
    let offered = read(&[late, tomorrow], &mut UpstreamBudget::default());
    let [late, tomorrow] = &offered.store.entries[..] else {
        panic!("{} entries", offered.store.entries.len())
    };
    assert_eq!((late.said.released_at, late.said.listed_at), (None, None));
    assert_eq!(
        (
            &late.published()["released_at"],
            &late.published()["listed_at"]
        ),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(tomorrow.published()["released_at"], "2026-11-21T12:00:00Z");
}
