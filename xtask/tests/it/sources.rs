//! Sources beside the registries of Python and Node: archives that a snippet names one by one, and repositories on GitHub.

use std::collections::BTreeMap;
use std::io::{Cursor, Write};

use serde_json::{Value, json};
use shopfront::answers::{Answer, FileKind, ProjectKey};
use shopfront::commands::examine;
use shopfront::commands::resolve::{self, Asked, Options};
use shopfront::digest;
use shopfront::http::Http;
use shopfront::web::{Part, Request, Web};

use crate::fake_index::{FakeIndex, Fault};
use crate::scratch::Scratch;
use crate::shop::{self, build, built, json as published};
use crate::tricks::{self, Tricks};

const HOST: &str = r#"{
  "kind": "oko",
  "title": "OKO Dashboard",
  "description": "A dashboard whose pages and widgets come from plugins.",
  "versions": [
    "1.0.0"
  ]
}
"#;

/// A package of OKO called `tides`, in the folder `root` of a zip.
fn package(root: &str, version: &str) -> Vec<u8> {
    let manifest = format!(
        "PLUGIN_NAME = \"tides\"\nPLUGIN_VERSION = \"{version}\"\nPLUGIN_DESCRIPTION = \"High and low water.\"\nPLUGIN_LICENSE = \"MIT\"\n"
    );
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in [("__init__.py", ""), ("manifest.py", manifest.as_str())] {
        zip.start_file(format!("{root}{name}"), zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A store with the small one's hosts and OKO's, whose one plugin has `source`.
fn store(source: &Value) -> Scratch {
    let scratch = Scratch::base();
    scratch.write("catalogue/oko/host.json", HOST);
    list(&scratch, source);
    scratch
}

fn list(scratch: &Scratch, source: &Value) {
    let snippet = json!({
        "display_name": "Tides",
        "display_description": "Shows high and low water.",
        "author": "Mira Okafor",
        "source": source,
    });
    scratch.write("catalogue/oko/tides.json", &(serde_json::to_string_pretty(&snippet).unwrap() + "\n"));
}

/// Asks for what the catalogue of OKO wants, at these addresses.
fn ask(scratch: &Scratch, addresses: BTreeMap<&'static str, String>) -> Asked {
    let workspace = scratch.workspace();
    let examined = examine::files_only(&workspace).unwrap();
    let mut projects = examined.catalogue.projects();
    projects.retain(|key, _| key.registry != "pypi");
    resolve::ask_all(&workspace, &projects, &examined.policy(), &Options { addresses, ..shop::asking("") }).unwrap()
}

fn answer(scratch: &Scratch, registry: &str, name: &str) -> Answer {
    scratch.workspace().shelf.answer(&ProjectKey::new(registry, name).unwrap()).unwrap().unwrap()
}

fn mirror(index: &FakeIndex) -> BTreeMap<&'static str, String> {
    BTreeMap::from([("archive", index.base())])
}

/// An index that serves `bytes` as what lies at `https://tides.example/tides.zip`.
fn serving(bytes: &[u8]) -> FakeIndex {
    let index = FakeIndex::start();
    index.serve("/tides.example/tides.zip", "application/zip", bytes);
    index
}

fn pinned(version: &str, bytes: &[u8]) -> Value {
    json!({ "version": version, "url": "https://tides.example/tides.zip", "sha256": digest::sha256(bytes), "released": "2026-11-20" })
}

#[test]
fn an_archive_somewhere_is_fetched_once_and_told_by_what_it_says() {
    let bytes = package("tides/", "1.0.0");
    let (index, scratch) = (serving(&bytes), store(&json!({ "archive": [pinned("1.0.0", &bytes)] })));

    let asked = ask(&scratch, mirror(&index));
    assert_eq!((asked.asked, asked.failed), (1, Vec::new()));
    let first = answer(&scratch, "archive", "oko/tides");
    let project = first.found().unwrap();
    assert_eq!(project.newest.summary.as_deref(), Some("High and low water."));
    assert_eq!(project.releases[0].contents_of("oko").unwrap()["name"], "tides");
    assert_eq!(project.releases[0].files[0].size, Some(bytes.len() as u64));
    assert_eq!(project.releases[0].released_at.unwrap().to_string(), "2026-11-20T00:00:00Z");

    // What is pinned can not change: nobody is asked again, and nothing claims to be newer.
    let requests = index.requests().len();
    ask(&scratch, mirror(&index));
    assert_eq!(index.requests().len(), requests);
    assert_eq!(answer(&scratch, "archive", "oko/tides"), first);
}

#[test]
fn another_file_than_the_one_that_was_pinned_is_not_read() {
    let (index, scratch) = (serving(&package("", "6.6.6")), store(&json!({ "archive": [pinned("1.0.0", &package("", "1.0.0"))] })));
    let asked = ask(&scratch, mirror(&index));
    assert_eq!(asked.failed.len(), 1);
    let kept = answer(&scratch, "archive", "oko/tides");
    assert_eq!(kept.found().unwrap().releases[0].contents, None);
    assert!(kept.trouble.unwrap().message.contains("the package of 1.0.0 can not be read"), "{asked:?}");

    // It is shown, and no host is offered it.
    built(&scratch, None);
    let list = published(&scratch, "oko/api/v1/rpc/plugins.html");
    assert_eq!(list, json!({ "plugins": [], "total": 0 }));
}

#[test]
fn what_was_read_stays_while_its_server_is_down() {
    let old = package("", "1.0.0");
    let (index, scratch) = (serving(&old), store(&json!({ "archive": [pinned("1.0.0", &old)] })));
    ask(&scratch, mirror(&index));
    let before = built(&scratch, None);
    assert!(before.contains("published"), "{before}");

    // A second version comes, and its server does not answer.
    let second = json!({ "version": "1.1.0", "url": "https://tides.example/later.zip", "sha256": digest::sha256(b"later") });
    list(&scratch, &json!({ "archive": [pinned("1.0.0", &old), second] }));
    index.fault("/tides.example/later.zip", Fault::ServerError500 { times: u32::MAX });
    let asked = ask(&scratch, mirror(&index));
    assert_eq!(asked.failed.len(), 1);
    built(&scratch, None);
    let list = published(&scratch, "oko/api/v1/rpc/plugins.html");
    assert_eq!(list["plugins"][0]["version"], "1.0.0");
}

#[test]
fn a_package_of_the_store_itself_needs_nobody_and_is_published_as_it_is() {
    let bytes = package("tides/", "1.0.0");
    let scratch = store(&json!({ "archive": [{ "version": "1.0.0", "file": "tides-1.0.0.zip", "sha256": digest::sha256(&bytes) }] }));
    let target = scratch.path().join("catalogue/oko/packages");
    std::fs::create_dir_all(&target).unwrap();
    std::fs::write(target.join("tides-1.0.0.zip"), &bytes).unwrap();

    built(&scratch, None);
    assert_eq!(std::fs::read(scratch.path().join("dist/oko/packages/tides-1.0.0.zip")).unwrap(), bytes);
    let first = std::fs::read(scratch.path().join("dist/SHA256SUMS")).unwrap();
    let list = published(&scratch, "oko/api/v1/rpc/plugins.html");
    assert_eq!(list["plugins"][0]["metadata"]["sha256"], digest::sha256(&bytes));

    // Built again without an answer for it: the package is read again, and nothing else is different but the time.
    built(&scratch, None);
    assert_eq!(std::fs::read(scratch.path().join("dist/SHA256SUMS")).unwrap(), first);
}

#[test]
fn a_package_that_was_exchanged_refuses_the_build() {
    let bytes = package("tides/", "1.0.0");
    let scratch = store(&json!({ "archive": [{ "version": "1.0.0", "file": "tides-1.0.0.zip", "sha256": digest::sha256(&bytes) }] }));
    scratch.write("catalogue/oko/packages/tides-1.0.0.zip", "another");
    let outcome = build(&scratch, None).unwrap();
    assert_eq!(outcome.exit, 1);
    assert!(outcome.stderr.contains("error[wrong-package]"), "{}", outcome.stderr);
}

fn release(tag: &str, at: &str, assets: &Value) -> Value {
    json!({ "tag_name": tag, "draft": false, "prerelease": false, "published_at": at, "assets": assets })
}

/// GitHub with two releases of `mira/tides`, each with an asset that is a package.
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
    index.serve("/repos/mira/tides/releases", "application/json", releases.to_string());
    index.serve("/mira/tides/releases/download/tides-1.1.0.zip", "application/zip", bytes.clone());
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
    let told: Vec<(&str, &str)> = releases.iter().map(|it| (it.version.as_str(), it.files[0].name.as_str())).collect();
    assert_eq!(told, [("1.0.0", "tides-1.0.0.zip"), ("1.1.0", "tides-1.1.0.zip")]);
    assert_eq!(releases[1].files[0].sha256.as_deref(), Some(digest::sha256(&bytes).as_str()));
    assert_eq!(releases[1].files[0].kind, FileKind::Archive);
    assert_eq!(releases[1].contents_of("oko").unwrap()["version"], "1.1.0");
    assert_eq!(releases[0].contents, None);

    // The second time only whether anything changed is asked.
    let before = index.requests().len();
    ask(&scratch, at_github(&index));
    let later = index.requests().split_off(before);
    assert_eq!(later.len(), 1);
    assert!(later[0].header("if-none-match").is_some());
}

#[test]
fn an_asset_that_is_not_what_the_registry_says_is_not_read() {
    let (index, _) = github();
    index.serve("/mira/tides/releases/download/tides-1.1.0.zip", "application/zip", package("", "6.6.6"));
    let scratch = store(&json!({ "github": "mira/tides", "asset": "tides-*.zip" }));
    assert_eq!(ask(&scratch, at_github(&index)).failed.len(), 1);
    assert_eq!(answer(&scratch, "github", "mira/tides").found().unwrap().releases[1].contents, None);
}

#[test]
fn a_plugin_of_a_repository_is_offered_with_the_address_of_its_asset() {
    let (index, bytes) = github();
    let scratch = store(&json!({ "github": "Mira/Tides", "asset": "tides-*.zip" }));
    ask(&scratch, at_github(&index));
    let known = answer(&scratch, "github", "mira/tides");
    let file = &known.found().unwrap().releases[1].files[0];
    assert_eq!(file.address.as_deref(), Some("releases/download/tides-1.1.0.zip"));

    built(&scratch, None);
    let list = published(&scratch, "oko/api/v1/rpc/plugins.html");
    let plugin = &list["plugins"][0];
    let address = "https://github.com/mira/tides/releases/download/tides-1.1.0.zip";
    assert_eq!((&plugin["source"], &plugin["source_url"], &plugin["version"]), (&json!("github"), &json!(address), &json!("1.1.0")));
    assert_eq!(plugin["metadata"], json!({ "sha256": digest::sha256(&bytes), "size": bytes.len() }));
    let page = shop::text(&scratch, "oko/tides/index.html");
    assert!(page.contains(address) && page.contains("/tides/install"), "{page}");
}

/// The archive that GitHub makes of a tag, with the plugin in `folder` of the repository.
fn tarball(folder: &str, version: &str) -> Vec<u8> {
    let manifest = format!("PLUGIN_NAME = \"tides\"\nPLUGIN_VERSION = \"{version}\"\nPLUGIN_DESCRIPTION = \"High and low water.\"\n");
    let members = [("__init__.py", ""), ("manifest.py", manifest.as_str())];
    let members = members.into_iter().map(|(name, text)| (format!("mira-tides-0a1b2c3/{folder}{name}"), text.as_bytes().to_vec()));
    tricks::tar_gz(members.collect(), &Tricks::default())
}

#[test]
fn a_repository_without_releases_is_known_by_its_tags_and_read_by_them() {
    let index = FakeIndex::start();
    index.serve("/repos/mira/tides/releases", "application/json", "[]");
    index.serve("/repos/mira/tides/tags", "application/json", r#"[{"name": "v0.2.0"}, {"name": "nightly"}, {"name": "0.1.0"}]"#);
    index.serve("/repos/mira/tides/tarball/v0.2.0", "application/gzip", tarball("", "0.2.0"));
    let scratch = store(&json!({ "github": "mira/tides" }));
    let asked = ask(&scratch, at_github(&index));
    assert_eq!(asked.failed, Vec::new());
    let answer = answer(&scratch, "github", "mira/tides");
    let releases = &answer.found().unwrap().releases;
    let told: Vec<(&str, Option<&str>)> = releases.iter().map(|it| (it.version.as_str(), it.files[0].address.as_deref())).collect();
    let addresses = ["archive/refs/tags/0.1.0.tar.gz", "archive/refs/tags/v0.2.0.tar.gz"];
    assert_eq!(told, [("0.1.0", Some(addresses[0])), ("0.2.0", Some(addresses[1]))]);
    assert_eq!(releases[1].contents_of("oko").unwrap()["version"], "0.2.0");

    // A backend of OKO takes zip files alone: that is told, and no page claims that it works.
    built(&scratch, None);
    assert_eq!(published(&scratch, "oko/api/v1/rpc/plugins.html")["total"], 0);
    let problems = published(&scratch, "api/v1/problems.json");
    let told = problems["problems"].as_array().unwrap().iter().find(|it| it["id"] == "tides").unwrap();
    assert_eq!(told["code"], "not-offered", "{told}");
    assert_eq!(published(&scratch, "api/v1/plugins/oko/tides.json")["compatible"], json!({}));
    let page = shop::text(&scratch, "oko/tides/index.html");
    assert!(page.contains("is not in") && !page.contains("/tides/install"), "{page}");
}

#[test]
fn a_release_without_an_asset_is_the_archive_of_its_tag() {
    let index = FakeIndex::start();
    index.serve(
        "/repos/mira/tides/releases",
        "application/json",
        json!([release("v1.0.0", "2026-10-01T12:00:00Z", &json!([]))]).to_string(),
    );
    index.serve("/repos/mira/tides/tarball/v1.0.0", "application/gzip", tarball("plugins/tides/", "1.0.0"));
    let scratch = store(&json!({ "github": "mira/tides", "subdirectory": "plugins/tides" }));
    assert_eq!(ask(&scratch, at_github(&index)).failed, Vec::new());
    assert_eq!(answer(&scratch, "github", "mira/tides").found().unwrap().releases[0].contents_of("oko").unwrap()["version"], "1.0.0");
}

#[test]
fn a_branch_is_read_where_somebody_names_it() {
    let index = FakeIndex::start();
    index.serve("/repos/mira/tides/releases", "application/json", "[]");
    index.serve("/repos/mira/tides/tags", "application/json", "[]");
    index.serve("/repos/mira/tides/tarball/for/oko-2", "application/gzip", tarball("", "1.3.0"));
    let scratch = store(&json!({ "github": "mira/tides", "ref": "for/oko-2" }));
    assert_eq!(ask(&scratch, at_github(&index)).failed, Vec::new());
    let answer = answer(&scratch, "github", "mira/tides");
    let release = &answer.found().unwrap().releases[0];
    assert_eq!((release.version.as_str(), &release.contents_of("oko").unwrap()["version"]), ("for/oko-2", &json!("1.3.0")));
    assert_eq!(release.files[0].address.as_deref(), Some("archive/for/oko-2.tar.gz"));
}

/// What `resolve` tells, run with the token that GitHub gives to a step.
fn resolved(scratch: &Scratch, index: &FakeIndex, more: &[&str]) -> shop::Ended {
    let base = index.base();
    let arguments: Vec<&str> = ["resolve", "--retries", "0", "--github-url", &base].iter().chain(more).copied().collect();
    shop::ended(shop::program(scratch, &arguments).env("GITHUB_TOKEN", "t0ken"))
}

#[test]
fn a_token_goes_to_the_api_and_to_nobody_else() {
    let (index, bytes) = github();
    let elsewhere = FakeIndex::start();
    elsewhere.serve("/tides-1.2.0.zip", "application/zip", package("tides/", "1.2.0"));
    let url = format!("{}/tides-1.2.0.zip", elsewhere.base());
    let assets = json!([{ "name": "tides-1.2.0.zip", "size": bytes.len(), "browser_download_url": url }]);
    index.serve("/repos/mira/tides/releases", "application/json", json!([release("v1.2.0", "2026-11-21T12:00:00Z", &assets)]).to_string());
    let scratch = store(&json!({ "github": "mira/tides", "asset": "tides-*.zip" }));
    for other in ["catalogue/datasette", "catalogue/fiab"] {
        std::fs::remove_dir_all(scratch.path().join(other)).unwrap();
    }
    let run = resolved(&scratch, &index, &["--refresh"]);
    assert!(run.stderr.contains(" 0 failed;"), "{}", run.stderr);
    // `x-access-token:t0ken`
    assert_eq!(index.requests()[0].header("authorization"), Some("Basic eC1hY2Nlc3MtdG9rZW46dDBrZW4="));
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
        let text = std::fs::read_to_string(scratch.path().join("catalogue/oko/tides.json")).unwrap();
        scratch.write(&format!("catalogue/oko/{id}.json"), &text.replace("mira/tides", &format!("mira/{id}")));
    }
    index.fault("*", Fault::Spent403 { reset: 1_795_694_400 });
    let before = index.requests().len();
    let run = resolved(&scratch, &index, &["--refresh", "--jobs", "1"]);
    assert_eq!(index.requests().len(), before + 1, "{}", run.stderr);
    assert!(run.stderr.contains("asked too often until 2026-11-26T12:00:00Z"), "{}", run.stderr);
    let kept = answer(&scratch, "github", "mira/tides");
    assert_eq!((&kept.project, kept.trouble.is_some()), (&known.project, true));
}

#[test]
fn a_repository_that_is_gone_or_garbled_loses_nothing() {
    let (index, _) = github();
    let scratch = store(&json!({ "github": "mira/tides", "asset": "tides-*.zip" }));
    ask(&scratch, at_github(&index));
    for fault in [Fault::ServerError500 { times: u32::MAX }, Fault::NotFound404] {
        let is_gone = matches!(fault, Fault::NotFound404);
        index.fault("/repos/mira/tides/releases", fault);
        ask(&scratch, at_github(&index));
        let kept = answer(&scratch, "github", "mira/tides");
        assert_eq!(kept.found().is_none(), is_gone);
        assert_eq!(kept.project.unwrap().releases.len(), 2);
    }
}

/// What a stranger names is fetched from the public web alone: neither this machine nor a private network is asked anything.
#[test]
fn a_file_that_a_stranger_names_comes_from_a_public_host_over_https() {
    let index = FakeIndex::start();
    index.serve("/tides.zip", "application/zip", package("", "1.0.0"));
    let http = Http::of_public_files(shop::patience()).unwrap();
    let port = index.base().rsplit(':').next().unwrap().to_owned();
    let refused = [
        (format!("{}/tides.zip", index.base()), "is not reached over https"),
        (format!("https://127.0.0.1:{port}/tides.zip"), "is an address of a private network"),
        (format!("https://localhost:{port}/tides.zip"), "is an address of a private network"),
        (format!("https://[::ffff:127.0.0.1]:{port}/tides.zip"), "is an address of a private network"),
        ("https://169.254.169.254/latest/meta-data/".to_owned(), "is an address of a private network"),
        (format!("https://mira:secret@127.0.0.1:{port}/tides.zip"), "holds a user name or a password"),
    ];
    for (url, why) in refused {
        let told = http.get(&Request::file(&url, Part::File, 1_000_000)).err().unwrap_or_default();
        assert!(told.contains(why), "{url}: {told:?}");
    }
    let told = http.get(&Request::document("https://tides.example/", "*/*")).err().unwrap_or_default();
    assert!(told.contains("is not the host that was named"), "{told:?}");
    assert!(index.requests().is_empty());
}
