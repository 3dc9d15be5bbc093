//! Tests of trust data of an index beside the document: when it is queried, how often, and what
//! remains after a failure.

use serde_json::{Value, json};
use shopfront::commands::examine::Workspace;
use shopfront_model::answers::{Answer, Project, ProjectKey, Publisher};
use shopfront_registry::http::RetryPolicy;

use crate::fake_index::{FakeIndex, Fault, project_json, simple_html_page, simple_json_page};
use crate::scratch::Scratch;
use crate::support::{
    RELEASES, ask, asking, built, harbour, json, patience, problems_of, saved, snippet, text,
};

const PAGE: &str = "/simple/buoy/";

fn address(version: &str) -> String {
    format!("/integrity/buoy/{version}/buoy-{version}-py3-none-any.whl/provenance")
}

fn provenance(repository: &str) -> Value {
    json!({"version": 1, "attestation_bundles": [{
        "publisher": {"kind": "GitHub", "claims": null, "repository": repository, "workflow": "release.yml", "environment": "pypi"},
        "attestations": [{"version": 1, "envelope": {"signature": "c2lnbmVk", "statement": "e30="}, "verification_material": {}}],
    }]})
}

fn publisher(repository: &str) -> Publisher {
    Publisher {
        kind: "GitHub".to_owned(),
        repository: Some(repository.to_owned()),
        workflow: Some("release.yml".to_owned()),
        environment: Some("pypi".to_owned()),
    }
}

/// Adds provenance to every file of `version` on a JSON page.
fn attest(page: &mut Value, version: &str) {
    for file in page["files"].as_array_mut().unwrap() {
        let name = file["filename"].as_str().unwrap().to_owned();
        if name.contains(&format!("-{version}")) {
            file["provenance"] = json!(format!("/integrity/buoy/{version}/{name}/provenance"));
        }
    }
}

fn page(attested: &[&str]) -> Value {
    let mut page = simple_json_page("buoy", &RELEASES, &[]);
    attested
        .iter()
        .for_each(|version| attest(&mut page, version));
    page
}

/// Returns an index whose `buoy` 1.1 is attested by `rosa/buoy`.
fn index() -> FakeIndex {
    let index = FakeIndex::start();
    index.json("buoy", project_json("buoy", &RELEASES));
    index.simple_json("buoy", page(&["1.1"]));
    index.serve(
        &address("1.1"),
        "application/vnd.pypi.integrity.v1+json",
        provenance("rosa/buoy").to_string(),
    );
    index
}

/// Queries without waiting between attempts, and returns the resulting project.
fn asked(workspace: &Workspace, index: &FakeIndex) -> Project {
    let options = asking(&index.base());
    let patience = RetryPolicy {
        retries: 0,
        ..patience()
    };
    let asked = ask(
        workspace,
        &["buoy"],
        &shopfront::commands::resolve::Options {
            patience,
            ..options
        },
    );
    assert!(asked.failed.is_empty(), "{:?}", asked.failed);
    saved(workspace, "buoy").project.unwrap()
}

fn attested(project: &Project) -> Vec<Option<bool>> {
    project
        .releases
        .iter()
        .map(|release| release.attested)
        .collect()
}

/// Returns the number of requests for the document, the page, and the provenance of 1.1.
fn counts(index: &FakeIndex) -> [usize; 3] {
    let count = |path: &str| {
        index
            .requests()
            .iter()
            .filter(|request| request.path == path)
            .count()
    };
    [
        count("/pypi/buoy/json"),
        count(PAGE),
        count(&address("1.1")),
    ]
}

