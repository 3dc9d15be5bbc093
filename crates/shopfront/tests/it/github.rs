//! Tests of GitHub repositories as sources: releases, tags, fetched files, and rate limits.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use shopfront_model::answers::FileKind;
use shopfront_text::digest;

use crate::fake_index::{FakeIndex, Fault};
use crate::malformed_archives::{self, Tricks};
use crate::scratch::Scratch;
use crate::sources::{answer, ask, list, package, store};
use crate::support::{self, built, json as published};

fn release(tag: &str, at: &str, assets: &Value) -> Value {
    json!({ "tag_name": tag, "draft": false, "prerelease": false, "published_at": at, "assets": assets })
}

/// Returns GitHub with two releases of `mira/tides`, each with a package as an asset.
fn github() -> (FakeIndex, Vec<u8>) {
    let index = FakeIndex::start();
    let bytes = package("tides/", "1.1.0");
    let asset = |name: &str| {
        let url = format!("{}/mira/tides/releases/download/{name}", index.base());
        json!([
            { "name": "notes.txt", "size": 3, "browser_download_url": format!("{}/notes", index.base()) },
            { "name": name, "size": bytes.len(), "digest": format!("sha256:{}", digest::sha256(&bytes)), "browser_download_url": url },
        ])
    };
    let draft = json!({ "tag_name": "v9.0.0", "draft": true, "assets": [] });
    let releases = json!([
        draft,
        release("v1.1.0", "2026-11-20T12:00:00Z", &asset("tides-1.1.0.zip")),
        release("v1.0.0", "2026-10-01T12:00:00Z", &asset("tides-1.0.0.zip")),
    ]);
    index.serve(
        "/repos/mira/tides/releases",
        "application/json",
        releases.to_string(),
    );
    index.serve(
        "/mira/tides/releases/download/tides-1.1.0.zip",
        "application/zip",
        bytes.clone(),
    );
    (index, bytes)
}

fn at_github(index: &FakeIndex) -> BTreeMap<&'static str, String> {
    BTreeMap::from([("github", index.base())])
}

#[test]
fn releases_of_a_repository_are_told_and_the_newest_is_read() {
    let (index, bytes) = github();
    let scratch = store(&json!({ "github": "Mira/Tides", "asset": "tides-*.zip" }));
    let asked = ask(&scratch, at_github(&index));
    assert_eq!(asked.failed, Vec::new());

    let answer = answer(&scratch, "github", "mira/tides");
    let releases = &answer.found().unwrap().releases;
    let told: Vec<(&str, &str)> = releases
        .iter()
        .map(|it| (it.version.as_str(), it.files[0].name.as_str()))
        .collect();
    assert_eq!(
        told,
        [("1.0.0", "tides-1.0.0.zip"), ("1.1.0", "tides-1.1.0.zip")]
    );
    assert_eq!(
        releases[1].files[0].sha256.as_deref(),
        Some(digest::sha256(&bytes).as_str())
    );
    assert_eq!(releases[1].files[0].kind, FileKind::Archive);
    assert_eq!(releases[1].contents_of("oko").unwrap()["version"], "1.1.0");
    assert_eq!(releases[0].contents, None);

    // The second time, only conditional requests are sent.
    let before = index.requests().len();
    ask(&scratch, at_github(&index));
    let later = index.requests().split_off(before);
    assert_eq!(later.len(), 1);
    assert!(later[0].header("if-none-match").is_some());
}

/// An unchanged registry does not imply an answer for a snippet that now selects other files.
#[test]
fn a_snippet_that_asks_for_other_files_is_asked_for_anew() {
    let (index, bytes) = github();
    let scratch = store(&json!({ "github": "mira/tides", "asset": "tides-*.zip" }));
    ask(&scratch, at_github(&index));
    index.serve(
        "/repos/mira/tides/tarball/v1.1.0",
        "application/x-gzip",
        bytes,
    );
    list(&scratch, &json!({ "github": "mira/tides" }));
    let before = index.requests().len();
    ask(&scratch, at_github(&index));
    assert_eq!(index.requests()[before].header("if-none-match"), None);
    let answer = answer(&scratch, "github", "mira/tides");
    let addresses: Vec<Option<&str>> = answer
        .found()
        .unwrap()
        .releases
        .iter()
        .map(|it| it.files[0].address.as_deref())
        .collect();
    assert_eq!(
        addresses,
        [
            Some("archive/refs/tags/v1.0.0.tar.gz"),
            Some("archive/refs/tags/v1.1.0.tar.gz")
        ]
    );
}

