//! Tests of upstream stores: merged under the configured name, kept as the last valid copy, and
//! trusted only for text.

use std::fs;

use serde_json::{Value, json};
use shopfront::commands::resolve::Options;
use shopfront_model::answers::ProjectKey;
use shopfront_model::catalogue::Uid;

use crate::fake_index::{FakeIndex, Fault};
use crate::scratch::Scratch;
use crate::support::{asking, built, json as published, problems_of, text, tree};

/// Returns an entry of an upstream store in the current format.
pub(crate) fn entry(host: &str, id: &str) -> Value {
    let project = format!("fiab-plugin-{id}");
    let base = "https://sister.example";
    json!({
        "uid": Uid::new(&ProjectKey::pypi(&project), Some(&project.replace('-', "_"))).0, "host": host, "id": id, "store": {"id": "what-it-calls-itself", "title": "What it calls itself"},
        "display_name": format!("Sister's {id}"), "display_description": "From the sister store.", "author": "The sister's crew",
        "source": {"kind": "pypi", "name": project, "url": format!("https://registry.example/project/{project}/")},
        "module_name": project.replace('-', "_"), "version": "6.1.0", "released_at": "2026-07-01T00:00:00Z", "requires_python": ">=3.12",
        "compatible": {"6": "6.1.0"}, "license": "MIT", "categories": [], "keywords": ["sea"], "homepage": null, "documentation": null,
        "repository": null, "issues": null, "lifecycle": null, "listed_at": "2026-01-01T00:00:00Z",
        "page": format!("{base}/{host}/{id}/"), "api": format!("{base}/api/v1/plugins/{host}/{id}.json"),
    })
}

pub(crate) fn document(plugins: &[Value]) -> Value {
    json!({
        "format": 1, "store": {"id": "sister", "title": "Sister", "url": "https://sister.example/"},
        "generated_at": "2026-11-19T00:00:00Z", "plugins": plugins,
    })
}

pub(crate) fn serve(sister: &FakeIndex, document: &Value) {
    sister.serve("/plugins.json", "application/json", document.to_string());
}

/// Returns the base store with one upstream. Answers for its projects are saved, and no registry is
/// queried for them.
pub(crate) fn store(sister: &FakeIndex, install: bool) -> Scratch {
    let scratch = Scratch::base();
    let path = scratch.path().join("catalogue/store.json");
    let mut store: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    let mut upstream =
        json!({"id": "sister", "title": "Sister & aunt", "url": sister.base() + "/"});
    if install {
        upstream["install"] = json!(true);
    }
    store["title"] = json!("Example plugin store");
    store["upstreams"] = json!([upstream]);
    fs::write(path, serde_json::to_string_pretty(&store).unwrap() + "\n").unwrap();
    scratch
}

/// Returns options with which queries of the package index fail at once: only upstreams are
/// relevant here.
pub(crate) fn asking_upstreams() -> Options {
    let mut options = asking("http://127.0.0.1:9/");
    options.patience.retries = 0;
    options.patience.request_timeout = std::time::Duration::from_millis(1_200);
    options
}

pub(crate) fn listed(scratch: &Scratch) -> Vec<String> {
    let document = published(scratch, "plugins.json");
    let name = |it: &Value| {
        format!(
            "{}/{}",
            it["host"].as_str().unwrap(),
            it["id"].as_str().unwrap()
        )
    };
    document["plugins"]
        .as_array()
        .unwrap()
        .iter()
        .map(name)
        .collect()
}

fn of(scratch: &Scratch, id: &str) -> Value {
    let document = published(scratch, "plugins.json");
    document["plugins"]
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["id"] == id)
        .unwrap()
        .clone()
}

fn fiab(scratch: &Scratch) -> Vec<String> {
    published(scratch, "fiab/plugins.json")["plugins"]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect()
}