#[test]
fn the_page_beside_the_document_tells_status_and_attestations() {
    let (index, scratch) = (index(), Scratch::empty());
    let workspace = scratch.workspace();
    let project = asked(&workspace, &index);
    assert_eq!(attested(&project), [Some(false), Some(true)]);
    assert_eq!((project.status, project.status_reason), (None, None));
    let told = &project.attestations[0];
    assert_eq!(
        (told.version.as_str(), told.file.as_str()),
        ("1.1", "buoy-1.1-py3-none-any.whl")
    );
    assert_eq!(told.publisher, Some(publisher("rosa/buoy")));
    let accept = index
        .requests()
        .into_iter()
        .find(|it| it.path == address("1.1"))
        .unwrap();
    assert!(
        accept
            .header("accept")
            .unwrap()
            .starts_with("application/vnd.pypi.integrity.v1+json")
    );

    // Unchanged data is not sent again, and provenance is queried once.
    let again = asked(&workspace, &index);
    assert_eq!((again.attestations.len(), counts(&index)), (1, [2, 2, 1]));
    assert!(
        index
            .requests()
            .iter()
            .rev()
            .take(2)
            .all(|it| it.header("if-none-match").is_some())
    );

    // The document is unchanged, the page is not.
    let mut archived = page(&["1.1"]);
    archived["project-status"] = json!({"status": "archived", "reason": "moved to harbour"});
    index.simple_json("buoy", archived);
    let project = asked(&workspace, &index);
    assert_eq!(
        (project.status.as_deref(), project.status_reason.as_deref()),
        (Some("archived"), Some("moved to harbour"))
    );
    assert_eq!(counts(&index), [3, 3, 1]);
    let text = std::fs::read_to_string(scratch.path().join("answers/pypi/buoy.json")).unwrap();
    assert!(
        text.contains("\n    \"status_reason\": \"moved to harbour\",\n")
            && text.contains("\n  \"simple_page\": {"),
        "{text}"
    );
    assert!(
        workspace
            .answers_dir
            .answer(&ProjectKey::pypi("buoy"))
            .unwrap()
            .unwrap()
            .project
            .unwrap()
            .newest
            .description
            .is_some()
    );
}

#[test]
fn a_page_as_html_tells_the_same() {
    let (index, scratch) = (FakeIndex::start(), Scratch::empty());
    index.json("buoy", project_json("buoy", &RELEASES));
    let html = simple_html_page("buoy", &RELEASES, &[])
        .replace(
            "<title>",
            "<meta name=\"pypi:project-status\" content=\"quarantined\">\n<title>",
        )
        .replace(
            "data-requires-python",
            &format!(
                "data-provenance=\"{}\" data-requires-python",
                address("1.1")
            ),
        );
    index.simple_html("buoy", html);
    index.serve(
        &address("1.1"),
        "application/json",
        provenance("rosa/buoy").to_string(),
    );
    let project = asked(&scratch.workspace(), &index);
    assert_eq!(
        (project.status.as_deref(), attested(&project)),
        (Some("quarantined"), vec![Some(true), Some(true)])
    );
    assert_eq!(
        project.attestations[0].publisher,
        Some(publisher("rosa/buoy"))
    );
}

#[test]
fn an_index_of_pages_alone_tells_the_same() {
    let (index, scratch) = (index(), Scratch::empty());
    let workspace = scratch.workspace();
    let options = asking(&format!("{}/simple/", index.base()));
    for _ in 0..2 {
        assert!(ask(&workspace, &["buoy"], &options).failed.is_empty());
    }
    let project = saved(&workspace, "buoy").project.unwrap();
    assert_eq!(
        (attested(&project), counts(&index)),
        (vec![Some(false), Some(true)], [0, 2, 1])
    );
    assert_eq!(
        project.attestations[0].publisher,
        Some(publisher("rosa/buoy"))
    );
}

#[test]
fn a_page_that_tells_nothing_is_left_alone_for_a_month() {
    let old = |page: String| {
        page.replace(
            "<meta name=\"pypi:repository-version\" content=\"1.4\">",
            "",
        )
    };
    let pages = [
        None,
        Some(old(simple_html_page("buoy", &RELEASES, &[]))),
        Some("<!doctype html><title>Sign in</title>".to_owned()),
    ];
    for page in pages {
        let (index, scratch) = (FakeIndex::start(), Scratch::empty());
        let workspace = scratch.workspace();
        index.json("buoy", project_json("buoy", &RELEASES));
        if let Some(page) = &page {
            index.simple_html("buoy", page);
        }
        for _ in 0..3 {
            let project = asked(&workspace, &index);
            assert_eq!(
                (attested(&project), project.status),
                (vec![None, None], None)
            );
        }
        assert_eq!(counts(&index), [3, 1, 0], "{page:?}");
        index.simple_json("buoy", self::page(&["1.1"]));
        index.serve(
            &address("1.1"),
            "application/json",
            provenance("rosa/buoy").to_string(),
        );
        let key = ProjectKey::pypi("buoy");
        let answer = saved(&workspace, "buoy");
        let silent = answer.simple_page.clone().unwrap();
        let since = silent.silent_since.unwrap() - jiff::SignedDuration::from_hours(31 * 24);
        let older = Answer {
            simple_page: Some(shopfront_model::answers::SimplePage {
                silent_since: Some(since),
                ..silent
            }),
            ..answer
        };
        workspace.answers_dir.save(&key, &older).unwrap();
        assert_eq!(
            attested(&asked(&workspace, &index)),
            [Some(false), Some(true)],
            "{page:?}"
        );
    }
}

