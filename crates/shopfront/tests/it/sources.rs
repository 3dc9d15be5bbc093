//! Tests of archives that a snippet lists one by one: a source in addition to the registries of
//! Python and Node.

use std::collections::BTreeMap;
use std::io::{Cursor, Write};

use serde_json::{Value, json};
use shopfront::commands::examine;
use shopfront::commands::resolve::{self, Options, RefreshSummary};
use shopfront_model::answers::{Answer, ProjectKey};
use shopfront_registry::http::Http;
use shopfront_registry::web::{BodyRange, HttpClient, Request};
use shopfront_text::digest;

use crate::fake_index::{FakeIndex, Fault};
use crate::scratch::Scratch;
use crate::support::{self, build, built, json as published};

const HOST: &str = r#"{
  "kind": "oko",
  "title": "OKO Dashboard",
  "description": "A dashboard whose pages and widgets come from plugins.",
  "versions": [
    "1.0.0"
  ]
}
"#;

/// Returns a package of OKO named `tides`, in the directory `root` of a zip.
pub(crate) fn package(root: &str, version: &str) -> Vec<u8> {
    let manifest = format!(
        "PLUGIN_NAME = \"tides\"\nPLUGIN_VERSION = \"{version}\"\nPLUGIN_DESCRIPTION = \"High and low water.\"\nPLUGIN_LICENSE = \"MIT\"\n"
    );
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in [("__init__.py", ""), ("manifest.py", manifest.as_str())] {
        zip.start_file(
            format!("{root}{name}"),
            zip::write::SimpleFileOptions::default(),
        )
        .unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// Returns a store with the hosts of the small one and OKO's, whose only plugin has `source`.
pub(crate) fn store(source: &Value) -> Scratch {
    let scratch = Scratch::base();
    scratch.write("catalogue/oko/host.json", HOST);
    list(&scratch, source);
    scratch
}

pub(crate) fn list(scratch: &Scratch, source: &Value) {
    let snippet = json!({
        "display_name": "Tides",
        "display_description": "Shows high and low water.",
        "author": "Mira Okafor",
        "source": source,
    });
    scratch.write(
        "catalogue/oko/tides.json",
        &(serde_json::to_string_pretty(&snippet).unwrap() + "\n"),
    );
}

/// Queries all projects of the catalogue of OKO, at these URLs.
pub(crate) fn ask(scratch: &Scratch, addresses: BTreeMap<&'static str, String>) -> RefreshSummary {
    let workspace = scratch.workspace();
    let examined = examine::files_only(&workspace).unwrap();
    let mut projects = examined.catalogue.projects();
    projects.retain(|key, _| key.registry != "pypi");
    resolve::refresh_all(
        &workspace,
        &projects,
        &examined.policy(),
        &Options {
            addresses,
            ..support::asking("")
        },
    )
    .unwrap()
}

pub(crate) fn answer(scratch: &Scratch, registry: &str, name: &str) -> Answer {
    scratch
        .workspace()
        .answers_dir
        .answer(&ProjectKey::new(registry, name).unwrap())
        .unwrap()
        .unwrap()
}

fn mirror(index: &FakeIndex) -> BTreeMap<&'static str, String> {
    BTreeMap::from([("archive", index.base())])
}

/// Returns an index that serves `bytes` as the file at `https://tides.example/tides.zip`.
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
    let (index, scratch) = (
        serving(&bytes),
        store(&json!({ "archive": [pinned("1.0.0", &bytes)] })),
    );

    let asked = ask(&scratch, mirror(&index));
    assert_eq!((asked.asked, asked.failed), (1, Vec::new()));
    let first = answer(&scratch, "archive", "oko/tides");
    let project = first.found().unwrap();
    assert_eq!(
        project.newest.summary.as_deref(),
        Some("High and low water.")
    );
    assert_eq!(
        project.releases[0].contents_of("oko").unwrap()["name"],
        "tides"
    );
    assert_eq!(project.releases[0].files[0].size, Some(bytes.len() as u64));
    assert_eq!(
        project.releases[0].released_at.unwrap().to_string(),
        "2026-11-20T00:00:00Z"
    );

    // A pinned file cannot change: no server is queried again, and no time is updated.
    let requests = index.requests().len();
    ask(&scratch, mirror(&index));
    assert_eq!(index.requests().len(), requests);
    assert_eq!(answer(&scratch, "archive", "oko/tides"), first);
}