#[test]
fn entries_of_another_store_are_shown_under_its_name_and_left_out_of_hosts_own_files() {
    let sister = FakeIndex::start();
    let mut clash = entry("fiab", "ecmwf");
    clash["display_name"] = json!("Not the real one");
    serve(
        &sister,
        &document(&[
            entry("datasette", "maps"),
            clash,
            entry("fiab", "zarr"),
            entry("qgis", "elsewhere"),
        ]),
    );
    let scratch = store(&sister, false);
    built(&scratch, Some(asking_upstreams()));
    assert_eq!(
        listed(&scratch),
        [
            "datasette/graphql",
            "datasette/maps",
            "fiab/ecmwf",
            "fiab/zarr",
            "qgis/elsewhere"
        ]
    );
    let zarr = of(&scratch, "zarr");
    assert_eq!(
        zarr["store"],
        json!({"id": "sister", "title": "Sister & aunt"})
    );
    assert_eq!(
        (&zarr["version"], &zarr["page"]),
        (&json!("6.1.0"), &json!("https://sister.example/fiab/zarr/"))
    );
    assert_eq!(of(&scratch, "ecmwf")["display_name"], "ECMWF forecasts");
    assert_eq!(of(&scratch, "ecmwf")["store"]["id"], "example-store");
    assert_eq!(fiab(&scratch), ["ecmwf"]);
    let page = text(&scratch, "fiab/index.html");
    assert!(
        page.contains("href=\"https://sister.example/fiab/zarr/\"")
            && page.contains("Sister &amp; aunt"),
        "{page}"
    );
    assert!(
        !scratch.path().join("dist/fiab/zarr").exists()
            && !scratch.path().join("dist/qgis").exists()
    );
    assert_eq!(
        published(&scratch, "api/v1/health.json")["counts"]["plugins"],
        5
    );
    let index = published(&scratch, "api/v1/index.json");
    assert_eq!(
        index["plugins"][3]["page"],
        "https://sister.example/fiab/zarr/"
    );
    assert_eq!(problems_of(&scratch, "-/-"), Vec::<String>::new());
}

#[test]
fn news_of_another_store_are_in_the_feeds_of_the_store_and_the_host_unless_their_time_is_to_come() {
    let sister = FakeIndex::start();
    let mut early = entry("fiab", "early");
    early["listed_at"] = json!("2199-01-01T00:00:00Z");
    let crowd = (0..40).map(|number| entry("datasette", &format!("crowd-{number:02}")));
    let all: Vec<Value> = [entry("fiab", "zarr"), early, entry("qgis", "elsewhere")]
        .into_iter()
        .chain(crowd)
        .collect();
    serve(&sister, &document(&all));
    let scratch = store(&sister, false);
    built(&scratch, Some(asking_upstreams()));
    let of_host = text(&scratch, "fiab/feed.xml");
    for part in [
        "<title>Sister&#39;s zarr is listed in Sister &amp; aunt</title>\n<updated>2026-01-01T00:00:00Z</updated>",
        ",2026-01-01:example-store+sister/fiab/zarr</id>",
        "<title>Sister&#39;s zarr 6.1.0</title>\n<updated>2026-07-01T00:00:00Z</updated>",
        "href=\"https://sister.example/fiab/zarr/\"",
    ] {
        assert!(of_host.contains(part), "{part} is not in\n{of_host}");
    }
    assert!(
        !of_host.contains("early") && !of_host.contains("crowd"),
        "{of_host}"
    );
    let of_store = text(&scratch, "feed.xml");
    assert_eq!(of_store.matches("+sister/").count(), 24, "{of_store}");
    assert!(
        of_store.contains("ECMWF forecasts is listed in") && !of_store.contains("elsewhere"),
        "{of_store}"
    );
}

