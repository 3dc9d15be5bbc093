//! Tests of `build`: published data comes from the answers, nothing shrinks by accident, and the
//! same inputs give the same bytes.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::fake_index::{FakeIndex, Fault, project_json, yank};
use crate::scratch::Scratch;
use crate::support::{
    HARBOUR, RELEASES, asking, build, built, difference, ended, harbour, json, problems_of,
    program, snippet, text, tree, versions,
};

fn found(version: &str) -> Option<String> {
    Some(version.to_owned())
}

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
        impatient.patience.request_timeout = std::time::Duration::from_millis(800);
        impatient.patience.retries = 0;
        let told = built(&scratch, Some(impatient));
        assert!(
            told.contains("warning: pypi/harbour-anchor: "),
            "{fault:?}: {told}"
        );
        assert_eq!(versions(&scratch), before, "{fault:?}");
        assert_eq!(
            problems_of(&scratch, "harbour/anchor"),
            ["stale-answer"],
            "{fault:?}"
        );
        let problems = json(&scratch, "api/v1/problems.json");
        let of_anchor = problems["problems"]
            .as_array()
            .unwrap()
            .iter()
            .find(|problem| problem["id"] == "anchor")
            .unwrap();
        assert!(of_anchor["since"].is_string());
        assert!(
            of_anchor["message"]
                .as_str()
                .unwrap()
                .contains("`harbour-anchor` is from 20"),
            "{problems}"
        );
        assert!(
            text(&scratch, "harbour/anchor/index.html").contains("stale"),
            "{fault:?}"
        );
        let is_everywhere = target == "*";
        assert_eq!(
            problems_of(&scratch, "harbour/buoy").is_empty(),
            !is_everywhere
        );
        let health = json(&scratch, "api/v1/health.json");
        assert_eq!(health["status"], "stale");
        assert_eq!(
            health["sources"][0]["from_cache"],
            if is_everywhere { 3 } else { 1 }
        );

        index.heal(target);
        built(&scratch, Some(asking(&index.base())));
        assert_eq!(
            problems_of(&scratch, "harbour/anchor"),
            Vec::<String>::new()
        );
        assert_eq!(json(&scratch, "api/v1/health.json")["status"], "ok");
    }
}

/// Returns the problems of the host itself, and the number of its plugins that have one.
fn of_host(scratch: &Scratch) -> (Vec<(String, String)>, usize) {
    let problems = json(scratch, "api/v1/problems.json");
    let all = problems["problems"].as_array().unwrap();
    let text = |problem: &Value, field: &str| problem[field].as_str().unwrap().to_owned();
    let of_host = all
        .iter()
        .filter(|problem| problem["id"].is_null() && problem["host"] == "harbour");
    let of_host = of_host
        .map(|problem| (text(problem, "code"), text(problem, "message")))
        .collect();
    (
        of_host,
        all.iter()
            .filter(|problem| !problem["id"].is_null())
            .count(),
    )
}

