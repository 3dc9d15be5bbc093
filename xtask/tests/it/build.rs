//! Building: what is published of what was asked, that nothing shrinks by accident, and that the same inputs give the
//! same bytes.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use shopfront::commands::build::{self, Options};

use crate::fake_index::{FakeIndex, Fault, project_json, yank};
use crate::golden;
use crate::scratch::{Scratch, fixtures};
use crate::shop::{
    HARBOUR, LOOK, RELEASES, asking, build, built, difference, ended, harbour, json, problems_of, program, project, snippet, text, tree,
    versions,
};

fn found(version: &str) -> Option<String> {
    Some(version.to_owned())
}

// What happens when the index does not do as it should.

#[test]
fn a_build_with_the_index_down_slow_lying_or_half_gone_publishes_the_same_entries_with_their_age() {
    let faults: [(&str, Fault); 5] = [
        ("*", Fault::ServerError500 { times: u32::MAX }),
        ("*", Fault::Hang),
        ("*", Fault::Rubbish),
        ("*", Fault::CutBody),
        ("harbour-anchor", Fault::WrongLength),
    ];
    for (target, fault) in faults {
        let (scratch, index) = harbour(3);
        built(&scratch, Some(asking(&index.base())));
        let before = versions(&scratch);
        assert_eq!(before.get("harbour/anchor"), Some(&found("1.1")));
        index.fault(target, fault.clone());
        let mut impatient = asking(&index.base());
        impatient.patience.whole = std::time::Duration::from_millis(300);
        impatient.patience.retries = 0;
        let told = built(&scratch, Some(impatient));
        assert!(told.contains("warning: pypi/harbour-anchor: "), "{fault:?}: {told}");
        assert_eq!(versions(&scratch), before, "{fault:?}");
        assert_eq!(problems_of(&scratch, "harbour/anchor"), ["stale-answer"], "{fault:?}");
        let problems = json(&scratch, "api/v1/problems.json");
        assert!(problems["problems"][0]["since"].is_string());
        assert!(problems["problems"][0]["message"].as_str().unwrap().contains("`harbour-anchor` is from 20"), "{problems}");
        assert!(text(&scratch, "harbour/anchor/index.html").contains("stale"), "{fault:?}");
        let is_everywhere = target == "*";
        assert_eq!(problems_of(&scratch, "harbour/buoy").is_empty(), !is_everywhere);
        let health = json(&scratch, "api/v1/health.json");
        assert_eq!(health["status"], "stale");
        assert_eq!(health["sources"][0]["from_cache"], if is_everywhere { 3 } else { 1 });

        index.heal(target);
        built(&scratch, Some(asking(&index.base())));
        assert_eq!(problems_of(&scratch, "harbour/anchor"), Vec::<String>::new());
        assert_eq!(json(&scratch, "api/v1/health.json")["status"], "ok");
    }
}

#[test]
fn an_entry_that_was_never_asked_for_is_published_without_a_version() {
    let (scratch, index) = harbour(2);
    drop(index);
    built(&scratch, None);
    assert_eq!(versions(&scratch), BTreeMap::from([("harbour/anchor".to_owned(), None), ("harbour/buoy".to_owned(), None)]));
    assert_eq!(problems_of(&scratch, "harbour/buoy"), ["not-asked"]);
    assert_eq!(json(&scratch, "api/v1/health.json")["status"], "degraded");
}

#[test]
fn a_project_that_is_gone_keeps_its_page_and_leaves_the_install_list() {
    let scratch = Scratch::base();
    built(&scratch, None);
    assert!(json(&scratch, "fiab/plugins.json")["plugins"]["ecmwf"].is_object());
    let index = FakeIndex::start();
    let core = [("5.0.0", "2026-09-22T10:26:17Z"), ("6.0.0", "2026-10-15T09:44:59Z")];
    for name in ["fiab-core", "datasette", "datasette-graphql"] {
        index.json(name, project_json(name, &core));
    }
    built(&scratch, Some(asking(&index.base())));
    assert_eq!(json(&scratch, "fiab/plugins.json")["plugins"], json!({}));
    assert_eq!(versions(&scratch)["fiab/ecmwf"], None);
    assert_eq!(problems_of(&scratch, "fiab/ecmwf"), ["unknown-package"]);
    let page = text(&scratch, "fiab/ecmwf/index.html");
    assert!(page.contains("gone") && page.contains("6.0.0"));
    let detail = json(&scratch, "api/v1/plugins/fiab/ecmwf.json");
    assert_eq!((&detail["version"], detail["releases"].as_array().unwrap().len()), (&Value::Null, 17));
}