#[test]
fn entries_are_installed_from_another_store_only_where_that_is_wanted_and_safe() {
    let sister = FakeIndex::start();
    let changed = |id: &str, change: &dyn Fn(&mut Value)| {
        let mut entry = entry("fiab", id);
        change(&mut entry);
        // True to what it says, so that nothing but the change is looked at.
        let project = ProjectKey::new(
            entry["source"]["kind"].as_str().unwrap(),
            entry["source"]["name"].as_str().unwrap(),
        );
        entry["uid"] = json!(Uid::new(&project.unwrap(), entry["module_name"].as_str()).0);
        entry
    };
    serve(
        &sister,
        &document(&[
            entry("fiab", "zarr"),
            entry("datasette", "maps"),
            changed("no-version", &|it| it["version"] = json!(null)),
            changed("url", &|it| {
                it["source"]["name"] = json!("x @ https://evil.example/x.whl")
            }),
            changed("flag", &|it| {
                it["source"]["name"] = json!("--index-url=https://evil.example")
            }),
            changed("extra", &|it| {
                it["source"]["name"] = json!("fiab-plugin-extra[all]")
            }),
            changed("github", &|it| it["source"]["kind"] = json!("github")),
            changed("other-module", &|it| it["module_name"] = json!("os")),
            changed("index", &|it| {
                it["source"]["registry_url"] = json!("https://index.sister.example/simple/")
            }),
            changed("no-module", &|it| it["module_name"] = json!(null)),
            changed("no-fit", &|it| it["compatible"] = json!({"99": "99.0"})),
            changed("blank", &|it| it["display_name"] = json!("")),
            changed("html", &|it| {
                it["display_description"] = json!("<img src=x onerror=alert(1)>")
            }),
            changed("control", &|it| it["author"] = json!("a\u{1b}[2Jb")),
            changed("withdrawn", &|it| {
                it["lifecycle"] = json!({"state": "withdrawn", "reason": null, "evidence": null, "successor": null});
            }),
            changed(&"a".repeat(70), &|_| {}),
        ]),
    );
    let scratch = store(&sister, true);
    let told = built(&scratch, Some(asking_upstreams()));
    assert_eq!(fiab(&scratch), ["ecmwf", "zarr"], "{told}");
    // The file has no place for an index: its host would look for the project in the public one.
    let problems = text(&scratch, "api/v1/problems.json");
    let of_index = "`fiab/index` of the store `sister` is in no file that hosts install from: its releases are in an index of their own";
    assert!(
        listed(&scratch).contains(&"fiab/index".to_owned()) && problems.contains(of_index),
        "{problems}"
    );
    assert_eq!(
        published(&scratch, "fiab/plugins.json")["plugins"]["zarr"],
        json!({
            "pip_source": "fiab-plugin-zarr", "module_name": "fiab_plugin_zarr", "display_title": "Sister's zarr",
            "display_description": "From the sister store.", "display_author": "The sister's crew",
        })
    );
}

#[test]
fn a_copy_is_used_while_it_is_young_and_offline_and_refreshed_on_demand() {
    let sister = FakeIndex::start();
    serve(&sister, &document(&[entry("fiab", "zarr")]));
    let scratch = store(&sister, false);
    built(&scratch, Some(asking_upstreams()));
    serve(&sister, &document(&[entry("fiab", "grib")]));
    built(
        &scratch,
        Some(Options {
            refresh: false,
            ..asking_upstreams()
        }),
    );
    assert_eq!(
        listed(&scratch),
        ["datasette/graphql", "fiab/ecmwf", "fiab/zarr"]
    );
    built(&scratch, None);
    let offline = tree(&scratch.path().join("dist"));
    assert_eq!(sister.requests().len(), 1);
    built(&scratch, None);
    assert_eq!(tree(&scratch.path().join("dist")), offline);
    built(&scratch, Some(asking_upstreams()));
    assert_eq!(
        listed(&scratch),
        ["datasette/graphql", "fiab/ecmwf", "fiab/grib"]
    );
    assert_eq!(sister.requests().len(), 2);
}

#[test]
fn a_broken_store_keeps_its_last_good_copy_and_is_reported() {
    let sister = FakeIndex::start();
    serve(&sister, &document(&[entry("fiab", "zarr")]));
    let scratch = store(&sister, false);
    built(&scratch, Some(asking_upstreams()));
    let good = listed(&scratch);
    let elsewhere = FakeIndex::start();
    let faults = [
        Fault::NotFound404,
        Fault::ServerError500 { times: u32::MAX },
        Fault::Hang,
        Fault::CutBody,
        Fault::WrongLength,
        Fault::Rubbish,
        Fault::HugeBody { bytes: 65 << 20 },
        Fault::RedirectElsewhere {
            to: format!("{}/plugins.json", elsewhere.base()),
        },
        Fault::RedirectLoop,
    ];
    for fault in faults {
        sister.fault("*", fault.clone());
        let told = built(&scratch, Some(asking_upstreams()));
        assert!(
            told.contains("warning: stale-upstream: 1, see api/v1/problems.json"),
            "{fault:?}: {told}"
        );
        assert_eq!(listed(&scratch), good, "{fault:?}");
        assert_eq!(problems_of(&scratch, "-/-"), ["stale-upstream"]);
        let problem = published(&scratch, "api/v1/problems.json")["problems"][0].clone();
        assert!(
            problem["message"]
                .as_str()
                .unwrap()
                .starts_with("the store `Sister & aunt` could not be read: "),
            "{problem}"
        );
        assert!(problem["since"].is_string());
        assert_ne!(published(&scratch, "api/v1/health.json")["status"], "ok");
    }
    assert!(elsewhere.requests().is_empty());
    sister.heal("*");
    built(&scratch, Some(asking_upstreams()));
    assert_eq!(problems_of(&scratch, "-/-"), Vec::<String>::new());
}

