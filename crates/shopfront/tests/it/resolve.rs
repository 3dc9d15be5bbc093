//! Tests of registry queries: requests, every kind of failure, and preservation of the last valid
//! answer.

use std::time::{Duration, Instant};

use serde_json::json;
use shopfront::commands::resolve::Options;
use shopfront_model::answers::{ProjectKey, State};
use shopfront_registry::http::RetryPolicy;

use crate::fake_index::{
    FakeIndex, Fault, Validators, project_json, simple_html_page, simple_json_page,
};
use crate::scratch::Scratch;
use crate::support::{RELEASES, age, ask, asking, patience, saved};

const MORE: [(&str, &str); 3] = [RELEASES[0], RELEASES[1], ("1.2", "2025-03-01T00:00:00Z")];

fn index_of(names: &[&str]) -> FakeIndex {
    let index = FakeIndex::start();
    for name in names {
        index.json(name, project_json(name, &RELEASES));
    }
    index
}

fn only_old_enough(base: &str) -> Options {
    Options {
        refresh: false,
        ..asking(base)
    }
}

#[test]
fn an_answer_is_saved_with_its_text_and_not_asked_for_while_it_is_young() {
    let index = index_of(&["buoy"]);
    let scratch = Scratch::empty();
    let workspace = scratch.workspace();
    let asked = ask(&workspace, &["Buoy"], &asking(&index.base()));
    assert_eq!((asked.asked, asked.new, asked.failed.len()), (1, 1, 0));
    let answer = saved(&workspace, "buoy");
    let project = answer.found().unwrap();
    assert_eq!(project.newest_release().unwrap().0.version, "1.1");
    assert!(answer.validators.as_ref().unwrap().etag.is_some());
    let description = project.newest.description.as_ref().unwrap();
    assert!(
        workspace
            .answers_dir
            .description(&description.sha256)
            .unwrap()
            .unwrap()
            .starts_with("# buoy\n")
    );
    let request = &index.documents()[0];
    assert!(
        request
            .header("user-agent")
            .unwrap()
            .starts_with("shopfront/")
    );
    assert_eq!(
        (request.path.as_str(), request.header("accept")),
        ("/pypi/buoy/json", Some("application/json"))
    );

    assert_eq!(
        ask(&workspace, &["buoy"], &only_old_enough(&index.base())).fresh,
        1
    );
    assert_eq!(index.documents().len(), 1);
    age(&workspace, "buoy", 3_700);
    assert_eq!(
        ask(&workspace, &["buoy"], &only_old_enough(&index.base())).asked,
        1
    );
    assert_eq!(ask(&workspace, &["buoy"], &asking(&index.base())).asked, 1);
    assert_eq!(index.documents().len(), 3);
}

#[test]
fn what_is_unchanged_is_not_sent_again() {
    for (validators, header) in [
        (Validators::ETag, "if-none-match"),
        (Validators::LastModified, "if-modified-since"),
    ] {
        let index = index_of(&["buoy"]);
        index.validators(validators);
        let scratch = Scratch::empty();
        let workspace = scratch.workspace();
        ask(&workspace, &["buoy"], &asking(&index.base()));
        let before = age(&workspace, "buoy", 5_000);
        let asked = ask(&workspace, &["buoy"], &asking(&index.base()));
        assert_eq!((asked.asked, asked.new), (1, 0));
        let requests = index.documents();
        assert!(
            requests[0].header(header).is_none() && requests[1].header(header).is_some(),
            "{header}"
        );
        let after = saved(&workspace, "buoy");
        assert_eq!(
            (&after.project, &after.validators),
            (&before.project, &before.validators)
        );
        assert!(after.checked_at > before.checked_at);

        index.json("buoy", project_json("buoy", &MORE));
        assert_eq!(ask(&workspace, &["buoy"], &asking(&index.base())).new, 1);
        assert_eq!(saved(&workspace, "buoy").found().unwrap().releases.len(), 3);
    }
}

#[test]
fn an_index_without_validators_is_asked_in_full() {
    let index = index_of(&["buoy"]);
    index.validators(Validators::None);
    let scratch = Scratch::empty();
    let workspace = scratch.workspace();
    ask(&workspace, &["buoy"], &asking(&index.base()));
    let asked = ask(&workspace, &["buoy"], &asking(&index.base()));
    assert_eq!((asked.asked, asked.new, asked.failed.len()), (1, 0, 0));
    assert_eq!(saved(&workspace, "buoy").validators, None);
    let headers = |name: &str| {
        index
            .documents()
            .iter()
            .filter(|it| it.header(name).is_some())
            .count()
    };
    assert_eq!(
        (
            index.documents().len(),
            headers("if-none-match"),
            headers("if-modified-since")
        ),
        (2, 0, 0)
    );
}