#[test]
fn what_the_page_told_stays_when_it_can_not_be_had() {
    let (index, scratch) = (index(), Scratch::empty());
    let workspace = scratch.workspace();
    let before = asked(&workspace, &index);
    index.fault(PAGE, Fault::ServerError500 { times: u32::MAX });
    let more = [RELEASES[0], RELEASES[1], ("1.2", "2025-03-01T00:00:00Z")];
    index.json("buoy", project_json("buoy", &more));
    let project = asked(&workspace, &index);
    assert_eq!(attested(&project), [Some(false), Some(true), None]);
    assert_eq!(project.attestations, before.attestations);

    // A changed page contains the new release. The publisher of the previous one stays known.
    index.heal(PAGE);
    let mut page = simple_json_page("buoy", &more, &[]);
    ["1.1", "1.2"]
        .iter()
        .for_each(|version| attest(&mut page, version));
    index.simple_json("buoy", page);
    index.serve(
        &address("1.2"),
        "application/json",
        provenance("mallory/buoy").to_string(),
    );
    let project = asked(&workspace, &index);
    let told: Vec<_> = project
        .attestations
        .iter()
        .map(|it| (it.version.as_str(), it.publisher.clone().unwrap()))
        .collect();
    assert_eq!(
        told,
        [
            ("1.2", publisher("mallory/buoy")),
            ("1.1", publisher("rosa/buoy"))
        ]
    );
}

#[test]
fn provenance_that_fails_is_asked_for_again_and_one_that_is_absent_is_not() {
    for (fault, asked_for) in [
        (Fault::ServerError500 { times: u32::MAX }, 3),
        (Fault::HugeBody { bytes: 2 << 20 }, 3),
        (Fault::NotFound404, 1),
        (Fault::Rubbish, 1),
    ] {
        let (index, scratch) = (index(), Scratch::empty());
        let workspace = scratch.workspace();
        index.fault(&address("1.1"), fault.clone());
        asked(&workspace, &index);
        let project = asked(&workspace, &index);
        assert_eq!(attested(&project), [Some(false), Some(true)], "{fault:?}");
        assert!(
            project.attestations.iter().all(|it| it.publisher.is_none()),
            "{fault:?}"
        );
        index.heal(&address("1.1"));
        let healed = asked(&workspace, &index);
        assert_eq!(counts(&index)[2], asked_for, "{fault:?}");
        assert_eq!(
            healed.attestations[0].publisher.is_some(),
            asked_for == 3,
            "{fault:?}"
        );
    }
}

#[test]
fn provenance_on_another_host_is_not_asked_for() {
    let (index, elsewhere, scratch) = (index(), FakeIndex::start(), Scratch::empty());
    let mut page = page(&["1.1"]);
    for file in page["files"].as_array_mut().unwrap() {
        file["provenance"] = json!(format!("{}{}", elsewhere.base(), address("1.1")));
    }
    index.simple_json("buoy", page);
    let project = asked(&scratch.workspace(), &index);
    assert_eq!(
        (attested(&project), &project.attestations[0].publisher),
        (vec![Some(true), Some(true)], &None)
    );
    assert!(elsewhere.requests().is_empty());
}

#[test]
fn a_release_with_one_file_that_is_not_attested_is_not_attested() {
    let (index, scratch) = (index(), Scratch::empty());
    let mut page = page(&["1.1"]);
    let files = page["files"].as_array_mut().unwrap();
    files
        .iter_mut()
        .find(|file| file["filename"] == "buoy-1.1.tar.gz")
        .unwrap()["provenance"] = Value::Null;
    index.simple_json("buoy", page);
    let project = asked(&scratch.workspace(), &index);
    assert_eq!(
        (attested(&project), project.attestations.len()),
        (vec![Some(false), Some(false)], 0)
    );
}