// A store never shrinks by accident.

fn lose(index: &FakeIndex, names: &[&str]) {
    for name in names {
        index.remove(&project(name));
    }
}

fn accepting(scratch: &Scratch, base: &str) -> Result<shopfront::commands::Outcome, shopfront::error::Error> {
    let options = Options { out: scratch.path().join("dist"), asking: Some(asking(base)), accept_drop: true, look: LOOK };
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
    assert!(run.stderr.contains("harbour/crane loses its release") && run.stderr.contains("--accept-drop"), "{}", run.stderr);
    assert_eq!(tree(&scratch.path().join("dist")), before);

    accepting(&scratch, &index.base()).unwrap();
    assert_eq!(versions(&scratch)["harbour/keel"], None);
    // What was accepted once is no drop any more.
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
    assert!(refused.to_string().contains("harbour/anchor loses its release\n  harbour/buoy loses its release"), "{refused}");
}

#[test]
fn the_share_that_may_be_lost_is_the_policy_of_the_store() {
    let (scratch, index) = harbour(12);
    let store = fs::read_to_string(scratch.path().join("catalogue/store.json")).unwrap();
    scratch.write("catalogue/store.json", &store.replace("\"\n}", "\",\n  \"policy\": {\n    \"max_drop\": 0.25\n  }\n}"));
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
    assert!(refused.ends_with("\n  harbour/anchor vanishes\n  harbour/buoy vanishes"), "{refused}");

    // A tombstone explains it, and so does a snippet that somebody changed.
    let tombstone = snippet("anchor").replace("\"\n}", "\",\n  \"lifecycle\": {\n    \"state\": \"withdrawn\"\n  }\n}");
    scratch.write(&path("anchor"), &tombstone);
    scratch.write(&path("buoy"), &snippet("buoy").replace("The buoy", "Buoys"));
    lose(&index, &["buoy", "crane"]);
    built(&scratch, Some(asking(&index.base())));
    let versions = versions(&scratch);
    assert_eq!((versions.get("harbour/anchor"), versions["harbour/buoy"].clone()), (None, None));
    assert!(scratch.path().join("dist/harbour/anchor/index.html").is_file(), "its address still says what became of it");
}

// The past.

fn entries(scratch: &Scratch) -> BTreeMap<String, (u64, String, bool)> {
    let ledger: Value = serde_json::from_str(&fs::read_to_string(scratch.path().join("answers/ledger.json")).unwrap()).unwrap();
    let row = |(key, it): (&String, &Value)| {
        (key.clone(), (it["number"].as_u64().unwrap(), it["listed_at"].as_str().unwrap().to_owned(), it["listed"].as_bool().unwrap()))
    };
    ledger["entries"].as_object().unwrap().iter().map(row).collect()
}

/// Takes back every saved answer by some seconds, so that the next build has another time.
fn let_time_pass(scratch: &Scratch) {
    let ledger = scratch.path().join("answers/ledger.json");
    let text = fs::read_to_string(&ledger).unwrap();
    let years = ["\"2026-", "\"2027-", "\"2028-", "\"2029-", "\"2030-"];
    let older = years.iter().fold(text, |text, year| text.replace(year, "\"2020-"));
    fs::write(ledger, older).unwrap();
}