#[test]
fn a_text_that_is_missing_is_fetched_again() {
    let index = index_of(&["buoy"]);
    let scratch = Scratch::empty();
    let workspace = scratch.workspace();
    ask(&workspace, &["buoy"], &asking(&index.base()));
    std::fs::remove_dir_all(scratch.path().join("answers/descriptions")).unwrap();
    assert_eq!(
        ask(&workspace, &["buoy"], &only_old_enough(&index.base())).asked,
        1
    );
    let sha256 = saved(&workspace, "buoy")
        .project
        .unwrap()
        .newest
        .description
        .unwrap()
        .sha256;
    assert!(
        workspace
            .answers_dir
            .description(&sha256)
            .unwrap()
            .is_some()
    );
}

#[test]
fn an_old_text_goes_when_all_was_answered_and_no_answer_names_it() {
    let names = [
        "datasette",
        "datasette-graphql",
        "fiab-core",
        "fiab-plugin-ecmwf",
    ];
    let index = index_of(&names);
    let scratch = Scratch::base();
    let workspace = scratch.workspace();
    let resolve = |options: &Options| {
        shopfront::commands::resolve::run(&workspace, options)
            .unwrap()
            .stderr
    };
    let named = |name: &str| {
        saved(&workspace, name)
            .project
            .unwrap()
            .newest
            .description
            .unwrap()
            .sha256
    };
    resolve(&asking(&index.base()));
    let (old, other) = (named("datasette"), named("fiab-core"));
    // For a project that no snippet names any more, and for no other.
    ask(&workspace, &["buoy"], &asking(&index_of(&["buoy"]).base()));
    let (stray, of_buoy) = ("5".repeat(64), named("buoy"));
    workspace
        .answers_dir
        .save_description(
            shopfront::answers_dir::Occasion::Asked,
            &stray,
            "# Nobody's\n",
        )
        .unwrap();
    let mut newer = project_json("datasette", &MORE);
    newer["info"]["description"] = json!("# Another text\n");
    index.json("datasette", newer);

    index.fault("fiab-core", Fault::Rubbish);
    assert!(
        !resolve(&asking(&index.base())).contains("removed"),
        "a registry failed"
    );
    assert!(
        workspace.answers_dir.has_description(&old)
            && workspace.answers_dir.has_description(&stray)
    );

    index.heal("fiab-core");
    scratch.write("answers/pypi/broken.json", "{");
    assert!(
        !resolve(&asking(&index.base())).contains("removed"),
        "an answer can not be read"
    );
    std::fs::remove_file(scratch.path().join("answers/pypi/broken.json")).unwrap();

    let told = resolve(&asking(&index.base()));
    assert!(
        told.ends_with("\nremoved 2 old descriptions that no answer names\n"),
        "{told}"
    );
    assert!(
        !workspace.answers_dir.has_description(&old)
            && !workspace.answers_dir.has_description(&stray)
    );
    assert!(
        workspace.answers_dir.has_description(&of_buoy)
            && workspace.answers_dir.has_description(&other)
    );
    assert!(workspace.answers_dir.has_description(&named("datasette")));
    assert!(!resolve(&asking(&index.base())).contains("removed"));
}

#[test]
fn a_project_that_the_index_does_not_know_is_gone_and_what_was_known_stays() {
    let index = index_of(&["buoy"]);
    let scratch = Scratch::empty();
    let workspace = scratch.workspace();
    ask(&workspace, &["buoy"], &asking(&index.base()));
    index.remove("buoy");
    assert_eq!(
        ask(&workspace, &["buoy", "never-was"], &asking(&index.base())).gone,
        2
    );
    let gone = saved(&workspace, "buoy");
    assert_eq!(
        (gone.state, gone.found(), gone.trouble.clone()),
        (State::Gone, None, None)
    );
    assert_eq!(gone.project.unwrap().releases.len(), 2);
    assert_eq!(saved(&workspace, "never-was").project, None);
    index.json("buoy", project_json("buoy", &RELEASES));
    ask(&workspace, &["buoy"], &asking(&index.base()));
    assert_eq!(saved(&workspace, "buoy").state, State::Found);
}