#[test]
fn pages_that_only_fail_are_left_alone_after_ten_in_a_row() {
    let names: Vec<String> = (0..15).map(|number| format!("plank-{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let (index, scratch) = (FakeIndex::start(), Scratch::empty());
    for name in &names {
        index.json(name, project_json(name, &RELEASES));
        index.fault(
            &format!("/simple/{name}/"),
            Fault::ServerError500 { times: u32::MAX },
        );
    }
    let patience = RetryPolicy {
        retries: 0,
        ..patience()
    };
    let options = shopfront::commands::resolve::Options {
        jobs: 1,
        patience,
        ..asking(&index.base())
    };
    let asked = ask(&scratch.workspace(), &names, &options);
    assert_eq!(
        (
            asked.failed.len(),
            asked.new,
            index.documents().len(),
            index.requests().len()
        ),
        (0, 15, 15, 25)
    );
}

#[test]
fn pages_say_what_the_index_says_and_what_it_means_for_the_listing() {
    let (scratch, index) = harbour(4);
    let of = |name: &str, attested: bool, status: &str| {
        let mut page = simple_json_page(name, &RELEASES, &[]);
        page["project-status"] = json!({"status": status, "reason": "as <we> said"});
        for file in page["files"]
            .as_array_mut()
            .unwrap()
            .iter_mut()
            .filter(|_| attested)
        {
            file["provenance"] = json!(format!("/integrity/{name}"));
        }
        index.simple_json(name, page);
        index.serve(
            &format!("/integrity/{name}"),
            "application/json",
            provenance("rosa/harbour").to_string(),
        );
    };
    of("harbour-anchor", true, "active");
    of("harbour-buoy", true, "active");
    of("harbour-crane", false, "archived");
    of("harbour-dredger", true, "quarantined");
    for (name, owner) in [("anchor", "rosa"), ("buoy", "mallory")] {
        let stated = format!(
            "\"module_name\": \"harbour_{name}\",\n  \"repository\": \"https://github.com/{owner}/harbour\"\n}}"
        );
        let own =
            snippet(name).replace(&format!("\"module_name\": \"harbour_{name}\"\n}}"), &stated);
        scratch.write(&format!("catalogue/harbour/{name}.json"), &own);
    }
    built(&scratch, Some(asking(&index.base())));
    let page = |name: &str| text(&scratch, &format!("harbour/{name}/index.html"));
    let by = "1.1 was published by the workflow <code>release.yml</code> of <a class=\"out\" href=\"https://github.com/rosa/harbour\"";
    assert!(
        page("anchor").contains(by)
            && page("anchor").contains("on GitHub, the repository linked here.")
    );
    assert!(
        page("buoy").contains(by)
            && page("buoy").contains("<strong>not the repository linked here</strong>")
    );
    assert!(
        page("crane").contains("1.1 is not attested")
            && page("crane").contains("<strong>Archived.</strong>")
    );
    assert!(
        page("crane").contains("<small dir=\"auto\">as &lt;we&gt; said</small>")
            && page("crane").contains("<h2 id=\"install\">")
    );
    assert!(
        page("dredger").contains("<strong>In quarantine.</strong>")
            && !page("dredger").contains("<h2 id=\"install\">")
    );
    assert_eq!(
        text(&scratch, "harbour/index.html")
            .matches("<span class=\"tag bad\" data-mark=\"quarantined\">in quarantine</span>")
            .count(),
        1
    );
    for name in ["anchor", "buoy", "crane", "dredger"] {
        assert!(!page(name).to_lowercase().contains("verified"), "{name}");
    }
    let problems = |name: &str| problems_of(&scratch, &format!("harbour/{name}")).join(" ");
    assert_eq!(
        (problems("anchor"), problems("buoy")),
        (String::new(), "foreign-publisher".to_owned())
    );
    assert_eq!(
        (problems("crane"), problems("dredger")),
        (
            "archived-project".to_owned(),
            "quarantined-project".to_owned()
        )
    );
    let told = json(&scratch, "api/v1/plugins/harbour/anchor.json");
    let expected = json!({"kind": "GitHub", "repository": "https://github.com/rosa/harbour", "workflow": "release.yml", "environment": "pypi"});
    assert_eq!(
        (
            &told["attestation"],
            &told["releases"][0]["attested"],
            &told["status"]
        ),
        (&expected, &json!(true), &Value::Null)
    );
    let held = json(&scratch, "api/v1/plugins/harbour/dredger.json");
    assert_eq!(
        (&held["status"], &held["status_reason"]),
        (&json!("quarantined"), &json!("as <we> said"))
    );
}

#[test]
fn a_publisher_is_compared_with_what_a_snippet_states() {
    let of = |repository: &str| publisher(repository);
    for same in [
        "https://github.com/rosa/buoy",
        "https://github.com/Rosa/Buoy.git",
        "https://www.github.com/rosa/buoy/",
        "http://github.com/rosa/buoy/tree/main/plugins/one",
    ] {
        assert_eq!(of("rosa/buoy").is_at(same), Some(true), "{same}");
    }
    for other in [
        "https://github.com/mallory/buoy",
        "https://github.com/rosa/buoy-two",
        "https://github.com/rosa",
        "https://github.com/",
    ] {
        assert_eq!(of("rosa/buoy").is_at(other), Some(false), "{other}");
    }
    for elsewhere in [
        "https://git.example/rosa/buoy",
        "https://github.com.example/rosa/buoy",
        "no address",
    ] {
        assert_eq!(of("rosa/buoy").is_at(elsewhere), None, "{elsewhere}");
    }
}