#[test]
fn an_asset_that_is_not_what_the_registry_says_is_not_read() {
    let (index, _) = github();
    index.serve(
        "/mira/tides/releases/download/tides-1.1.0.zip",
        "application/zip",
        package("", "6.6.6"),
    );
    let scratch = store(&json!({ "github": "mira/tides", "asset": "tides-*.zip" }));
    assert_eq!(ask(&scratch, at_github(&index)).failed.len(), 1);
    assert_eq!(
        answer(&scratch, "github", "mira/tides")
            .found()
            .unwrap()
            .releases[1]
            .contents,
        None
    );
}

#[test]
fn a_plugin_of_a_repository_is_offered_with_the_address_of_its_asset() {
    let (index, bytes) = github();
    let scratch = store(&json!({ "github": "Mira/Tides", "asset": "tides-*.zip" }));
    ask(&scratch, at_github(&index));
    let known = answer(&scratch, "github", "mira/tides");
    let file = &known.found().unwrap().releases[1].files[0];
    assert_eq!(
        file.address.as_deref(),
        Some("releases/download/tides-1.1.0.zip")
    );

    built(&scratch, None);
    let list = published(&scratch, "oko/api/v1/rpc/plugins.html");
    let plugin = &list["plugins"][0];
    let address = format!(
        "{}/mira/tides/releases/download/tides-1.1.0.zip",
        index.base()
    );
    assert_eq!(
        (&plugin["source"], &plugin["source_url"], &plugin["version"]),
        (&json!("github"), &json!(address), &json!("1.1.0"))
    );
    assert_eq!(
        plugin["metadata"],
        json!({ "sha256": digest::sha256(&bytes), "size": bytes.len() })
    );
    let page = support::text(&scratch, "oko/tides/index.html");
    assert!(
        page.contains(&address) && page.contains("/tides/install"),
        "{page}"
    );
}

/// Returns the archive that GitHub generates for a tag, with the plugin in `folder` of the
/// repository.
fn tarball(folder: &str, version: &str) -> Vec<u8> {
    let manifest = format!(
        "PLUGIN_NAME = \"tides\"\nPLUGIN_VERSION = \"{version}\"\nPLUGIN_DESCRIPTION = \"High and low water.\"\n"
    );
    let members = [("__init__.py", ""), ("manifest.py", manifest.as_str())];
    let members = members.into_iter().map(|(name, text)| {
        (
            format!("mira-tides-0a1b2c3/{folder}{name}"),
            text.as_bytes().to_vec(),
        )
    });
    malformed_archives::tar_gz(members.collect(), &Tricks::default())
}

#[test]
fn a_repository_without_releases_is_known_by_its_tags_and_read_by_them() {
    let index = FakeIndex::start();
    index.serve("/repos/mira/tides/releases", "application/json", "[]");
    index.serve(
        "/repos/mira/tides/tags",
        "application/json",
        r#"[{"name": "v0.2.0"}, {"name": "nightly"}, {"name": "0.1.0"}]"#,
    );
    index.serve(
        "/repos/mira/tides/tarball/v0.2.0",
        "application/gzip",
        tarball("", "0.2.0"),
    );
    let scratch = store(&json!({ "github": "mira/tides" }));
    let asked = ask(&scratch, at_github(&index));
    assert_eq!(asked.failed, Vec::new());
    let answer = answer(&scratch, "github", "mira/tides");
    let releases = &answer.found().unwrap().releases;
    let told: Vec<(&str, Option<&str>)> = releases
        .iter()
        .map(|it| (it.version.as_str(), it.files[0].address.as_deref()))
        .collect();
    let addresses = [
        "archive/refs/tags/0.1.0.tar.gz",
        "archive/refs/tags/v0.2.0.tar.gz",
    ];
    assert_eq!(
        told,
        [("0.1.0", Some(addresses[0])), ("0.2.0", Some(addresses[1]))]
    );
    assert_eq!(releases[1].contents_of("oko").unwrap()["version"], "0.2.0");

    // A backend of OKO accepts zip files only. This is reported, and no page claims compatibility.
    built(&scratch, None);
    assert_eq!(
        published(&scratch, "oko/api/v1/rpc/plugins.html")["total"],
        0
    );
    let problems = published(&scratch, "api/v1/problems.json");
    let told = problems["problems"]
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["id"] == "tides")
        .unwrap();
    assert_eq!(told["code"], "not-offered", "{told}");
    assert_eq!(
        published(&scratch, "api/v1/plugins/oko/tides.json")["compatible"],
        json!({})
    );
    let page = support::text(&scratch, "oko/tides/index.html");
    assert!(
        page.contains("is not in") && !page.contains("/tides/install"),
        "{page}"
    );
}