/// Returns every kind of failure, with its message.
fn faults(elsewhere: &FakeIndex) -> Vec<(Fault, &'static str)> {
    let to = format!("{}/pypi/buoy/json", elsewhere.base());
    vec![
        (Fault::ServerError500 { times: u32::MAX }, "status 500"),
        (
            Fault::TooMany429 {
                retry_after_seconds: 3_600,
                times: u32::MAX,
            },
            "status 429",
        ),
        (Fault::Unauthorized, "check user and password"),
        (Fault::Hang, "no answer in time"),
        (
            Fault::SlowDrip {
                bytes_per_second: 100,
            },
            "did not end in time",
        ),
        (Fault::CutBody, "broke off"),
        (Fault::WrongLength, "rubbish"),
        (Fault::Rubbish, "rubbish"),
        (Fault::HugeBody { bytes: 65 << 20 }, "larger than 64 MiB"),
        (Fault::RedirectElsewhere { to }, "another host"),
        (Fault::RedirectLoop, "in a circle"),
    ]
}

#[test]
fn whatever_an_index_does_the_last_good_answer_stays_and_says_since_when() {
    let elsewhere = index_of(&["buoy"]);
    for (fault, words) in faults(&elsewhere) {
        // 64 MB take a busy machine some time. All other failures end within the time limit.
        let whole = if matches!(fault, Fault::HugeBody { .. }) {
            Duration::from_secs(60)
        } else {
            Duration::from_millis(800)
        };
        let impatient = RetryPolicy {
            request_timeout: whole,
            retries: 0,
            ..patience()
        };
        let index = index_of(&["buoy"]);
        let scratch = Scratch::empty();
        let workspace = scratch.workspace();
        let patient = asking(&index.base());
        let options = Options {
            patience: impatient,
            ..patient.clone()
        };
        ask(&workspace, &["buoy"], &patient);
        let good = age(&workspace, "buoy", 7_200);
        index.json("buoy", project_json("buoy", &MORE));
        index.fault("*", fault.clone());
        let begun = Instant::now();
        let asked = ask(&workspace, &["buoy"], &options);
        assert!(
            begun.elapsed() < Duration::from_secs(10).max(whole),
            "{fault:?} took {:?}",
            begun.elapsed()
        );
        assert_eq!(asked.failed.len(), 1, "{fault:?}");
        let kept = saved(&workspace, "buoy");
        assert_eq!(
            (kept.state, &kept.project, kept.checked_at),
            (State::Found, &good.project, good.checked_at),
            "{fault:?}"
        );
        let trouble = kept.trouble.unwrap();
        assert!(
            trouble.message.contains(words),
            "{fault:?}: {}",
            trouble.message
        );

        // The first failure determines the recorded time, and a failed project is queried again at
        // once.
        ask(
            &workspace,
            &["buoy"],
            &Options {
                refresh: false,
                ..options
            },
        );
        assert_eq!(saved(&workspace, "buoy").trouble.unwrap().at, trouble.at);
        index.heal("*");
        ask(
            &workspace,
            &["buoy"],
            &Options {
                refresh: false,
                ..patient
            },
        );
        let healed = saved(&workspace, "buoy");
        assert_eq!(
            (healed.trouble, healed.project.unwrap().releases.len()),
            (None, 3),
            "{fault:?}"
        );
    }
    assert!(elsewhere.requests().is_empty(), "another host was asked");
}

#[test]
fn a_failure_without_an_answer_before_leaves_none() {
    let index = FakeIndex::start();
    index.fault("*", Fault::Rubbish);
    let scratch = Scratch::empty();
    let workspace = scratch.workspace();
    let asked = ask(&workspace, &["buoy"], &asking(&index.base()));
    assert_eq!(asked.failed.len(), 1);
    assert!(
        workspace
            .answers_dir
            .answer(&ProjectKey::pypi("buoy"))
            .unwrap()
            .is_none()
    );
}

#[test]
fn what_passes_is_tried_again() {
    let index = index_of(&["buoy", "crane"]);
    index.fault("buoy", Fault::ServerError500 { times: 1 });
    index.fault(
        "crane",
        Fault::TooMany429 {
            retry_after_seconds: 1,
            times: 1,
        },
    );
    let scratch = Scratch::empty();
    let workspace = scratch.workspace();
    assert_eq!(ask(&workspace, &["buoy"], &asking(&index.base())).new, 1);
    let begun = Instant::now();
    assert_eq!(ask(&workspace, &["crane"], &asking(&index.base())).new, 1);
    assert!(
        begun.elapsed() >= Duration::from_secs(1),
        "Retry-After was not obeyed"
    );
    assert_eq!(index.documents().len(), 4);
}