#[test]
fn another_file_than_the_one_that_was_pinned_is_not_read() {
    let (index, scratch) = (
        serving(&package("", "6.6.6")),
        store(&json!({ "archive": [pinned("1.0.0", &package("", "1.0.0"))] })),
    );
    let asked = ask(&scratch, mirror(&index));
    assert_eq!(asked.failed.len(), 1);
    let kept = answer(&scratch, "archive", "oko/tides");
    assert_eq!(kept.found().unwrap().releases[0].contents, None);
    assert!(
        kept.trouble
            .unwrap()
            .message
            .contains("the package of 1.0.0 can not be read"),
        "{asked:?}"
    );

    // It is listed, but no host can install it.
    built(&scratch, None);
    let list = published(&scratch, "oko/api/v1/rpc/plugins.html");
    assert_eq!(list, json!({ "plugins": [], "total": 0 }));
}

#[test]
fn what_was_read_stays_while_its_server_is_down() {
    let old = package("", "1.0.0");
    let (index, scratch) = (
        serving(&old),
        store(&json!({ "archive": [pinned("1.0.0", &old)] })),
    );
    ask(&scratch, mirror(&index));
    let before = built(&scratch, None);
    assert!(before.contains("published"), "{before}");

    // A second version is added, and its server does not respond.
    let second = json!({ "version": "1.1.0", "url": "https://tides.example/later.zip", "sha256": digest::sha256(b"later") });
    list(
        &scratch,
        &json!({ "archive": [pinned("1.0.0", &old), second] }),
    );
    index.fault(
        "/tides.example/later.zip",
        Fault::ServerError500 { times: u32::MAX },
    );
    let asked = ask(&scratch, mirror(&index));
    assert_eq!(asked.failed.len(), 1);
    built(&scratch, None);
    let list = published(&scratch, "oko/api/v1/rpc/plugins.html");
    assert_eq!(list["plugins"][0]["version"], "1.0.0");
}

#[test]
fn a_package_of_the_store_itself_needs_nobody_and_is_published_as_it_is() {
    let bytes = package("tides/", "1.0.0");
    let scratch = store(
        &json!({ "archive": [{ "version": "1.0.0", "file": "tides-1.0.0.zip", "sha256": digest::sha256(&bytes) }] }),
    );
    let target = scratch.path().join("catalogue/oko/packages");
    std::fs::create_dir_all(&target).unwrap();
    std::fs::write(target.join("tides-1.0.0.zip"), &bytes).unwrap();

    built(&scratch, None);
    assert_eq!(
        std::fs::read(scratch.path().join("dist/oko/packages/tides-1.0.0.zip")).unwrap(),
        bytes
    );
    let first = std::fs::read(scratch.path().join("dist/SHA256SUMS")).unwrap();
    let list = published(&scratch, "oko/api/v1/rpc/plugins.html");
    assert_eq!(
        list["plugins"][0]["metadata"]["sha256"],
        digest::sha256(&bytes)
    );

    // Rebuilt without an answer for it: the package is read again, and only the time differs.
    built(&scratch, None);
    assert_eq!(
        std::fs::read(scratch.path().join("dist/SHA256SUMS")).unwrap(),
        first
    );
}