#[test]
fn a_release_without_an_asset_is_the_archive_of_its_tag() {
    let index = FakeIndex::start();
    index.serve(
        "/repos/mira/tides/releases",
        "application/json",
        json!([release("v1.0.0", "2026-10-01T12:00:00Z", &json!([]))]).to_string(),
    );
    index.serve(
        "/repos/mira/tides/tarball/v1.0.0",
        "application/gzip",
        tarball("plugins/tides/", "1.0.0"),
    );
    let scratch = store(&json!({ "github": "mira/tides", "subdirectory": "plugins/tides" }));
    assert_eq!(ask(&scratch, at_github(&index)).failed, Vec::new());
    assert_eq!(
        answer(&scratch, "github", "mira/tides")
            .found()
            .unwrap()
            .releases[0]
            .contents_of("oko")
            .unwrap()["version"],
        "1.0.0"
    );
}

#[test]
fn a_branch_is_read_where_somebody_names_it() {
    let index = FakeIndex::start();
    index.serve("/repos/mira/tides/releases", "application/json", "[]");
    index.serve("/repos/mira/tides/tags", "application/json", "[]");
    index.serve(
        "/repos/mira/tides/tarball/for/oko-2",
        "application/gzip",
        tarball("", "1.3.0"),
    );
    let scratch = store(&json!({ "github": "mira/tides", "ref": "for/oko-2" }));
    assert_eq!(ask(&scratch, at_github(&index)).failed, Vec::new());
    let answer = answer(&scratch, "github", "mira/tides");
    let release = &answer.found().unwrap().releases[0];
    assert_eq!(
        (
            release.version.as_str(),
            &release.contents_of("oko").unwrap()["version"]
        ),
        ("for/oko-2", &json!("1.3.0"))
    );
    assert_eq!(
        release.files[0].address.as_deref(),
        Some("archive/for/oko-2.tar.gz")
    );
}

/// Returns the output of `resolve`, run with the token that GitHub provides to a step.
fn resolved(scratch: &Scratch, index: &FakeIndex, more: &[&str]) -> support::Ended {
    let base = index.base();
    let arguments: Vec<&str> = ["resolve", "--retries", "0", "--github-url", &base]
        .iter()
        .chain(more)
        .copied()
        .collect();
    support::ended(support::program(scratch, &arguments).env("GITHUB_TOKEN", "t0ken"))
}

#[test]
fn a_token_goes_to_the_api_and_to_nobody_else() {
    let (index, bytes) = github();
    let elsewhere = FakeIndex::start();
    elsewhere.serve(
        "/tides-1.2.0.zip",
        "application/zip",
        package("tides/", "1.2.0"),
    );
    let url = format!("{}/tides-1.2.0.zip", elsewhere.base());
    let assets =
        json!([{ "name": "tides-1.2.0.zip", "size": bytes.len(), "browser_download_url": url }]);
    index.serve(
        "/repos/mira/tides/releases",
        "application/json",
        json!([release("v1.2.0", "2026-11-21T12:00:00Z", &assets)]).to_string(),
    );
    let scratch = store(&json!({ "github": "mira/tides", "asset": "tides-*.zip" }));
    for other in ["catalogue/datasette", "catalogue/fiab"] {
        std::fs::remove_dir_all(scratch.path().join(other)).unwrap();
    }
    let run = resolved(&scratch, &index, &["--refresh"]);
    assert!(run.stderr.contains(" 0 failed;"), "{}", run.stderr);
    // `x-access-token:t0ken`
    assert_eq!(
        index.requests()[0].header("authorization"),
        Some("Basic eC1hY2Nlc3MtdG9rZW46dDBrZW4=")
    );
    assert_eq!(elsewhere.requests()[0].header("authorization"), None);
    assert!(!run.stderr.contains("t0ken"));
}