#[test]
fn dates_and_numbers_are_stable_and_never_given_twice() {
    let (scratch, index) = harbour(2);
    built(&scratch, Some(asking(&index.base())));
    let changes = json(&scratch, "api/v1/changes.json");
    assert_eq!(changes["added"], json!([{"host": "harbour", "id": "anchor"}, {"host": "harbour", "id": "buoy"}]));
    assert_eq!((&changes["since"], &changes["updated"], &changes["removed"]), (&Value::Null, &json!([]), &json!([])));
    let_time_pass(&scratch);
    let first = entries(&scratch);

    // A release, a removal and a new entry.
    index.json("harbour-anchor", project_json("harbour-anchor", &[RELEASES[0], RELEASES[1], ("2.0", "2025-06-01T00:00:00Z")]));
    fs::remove_file(scratch.path().join("catalogue/harbour/buoy.json")).unwrap();
    scratch.write("catalogue/harbour/crane.json", &snippet("crane"));
    index.json("harbour-crane", project_json("harbour-crane", &RELEASES));
    built(&scratch, Some(asking(&index.base())));
    let changes = json(&scratch, "api/v1/changes.json");
    assert_eq!(changes["added"], json!([{"host": "harbour", "id": "crane"}]));
    assert_eq!(changes["updated"], json!([{"host": "harbour", "id": "anchor", "from": "1.1", "to": "2.0"}]));
    assert_eq!(changes["removed"], json!([{"host": "harbour", "id": "buoy", "reason": "taken out of the catalogue"}]));
    assert!(changes["since"].as_str().unwrap().starts_with("2020-"));
    let second = entries(&scratch);
    assert_eq!(second["harbour/anchor"], first["harbour/anchor"]);
    assert_eq!(second["harbour/buoy"], (2, first["harbour/buoy"].1.clone(), false));
    assert_eq!((second["harbour/crane"].0, second["harbour/crane"].2), (3, true));
    assert_ne!(second["harbour/crane"].1, first["harbour/anchor"].1);
    let listed_at = &json(&scratch, "plugins.json")["plugins"][0]["listed_at"];
    assert_eq!(listed_at.as_str(), Some(first["harbour/anchor"].1.as_str()));

    // It comes back as what it was; a tombstone says that it went.
    let_time_pass(&scratch);
    scratch.write("catalogue/harbour/buoy.json", &snippet("buoy"));
    scratch.write(
        "catalogue/harbour/crane.json",
        &snippet("crane").replace("\"\n}", "\",\n  \"lifecycle\": {\n    \"state\": \"withdrawn\"\n  }\n}"),
    );
    scratch.write("catalogue/harbour/dredger.json", &snippet("dredger"));
    built(&scratch, None);
    let third = entries(&scratch);
    assert_eq!((third["harbour/buoy"].0, third["harbour/buoy"].2, &third["harbour/buoy"].1), (2, true, &first["harbour/buoy"].1));
    assert_eq!((third["harbour/dredger"].0, third["harbour/crane"].2), (4, false));
    let changes = json(&scratch, "api/v1/changes.json");
    assert_eq!(changes["removed"], json!([{"host": "harbour", "id": "crane", "reason": "withdrawn"}]));
    assert_eq!(changes["added"], json!([{"host": "harbour", "id": "buoy"}, {"host": "harbour", "id": "dredger"}]));
}

// The same inputs, the same bytes.

#[test]
fn a_build_that_is_repeated_is_the_same_and_so_is_its_past() {
    let (scratch, index) = harbour(4);
    let mut broken = project_json("harbour-buoy", &RELEASES);
    yank(&mut broken, "1.1", "leaks");
    index.json("harbour-buoy", broken);
    index.fault("harbour-crane", Fault::Rubbish);
    built(&scratch, Some(asking(&index.base())));
    let (online, past) = (tree(&scratch.path().join("dist")), tree(&scratch.path().join("answers")));
    for _ in 0..2 {
        built(&scratch, None);
        assert_eq!(tree(&scratch.path().join("dist")), online);
        assert_eq!(tree(&scratch.path().join("answers")), past);
    }
    // Nothing asked, since all but the one that failed is young enough.
    let young = shopfront::commands::resolve::Options { refresh: false, ..asking(&index.base()) };
    let count = index.requests().len();
    built(&scratch, Some(young));
    assert!(index.requests()[count..].iter().all(|it| it.path.contains("harbour-crane")));
    assert_eq!(tree(&scratch.path().join("dist")), online);
}

#[test]
fn threads_and_the_order_of_files_make_no_difference() {
    let one = Scratch::base();
    let two = Scratch::empty();
    for name in HARBOUR {
        one.write(&format!("catalogue/datasette/{name}.json"), &snippet(name));
    }
    // The same files, made in the opposite order, some in folders of their own first.
    for (path, bytes) in tree(one.path()).into_iter().rev() {
        two.write(&path, std::str::from_utf8(&bytes).unwrap());
    }
    for (scratch, threads) in [(&one, "1"), (&two, "4")] {
        let run = ended(program(scratch, &["build", "--offline"]).env("RAYON_NUM_THREADS", threads));
        assert_eq!(run.exit, 0, "{}", run.stderr);
    }
    assert_eq!(difference(one.path(), two.path()), Vec::<String>::new());
}