#[test]
fn a_package_that_was_exchanged_refuses_the_build() {
    let bytes = package("tides/", "1.0.0");
    let scratch = store(
        &json!({ "archive": [{ "version": "1.0.0", "file": "tides-1.0.0.zip", "sha256": digest::sha256(&bytes) }] }),
    );
    scratch.write("catalogue/oko/packages/tides-1.0.0.zip", "another");
    let outcome = build(&scratch, None).unwrap();
    assert_eq!(outcome.exit, 1);
    assert!(
        outcome.stderr.contains("error[wrong-package]"),
        "{}",
        outcome.stderr
    );
}

/// Files that untrusted third parties name are fetched only from the public web: neither this
/// machine nor a private network is queried.
#[test]
fn a_file_that_a_stranger_names_comes_from_a_public_host_over_https() {
    let index = FakeIndex::start();
    index.serve("/tides.zip", "application/zip", package("", "1.0.0"));
    let http = Http::of_public_files(support::patience()).unwrap();
    let port = index.base().rsplit(':').next().unwrap().to_owned();
    let refused = [
        (
            format!("{}/tides.zip", index.base()),
            "is not reached over https",
        ),
        (
            format!("https://127.0.0.1:{port}/tides.zip"),
            "is not a public server",
        ),
        (
            format!("https://localhost:{port}/tides.zip"),
            "is not a public server",
        ),
        (
            format!("https://[::ffff:127.0.0.1]:{port}/tides.zip"),
            "is not a public server",
        ),
        (
            "https://169.254.169.254/latest/meta-data/".to_owned(),
            "is not a public server",
        ),
        (
            "https://168.63.129.16/metadata/instance".to_owned(),
            "is not a public server",
        ),
        (
            format!("https://[2002:7f00:1::]:{port}/tides.zip"),
            "is not a public server",
        ),
        (
            format!("https://mira:secret@127.0.0.1:{port}/tides.zip"),
            "holds a user name or a password",
        ),
    ];
    for (url, why) in refused {
        let told = http
            .get(&Request::file(&url, BodyRange::File, 1_000_000))
            .err()
            .unwrap_or_default();
        assert!(told.contains(why), "{url}: {told:?}");
    }
    let told = http
        .get(&Request::document("https://tides.example/", "*/*"))
        .err()
        .unwrap_or_default();
    assert!(told.contains("is not the host that was named"), "{told:?}");
    assert!(index.requests().is_empty());
}

/// A package with a README of so many bytes.
fn package_with_readme(version: &str, bytes: usize) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new_append(Cursor::new(package("", version))).unwrap();
    zip.start_file("README.md", zip::write::SimpleFileOptions::default())
        .unwrap();
    zip.write_all("a\n".repeat(bytes / 2).as_bytes()).unwrap();
    zip.finish().unwrap().into_inner()
}

#[test]
fn packages_of_one_entry_beyond_its_budget_are_read_the_next_time() {
    let index = FakeIndex::start();
    let versions = ["1.0.0", "1.1.0", "1.2.0", "1.3.0"];
    let pins = versions.map(|version| {
        let bytes = package_with_readme(version, 6 << 20);
        index.serve(
            &format!("/tides.example/{version}.zip"),
            "application/zip",
            bytes.as_slice(),
        );
        let mut pin = pinned(version, &bytes);
        pin["url"] = json!(format!("https://tides.example/{version}.zip"));
        pin
    });
    let scratch = store(&json!({ "archive": pins }));
    let read = || {
        let answer = answer(&scratch, "archive", "oko/tides");
        answer
            .found()
            .unwrap()
            .releases
            .iter()
            .filter(|it| it.contents_of("oko").is_some())
            .count()
    };
    let asked = ask(&scratch, mirror(&index));
    assert_eq!(read(), 3);
    assert!(
        asked.failed[0]
            .1
            .contains("more than 16 MiB of texts were read of the packages before it"),
        "{:?}",
        asked.failed
    );
    assert_eq!(ask(&scratch, mirror(&index)).failed, Vec::new());
    assert_eq!(read(), 4);
}