/// One that is slow would hold up every run.
#[test]
fn a_store_in_trouble_is_left_alone_for_a_while() {
    let sister = FakeIndex::start();
    let scratch = store(&sister, false);
    for (refresh, requests) in [(false, 1), (false, 1), (true, 2), (false, 2)] {
        let told = built(
            &scratch,
            Some(Options {
                refresh,
                ..asking_upstreams()
            }),
        );
        assert!(
            told.contains("warning: stale-upstream: 1, see api/v1/problems.json"),
            "{told}"
        );
        assert_eq!(sister.requests().len(), requests);
    }
}

#[test]
fn a_store_that_never_answered_is_reported_and_stops_nothing() {
    let sister = FakeIndex::start();
    let scratch = store(&sister, true);
    built(&scratch, None);
    assert_eq!(problems_of(&scratch, "-/-"), ["stale-upstream"]);
    built(&scratch, Some(asking_upstreams()));
    assert_eq!(listed(&scratch), ["datasette/graphql", "fiab/ecmwf"]);
    assert_eq!(problems_of(&scratch, "-/-"), ["stale-upstream"]);
}

#[test]
fn a_document_that_is_not_of_our_format_is_refused_whole() {
    let sister = FakeIndex::start();
    let good = document(&[entry("fiab", "zarr")]);
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut changed = good.clone();
        change(&mut changed);
        changed
    };
    let bad = [
        json!([]),
        json!({}),
        json!("plugins"),
        changed(&|it| it["format"] = json!(2)),
        changed(&|it| it["extra"] = json!(1)),
        changed(&|it| it["plugins"][0]["extra"] = json!(1)),
        changed(&|it| it["plugins"][0]["page"] = json!("javascript:alert(1)")),
        changed(&|it| it["plugins"][0]["homepage"] = json!("data:text/html,<script>")),
        changed(&|it| it["plugins"][0]["repository"] = json!("http://127.0.0.1:8000/")),
        changed(&|it| it["plugins"][0]["source"]["url"] = json!("file:///etc/passwd")),
        changed(&|it| it["plugins"][0]["host"] = json!("../../x")),
        changed(&|it| it["plugins"][0]["id"] = json!("a/b")),
        changed(&|it| it["plugins"][0]["uid"] = json!("x")),
        changed(&|it| it["plugins"][0]["version"] = json!(6)),
        changed(&|it| it["plugins"][0]["released_at"] = json!("yesterday")),
        changed(&|it| it["plugins"][0]["keywords"] = json!([1])),
        changed(&|it| it["plugins"][0]["lifecycle"] = json!({"state": "fine"})),
    ];
    for document in bad {
        serve(&sister, &document);
        let scratch = store(&sister, true);
        built(&scratch, Some(asking_upstreams()));
        assert_eq!(
            listed(&scratch),
            ["datasette/graphql", "fiab/ecmwf"],
            "{document}"
        );
        assert_eq!(
            problems_of(&scratch, "-/-"),
            ["stale-upstream"],
            "{document}"
        );
    }
}