#[test]
fn what_a_registry_says_against_a_host_is_told_once_and_held_against_no_plugin() {
    type Change<'c> = &'c dyn Fn(&mut Value);
    let cases: [(&str, &str, Change<'_>); 4] = [
        ("no-release", "has no release", &|told| {
            told["releases"] = json!({});
            told["urls"] = json!([]);
        }),
        ("only-yanked", "is yanked", &|told| {
            for (version, _) in RELEASES {
                yank(told, version, "broken");
            }
        }),
        ("only-prereleases", "only pre-releases", &|told| {
            *told = project_json("harbour", &[("2.0b1", "2026-01-02T03:04:05Z")]);
        }),
        ("unknown-package", "knows no project `harbour`", &|told| {
            *told = Value::Null
        }),
    ];
    for (code, message, change) in cases {
        let (scratch, index) = harbour(3);
        let mut told = project_json("harbour", &RELEASES);
        change(&mut told);
        if told.is_null() {
            index.remove("harbour")
        } else {
            index.json("harbour", told)
        }
        built(&scratch, Some(asking(&index.base())));
        let (of_host, of_plugins) = of_host(&scratch);
        assert!(
            of_host.len() == 1 && of_host[0].0 == code && of_host[0].1.contains(message),
            "{code}: {of_host:?}"
        );
        assert_eq!(of_plugins, 0, "{code}");
        let text = ended(&mut program(&scratch, &["check"])).stdout;
        assert!(
            text.contains("catalogue/harbour/host.json:1:") && !text.contains("host-not-required"),
            "{code}: {text}"
        );
    }
}

#[test]
fn an_entry_that_was_never_asked_for_is_published_without_a_version() {
    let (scratch, index) = harbour(2);
    drop(index);
    built(&scratch, None);
    assert_eq!(
        versions(&scratch),
        BTreeMap::from([
            ("harbour/anchor".to_owned(), None),
            ("harbour/buoy".to_owned(), None)
        ])
    );
    assert_eq!(problems_of(&scratch, "harbour/buoy"), ["not-asked"]);
    assert_eq!(json(&scratch, "api/v1/health.json")["status"], "degraded");
}

#[test]
fn a_project_that_is_gone_keeps_its_page_and_leaves_the_install_list() {
    let scratch = Scratch::base();
    built(&scratch, None);
    assert!(json(&scratch, "fiab/plugins.json")["plugins"]["ecmwf"].is_object());
    let index = FakeIndex::start();
    let core = [
        ("5.0.0", "2026-09-22T10:26:17Z"),
        ("6.0.0", "2026-10-15T09:44:59Z"),
    ];
    for name in ["fiab-core", "datasette", "datasette-graphql"] {
        index.json(name, project_json(name, &core));
    }
    built(&scratch, Some(asking(&index.base())));
    assert_eq!(json(&scratch, "fiab/plugins.json")["plugins"], json!({}));
    assert_eq!(versions(&scratch)["fiab/ecmwf"], None);
    assert_eq!(problems_of(&scratch, "fiab/ecmwf"), ["unknown-package"]);
    let page = text(&scratch, "fiab/ecmwf/index.html");
    assert!(page.contains("<strong>Gone.</strong>") && page.contains("6.0.0"));
    let detail = json(&scratch, "api/v1/plugins/fiab/ecmwf.json");
    assert_eq!(
        (
            &detail["version"],
            detail["releases"].as_array().unwrap().len()
        ),
        (&Value::Null, 17)
    );
}

#[test]
fn a_build_that_is_repeated_is_the_same_and_so_is_its_past() {
    let (scratch, index) = harbour(4);
    let mut broken = project_json("harbour-buoy", &RELEASES);
    yank(&mut broken, "1.1", "leaks");
    index.json("harbour-buoy", broken);
    index.fault("harbour-crane", Fault::Rubbish);
    built(&scratch, Some(asking(&index.base())));
    let (online, past) = (
        tree(&scratch.path().join("dist")),
        tree(&scratch.path().join("answers")),
    );
    for _ in 0..2 {
        built(&scratch, None);
        assert_eq!(tree(&scratch.path().join("dist")), online);
        assert_eq!(tree(&scratch.path().join("answers")), past);
    }
    // Nothing is queried, since all answers but the failed one are fresh.
    let young = shopfront::commands::resolve::Options {
        refresh: false,
        ..asking(&index.base())
    };
    let count = index.requests().len();
    built(&scratch, Some(young));
    assert!(
        index.requests()[count..]
            .iter()
            .all(|it| it.path.contains("harbour-crane"))
    );
    assert_eq!(tree(&scratch.path().join("dist")), online);
}

#[test]
fn threads_and_the_order_of_files_make_no_difference() {
    let one = Scratch::base();
    let two = Scratch::empty();
    for name in HARBOUR {
        one.write(&format!("catalogue/datasette/{name}.json"), &snippet(name));
    }
    // The same files, created in the opposite order, some in directories of their own first.
    for (path, bytes) in tree(one.path()).into_iter().rev() {
        two.write(&path, std::str::from_utf8(&bytes).unwrap());
    }
    for (scratch, threads) in [(&one, "1"), (&two, "4")] {
        let run =
            ended(program(scratch, &["build", "--offline"]).env("RAYON_NUM_THREADS", threads));
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
    assert_eq!(
        json(&scratch, "plugins.json")["generated_at"],
        "2026-01-01T00:00:00Z"
    );
    assert_eq!(
        json(&scratch, "plugins.json")["plugins"][0]["listed_at"],
        "2026-01-01T00:00:00Z"
    );
    let first = tree(&scratch.path().join("dist"));
    assert_eq!(at("1767225600").0, 0);
    assert_eq!(tree(&scratch.path().join("dist")), first);
    let (exit, stderr) = at("yesterday");
    assert_eq!(exit, 2);
    assert!(
        stderr.contains("SOURCE_DATE_EPOCH is `yesterday`, which is no number of seconds"),
        "{stderr}"
    );
}

#[test]
fn faults_of_the_files_refuse_a_build_and_keep_the_old_store() {
    let scratch = Scratch::base();
    built(&scratch, None);
    let before = tree(&scratch.path().join("dist"));
    scratch.write("catalogue/fiab/broken.json", "{\n");
    let outcome = build(&scratch, None).unwrap();
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (1, ""));
    assert!(
        outcome.stderr.starts_with("error[not-json]")
            && outcome.stderr.contains("nothing was published"),
        "{}",
        outcome.stderr
    );
    assert_eq!(tree(&scratch.path().join("dist")), before);
}