#[test]
fn a_registry_that_was_asked_too_often_is_left_alone_and_keeps_its_answers() {
    let (index, _) = github();
    let scratch = store(&json!({ "github": "mira/tides", "asset": "tides-*.zip" }));
    for other in ["catalogue/datasette", "catalogue/fiab"] {
        std::fs::remove_dir_all(scratch.path().join(other)).unwrap();
    }
    resolved(&scratch, &index, &[]);
    let known = answer(&scratch, "github", "mira/tides");
    for id in ["ebb", "flood", "neap", "spring"] {
        let text =
            std::fs::read_to_string(scratch.path().join("catalogue/oko/tides.json")).unwrap();
        scratch.write(
            &format!("catalogue/oko/{id}.json"),
            &text.replace("mira/tides", &format!("mira/{id}")),
        );
    }
    index.fault(
        "*",
        Fault::Spent403 {
            reset: 4_102_444_800,
        },
    );
    let before = index.requests().len();
    let run = resolved(&scratch, &index, &["--refresh", "--jobs", "1"]);
    assert_eq!(index.requests().len(), before + 1, "{}", run.stderr);
    assert!(
        run.stderr
            .contains("asked too often until 2100-01-01T00:00:00Z"),
        "{}",
        run.stderr
    );
    let kept = answer(&scratch, "github", "mira/tides");
    assert_eq!(
        (&kept.project, kept.trouble.is_some()),
        (&known.project, true)
    );
}

#[test]
fn a_repository_that_is_gone_or_garbled_loses_nothing() {
    let (index, _) = github();
    let scratch = store(&json!({ "github": "mira/tides", "asset": "tides-*.zip" }));
    ask(&scratch, at_github(&index));
    for fault in [
        Fault::ServerError500 { times: u32::MAX },
        Fault::NotFound404,
    ] {
        let is_gone = matches!(fault, Fault::NotFound404);
        index.fault("/repos/mira/tides/releases", fault);
        ask(&scratch, at_github(&index));
        let kept = answer(&scratch, "github", "mira/tides");
        assert_eq!(kept.found().is_none(), is_gone);
        assert_eq!(kept.project.unwrap().releases.len(), 2);
    }
}

#[test]
fn an_asset_whose_address_cannot_be_published_is_not_listed() {
    let long = format!("https://files.example/{}", "a".repeat(3_000));
    let addresses = [
        "https://user:password@evil.example/x.zip",
        "https://evil.example/\u{202e}x.zip",
        "../../../evil/tides/releases/download/x.zip",
        "javascript:alert(1)",
        &long,
        "",
    ];
    for address in addresses {
        let (index, _) = github();
        let asset =
            json!([{ "name": "tides-1.1.0.zip", "size": 1, "browser_download_url": address }]);
        let releases = json!([release("v1.1.0", "2026-11-20T12:00:00Z", &asset)]);
        index.serve(
            "/repos/mira/tides/releases",
            "application/json",
            releases.to_string(),
        );
        let scratch = store(&json!({ "github": "mira/tides", "asset": "tides-*.zip" }));
        ask(&scratch, at_github(&index));
        let answer = answer(&scratch, "github", "mira/tides");
        assert_eq!(
            answer.found().unwrap().releases[0].files,
            Vec::new(),
            "{address:.80}"
        );
    }
    // A path that climbs out of its repository, below the page of which it begins.
    let (index, _) = github();
    let climbing = format!("{}/mira/tides/releases/../../../evil/x.zip", index.base());
    let asset = json!([{ "name": "tides-1.1.0.zip", "size": 1, "browser_download_url": climbing }]);
    index.serve(
        "/repos/mira/tides/releases",
        "application/json",
        json!([release("v1.1.0", "2026-11-20T12:00:00Z", &asset)]).to_string(),
    );
    let scratch = store(&json!({ "github": "mira/tides", "asset": "tides-*.zip" }));
    ask(&scratch, at_github(&index));
    assert_eq!(
        answer(&scratch, "github", "mira/tides")
            .found()
            .unwrap()
            .releases[0]
            .files,
        Vec::new()
    );
}