#[test]
fn hostile_words_of_another_store_are_only_words() {
    let sister = FakeIndex::start();
    let mut hostile = entry("fiab", "zarr");
    let script = "</script><script>alert(1)</script>{{ 1234 * 5678 }}\"'\u{1b}]0;x\u{7}";
    for key in [
        "display_name",
        "display_description",
        "author",
        "license",
        "requires_python",
        "version",
    ] {
        hostile[key] = json!(script);
    }
    hostile["page"] = json!("https://sister.example/\"onmouseover=\"alert(1)/<b>");
    serve(&sister, &document(&[hostile, entry("fiab", "grib")]));
    let scratch = store(&sister, false);
    let told = built(&scratch, Some(asking_upstreams()));
    assert!(!told.contains('\u{1b}'));
    assert_eq!(
        listed(&scratch),
        ["datasette/graphql", "fiab/ecmwf", "fiab/grib"]
    );
    for (path, bytes) in tree(&scratch.path().join("dist")) {
        if path.ends_with(".html") && !path.starts_with("errors/") {
            let page = String::from_utf8(bytes).unwrap();
            assert!(
                !page.contains("<script>alert")
                    && !page.contains("\"onmouseover")
                    && !page.contains("7006652"),
                "{path}"
            );
        }
    }
    assert_eq!(fiab(&scratch), ["ecmwf"]);
}

#[test]
fn a_fault_that_quotes_another_store_is_short_and_plain() {
    let sister = FakeIndex::start();
    let mut plugin = entry("fiab", "zarr");
    plugin[format!("\u{1b}[2J{}", "x".repeat(50_000))] = json!(1);
    serve(&sister, &document(&[plugin]));
    let scratch = store(&sister, false);
    let told = built(&scratch, Some(asking_upstreams()));
    assert!(!told.contains('\u{1b}'));
    let kept = fs::read_to_string(scratch.path().join("answers/upstreams/sister.json")).unwrap();
    assert!(
        kept.len() < 1_000 && !kept.contains("\\u001b"),
        "{}",
        kept.len()
    );
}

#[test]
fn of_two_stores_with_the_same_entry_the_first_has_it() {
    let (one, two) = (FakeIndex::start(), FakeIndex::start());
    serve(&one, &document(&[entry("fiab", "zarr")]));
    serve(
        &two,
        &document(&[entry("fiab", "zarr"), entry("fiab", "grib")]),
    );
    let scratch = store(&one, false);
    let path = scratch.path().join("catalogue/store.json");
    let mut file: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    file["upstreams"]
        .as_array_mut()
        .unwrap()
        .push(json!({"id": "aunt", "title": "The aunt", "url": two.base() + "/"}));
    fs::write(&path, serde_json::to_string_pretty(&file).unwrap() + "\n").unwrap();
    built(&scratch, Some(asking_upstreams()));
    assert_eq!(
        (
            of(&scratch, "zarr")["store"]["id"].clone(),
            of(&scratch, "grib")["store"]["id"].clone()
        ),
        (json!("sister"), json!("aunt"))
    );

    // Another URL is another store: no data of the old one appears under its name.
    file["upstreams"][1]["url"] = json!("http://127.0.0.1:9/");
    fs::write(&path, serde_json::to_string_pretty(&file).unwrap() + "\n").unwrap();
    built(&scratch, None);
    assert!(!listed(&scratch).contains(&"fiab/grib".to_owned()));
}

#[test]
fn a_copy_that_is_none_is_not_used_and_is_asked_for_again() {
    for broken in ["{", "[]", r#"{"format": 2}"#] {
        let sister = FakeIndex::start();
        let scratch = store(&sister, false);
        scratch.write("answers/upstreams/sister.json", broken);
        built(&scratch, None);
        assert!(
            !listed(&scratch).contains(&"fiab/zarr".to_owned()),
            "{broken}"
        );
    }
    // A copy that claims to be fresh and valid, with an invalid document.
    let sister = FakeIndex::start();
    serve(&sister, &document(&[entry("fiab", "zarr")]));
    let scratch = store(&sister, false);
    let url = sister.base() + "/";
    let foreign = json!({"format": 1, "url": url, "checked_at": jiff::Timestamp::now(), "trouble": null, "document": {"format": 1}});
    scratch.write("answers/upstreams/sister.json", &foreign.to_string());
    built(
        &scratch,
        Some(Options {
            refresh: false,
            ..asking_upstreams()
        }),
    );
    assert!(listed(&scratch).contains(&"fiab/zarr".to_owned()));
}