#[test]
fn nothing_is_tried_again_that_can_not_go_better() {
    let index = index_of(&["buoy", "crane", "keel"]);
    index.fault("buoy", Fault::Unauthorized);
    index.fault(
        "crane",
        Fault::TooMany429 {
            retry_after_seconds: 3_600,
            times: 9,
        },
    );
    index.fault(
        "keel",
        Fault::RedirectElsewhere {
            to: "http://127.0.0.1:9/".to_owned(),
        },
    );
    let scratch = Scratch::empty();
    let asked = ask(
        &scratch.workspace(),
        &["buoy", "crane", "keel"],
        &asking(&index.base()),
    );
    assert_eq!((asked.failed.len(), index.requests().len()), (3, 3));
}

#[test]
fn a_redirect_within_the_index_is_followed() {
    let index = FakeIndex::start();
    index.serve(
        "/moved/buoy.json",
        "application/json",
        project_json("buoy", &RELEASES).to_string(),
    );
    index.fault(
        "/pypi/buoy/json",
        Fault::RedirectElsewhere {
            to: "/moved/buoy.json".to_owned(),
        },
    );
    let scratch = Scratch::empty();
    assert_eq!(
        ask(&scratch.workspace(), &["buoy"], &asking(&index.base())).new,
        1
    );
}

#[test]
fn what_a_failure_quotes_is_short_and_plain() {
    let index = FakeIndex::start();
    let evil = format!("\u{1b}[31m\u{202e}{}", "a".repeat(1 << 20));
    index.json("buoy", json!({ "info": {}, "releases": evil }));
    index.json("crane", json!({ "info": { "name": evil } }));
    let scratch = Scratch::empty();
    let asked = ask(
        &scratch.workspace(),
        &["buoy", "crane"],
        &asking(&index.base()),
    );
    for (_, why) in &asked.failed {
        assert!(
            why.chars().count() <= 200 && !why.contains(['\u{1b}', '\u{202e}', '\n']),
            "{why}"
        );
    }
    assert_eq!(asked.failed.len(), 2);
}

#[test]
fn an_index_with_simple_pages_only_is_enough() {
    let html = simple_html_page("buoy", &RELEASES, &[("1.1", "leaks")]);
    let json = simple_json_page("buoy", &RELEASES, &[("1.1", "leaks")]).to_string();
    type Serve = fn(&FakeIndex, &str, &str);
    let kinds: [(Serve, &str); 2] = [
        (|it, name, body| it.simple_html(name, body), &html),
        (|it, name, body| it.simple_json(name, body), &json),
    ];
    for (serve, body) in kinds {
        for ending in ["/simple/", "/simple", ""] {
            let index = FakeIndex::start();
            serve(&index, "buoy", body);
            let scratch = Scratch::empty();
            let workspace = scratch.workspace();
            let options = asking(&format!("{}{ending}", index.base()));
            assert_eq!(
                ask(&workspace, &["buoy", "crane"], &options).gone,
                1,
                "{ending}"
            );
            let answer = saved(&workspace, "buoy");
            let releases = &answer.found().unwrap().releases;
            assert_eq!(
                (releases.len(), releases[1].yanked_reason.as_deref()),
                (2, Some("leaks"))
            );
            let asked_for_json = index
                .requests()
                .iter()
                .any(|it| it.path.starts_with("/pypi/"));
            assert_eq!(asked_for_json, ending.is_empty());
            // The validators of a page are only useful if pages are queried first.
            let conditional = |header: &str| {
                index
                    .requests()
                    .iter()
                    .filter(|it| it.header(header).is_some())
                    .count()
            };
            assert_eq!(ask(&workspace, &["buoy"], &options).new, 0);
            assert_eq!(
                conditional("if-none-match"),
                usize::from(!ending.is_empty())
            );
        }
    }
}

#[test]
fn a_garbled_document_is_made_good_by_the_simple_page_and_never_means_gone() {
    let index = index_of(&["buoy", "crane"]);
    index.fault("/pypi/buoy/json", Fault::Rubbish);
    index.fault("/pypi/crane/json", Fault::Rubbish);
    index.simple_html("buoy", simple_html_page("buoy", &RELEASES, &[]));
    let scratch = Scratch::empty();
    let workspace = scratch.workspace();
    let asked = ask(&workspace, &["buoy", "crane"], &asking(&index.base()));
    assert_eq!((asked.new, asked.gone, asked.failed.len()), (1, 0, 1));
    assert_eq!(saved(&workspace, "buoy").found().unwrap().releases.len(), 2);
}