#[test]
fn a_time_that_is_claimed_is_the_time_of_the_build() {
    let scratch = Scratch::base();
    let at = |epoch: &str| {
        let run = ended(program(&scratch, &["build", "--offline"]).env("SOURCE_DATE_EPOCH", epoch));
        (run.exit, run.stderr)
    };
    assert_eq!(at("1767225600").0, 0);
    assert_eq!(json(&scratch, "plugins.json")["generated_at"], "2026-01-01T00:00:00Z");
    assert_eq!(json(&scratch, "plugins.json")["plugins"][0]["listed_at"], "2026-01-01T00:00:00Z");
    let first = tree(&scratch.path().join("dist"));
    assert_eq!(at("1767225600").0, 0);
    assert_eq!(tree(&scratch.path().join("dist")), first);
    let (exit, stderr) = at("yesterday");
    assert_eq!(exit, 2);
    assert!(stderr.contains("SOURCE_DATE_EPOCH is `yesterday`, which is no number of seconds"), "{stderr}");
}

#[test]
fn faults_of_the_files_refuse_a_build_and_keep_the_old_store() {
    let scratch = Scratch::base();
    built(&scratch, None);
    let before = tree(&scratch.path().join("dist"));
    scratch.write("catalogue/fiab/broken.json", "{\n");
    let outcome = build(&scratch, None).unwrap();
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (1, ""));
    assert!(outcome.stderr.starts_with("error[not-json]") && outcome.stderr.contains("nothing was published"), "{}", outcome.stderr);
    assert_eq!(tree(&scratch.path().join("dist")), before);
}

// A whole build, file by file.

/// Bytes that are no text are told by their digest, and the public index by another name.
fn told(path: &str, bytes: &[u8]) -> String {
    let public = shopfront::registry::find("pypi").unwrap().default_address();
    let text = std::str::from_utf8(bytes).map(|text| text.replace(public, "https://registry.example"));
    match text {
        Ok(text) if path.ends_with(".json") => {
            // One line a value, so that a change can be read; what is published is compact where it is large.
            let value: Value = serde_json::from_str(&text).unwrap();
            serde_json::to_string_pretty(&value).unwrap() + "\n"
        }
        Ok(text) => text,
        Err(_) => format!("{}\n", shopfront::digest::sha256(bytes)),
    }
}

/// Files that are the same in every store: they have tests of their own.
fn is_same_everywhere(path: &str) -> bool {
    ["schema/", "errors/", "assets/"].iter().any(|folder| path.starts_with(folder)) || path == "SHA256SUMS"
}

#[test]
fn a_small_store_is_published_as_the_files_beside_it_say() {
    let case = fixtures().join("build/small");
    let scratch = Scratch::empty();
    for folder in ["catalogue", "answers"] {
        fs::create_dir(scratch.path().join(folder)).unwrap();
        for (path, bytes) in tree(&case.join(folder)) {
            let target = scratch.path().join(folder).join(path);
            fs::create_dir_all(target.parent().unwrap()).unwrap();
            fs::write(target, bytes).unwrap();
        }
    }
    built(&scratch, None);
    let published = tree(&scratch.path().join("dist"));
    let expected = if case.join("expected").is_dir() { tree(&case.join("expected")) } else { BTreeMap::new() };
    let mut differences = Vec::new();
    for (path, bytes) in published.iter().filter(|(path, _)| !is_same_everywhere(path)) {
        differences.extend(golden_difference(&case.join("expected").join(path), &told(path, bytes)));
    }
    for path in expected.keys().filter(|path| !published.contains_key(*path)) {
        differences.extend(golden_difference(&case.join("expected").join(path), ""));
    }
    golden::assert_none(&differences);
}

/// An empty file is a file, other than an empty report.
fn golden_difference(path: &Path, actual: &str) -> Option<String> {
    let is_there = path.is_file();
    if actual.is_empty() && path.ends_with(".nojekyll") {
        if !is_there && std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        return (!path.is_file()).then(|| format!("{} is missing", path.display()));
    }
    golden::difference(path, actual)
}
