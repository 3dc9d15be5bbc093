//! Tests of npm: parsing of registry documents, and results of queries and of fetching tarballs on
//! failures. `fixtures/npm/<case>/` contains a document and `answer.json`, all of the package
//! `node-red-contrib-harbour`.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;

use serde_json::{Value, json};
use shopfront::commands::examine::Workspace;
use shopfront::commands::resolve::{self, Options};
use shopfront_hosts as kinds;
use shopfront_model::answers::ProjectKey;
use shopfront_model::catalogue::{PLAIN, Policy, ResolveTarget};
use shopfront_model::registry_rules::npm::Npm;
use shopfront_registry::npm;
use shopfront_registry::web::{HttpClient, Request, Response};
use shopfront_registry::{PackageRequest, Registry, RegistryError};

use crate::fake_index::{FakeIndex, Fault, Validators, npm_document, npm_path, tgz};
use crate::golden;
use crate::scratch::{Scratch, fixtures};
use crate::support::asking;

const NAME: &str = "node-red-contrib-harbour";
const SCOPED: &str = "@rosa/harbour";

#[test]
fn every_document_is_understood_as_the_answer_beside_it_says() {
    let mut differences = Vec::new();
    let cases: Vec<_> = fs::read_dir(fixtures().join("npm"))
        .unwrap()
        .map(|it| it.unwrap().path())
        .collect();
    for case in &cases {
        let told = match npm::read(&fs::read(case.join("document.json")).unwrap(), NAME) {
            Ok(found) => json!({ "project": found.project, "description": found.description }),
            Err(RegistryError(why)) => json!({ "failure": why }),
        };
        differences.extend(golden::difference(
            &case.join("answer.json"),
            &(serde_json::to_string_pretty(&told).unwrap() + "\n"),
        ));
    }
    golden::assert_none(&differences);
    assert!(cases.len() > 40, "only {} cases", cases.len());
}

/// Returns options with npm at `base`.
pub(crate) fn asking_npm(base: &str) -> Options {
    Options {
        addresses: BTreeMap::from([("npm", base.to_owned())]),
        ..asking(base)
    }
}

/// Returns the tarball of a valid module.
fn sound() -> Vec<u8> {
    tgz(&fixtures().join("kinds/node-red/store/npm/node-red-contrib-plain-version/1.2.0"))
}

/// Queries `name` for a host of Node-RED. Returns the result as one line.
fn ask(workspace: &Workspace, name: &str, options: &Options) -> String {
    let adapter = (kinds::find("node-red").unwrap().open)(&serde_json::Map::new());
    let key = ProjectKey::new("npm", name).unwrap();
    let subject = ResolveTarget {
        locator: None,
        reader: Some(("node-red", adapter.reader().unwrap())),
    };
    let asked = resolve::refresh_all(
        workspace,
        &BTreeMap::from([(key.clone(), subject)]),
        &Policy {
            max_package_mb: 1,
            ..Policy::default()
        },
        options,
    )
    .unwrap();
    let mut told = format!(
        "asked {}, new {}, gone {}, kept {}\n",
        asked.asked, asked.new, asked.gone, asked.kept
    );
    for (key, why) in asked.failed {
        // An endless response reaches either the time limit or the size limit first, depending on
        // the machine. So does the number of attempts.
        let is_endless = why.starts_with("the answer did not end in time")
            || why.starts_with("the answer is larger than");
        let why = if is_endless {
            "the answer has no end"
        } else {
            &why
        };
        writeln!(told, "  failed: {key}: {why}").unwrap();
    }
    if let Some(answer) = workspace.answers_dir.answer(&key).unwrap() {
        let releases = answer
            .found()
            .map(|project| project.releases.clone())
            .unwrap_or_default();
        let read = |release: &shopfront_model::answers::Release| {
            if release.contents_of("node-red").is_some() {
                ", read"
            } else {
                ""
            }
        };
        let releases: Vec<String> = releases
            .iter()
            .map(|release| format!("{}{}", release.version, read(release)))
            .collect();
        writeln!(
            told,
            "  saved: {:?} [{}]",
            answer.state,
            releases.join("; ")
        )
        .unwrap();
    }
    told.replace(&options.addresses["npm"], "https://registry.example")
}

type Scene = (&'static str, &'static str, fn(&FakeIndex));

/// Failures, each with its package.
const SCENES: &[Scene] = &[
    ("all is well", NAME, |_| {}),
    ("a name with a scope", SCOPED, |_| {}),
    ("the registry does not know it", NAME, |index| {
        index.fault(&npm_path(NAME), Fault::NotFound404)
    }),
    ("too many requests, once", NAME, |index| {
        index.fault(
            &npm_path(NAME),
            Fault::TooMany429 {
                retry_after_seconds: 0,
                times: 1,
            },
        )
    }),
    ("too many requests for long", NAME, |index| {
        index.fault(
            &npm_path(NAME),
            Fault::TooMany429 {
                retry_after_seconds: 900,
                times: 9,
            },
        )
    }),
    ("the registry is broken", NAME, |index| {
        index.fault(&npm_path(NAME), Fault::ServerError500 { times: 9 })
    }),
    ("it wants a password", NAME, |index| {
        index.fault(&npm_path(NAME), Fault::Unauthorized)
    }),
    ("garbage", NAME, |index| {
        index.fault(&npm_path(NAME), Fault::Rubbish)
    }),
    ("half of the document", NAME, |index| {
        index.fault(&npm_path(NAME), Fault::CutBody)
    }),
    ("a document without an end", NAME, |index| {
        index.fault(&npm_path(NAME), Fault::HugeBody { bytes: 70 << 20 })
    }),
    ("sent to another host", NAME, |index| {
        index.fault(
            &npm_path(NAME),
            Fault::RedirectElsewhere {
                to: "https://elsewhere.example/".to_owned(),
            },
        )
    }),
    ("the document of another package", NAME, |index| {
        index.npm(NAME, npm_document(SCOPED, &[]))
    }),
    ("no hash", NAME, |index| {
        change(index, |dist| {
            drop(dist.as_object_mut().unwrap().remove("integrity"))
        })
    }),
    ("a hash of SHA-1 alone", NAME, |index| {
        change(index, |dist| {
            dist["integrity"] = "sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=".into()
        })
    }),
    ("the hash of other bytes", NAME, |index| {
        change(index, |dist| {
            dist["integrity"] = format!("sha256-{}=", "A".repeat(43)).into()
        })
    }),
    ("no tarball", NAME, |index| {
        change(index, |dist| *dist = json!({}))
    }),
    ("a tarball that is not there", NAME, |index| {
        index.fault(&tarball_path(), Fault::NotFound404)
    }),
    ("half of the tarball", NAME, |index| {
        index.fault(&tarball_path(), Fault::CutBody)
    }),
    ("a tarball without an end", NAME, |index| {
        index.fault(&tarball_path(), Fault::HugeBody { bytes: 2 << 20 })
    }),
    ("a tarball that is none", NAME, |index| {
        let dist = index.tarball(NAME, "1.0.0", b"<!doctype html>");
        index.npm(NAME, npm_document(NAME, &[("1.0.0", dist)]));
    }),
    ("a tarball that no browser may open", NAME, |index| {
        change(index, |dist| dist["tarball"] = "file:///etc/passwd".into())
    }),
];

fn tarball_path() -> String {
    format!("/{NAME}/-/{NAME}-1.0.0.tgz")
}

fn change(index: &FakeIndex, change: fn(&mut Value)) {
    let mut dist = index.tarball(NAME, "1.0.0", &sound());
    change(&mut dist);
    index.npm(NAME, npm_document(NAME, &[("1.0.0", dist)]));
}

#[test]
fn what_goes_wrong_is_told_and_the_last_good_answer_stays() {
    let mut told = String::new();
    for (scene, name, arrange) in SCENES {
        let index = FakeIndex::start();
        for name in [NAME, SCOPED] {
            let dist = index.tarball(name, "1.0.0", &sound());
            index.npm(name, npm_document(name, &[("1.0.0", dist)]));
        }
        let options = asking_npm(&index.base());
        arrange(&index);
        writeln!(
            told,
            "{scene}\n first: {}",
            ask(&Scratch::empty().workspace(), name, &options)
        )
        .unwrap();
        // The same with an earlier valid answer.
        let scratch = Scratch::empty();
        let before = FakeIndex::start();
        let dist = before.tarball(name, "0.9.0", &sound());
        before.npm(name, npm_document(name, &[("0.9.0", dist)]));
        ask(&scratch.workspace(), name, &asking_npm(&before.base()));
        arrange(&index);
        writeln!(
            told,
            " later: {}",
            ask(&scratch.workspace(), name, &options)
        )
        .unwrap();
    }
    golden::assert_none(
        &golden::difference(&fixtures().join("npm-asking.txt"), &told)
            .into_iter()
            .collect::<Vec<_>>(),
    );
}

#[test]
fn what_is_unchanged_is_neither_sent_nor_read_again() {
    for (validators, header) in [
        (Validators::ETag, "if-none-match"),
        (Validators::LastModified, "if-modified-since"),
    ] {
        let index = FakeIndex::start();
        index.validators(validators);
        let dist = index.tarball(SCOPED, "1.0.0", &sound());
        index.npm(SCOPED, npm_document(SCOPED, &[("1.0.0", dist)]));
        let scratch = Scratch::empty();
        let workspace = scratch.workspace();
        for _ in 0..2 {
            assert!(ask(&workspace, SCOPED, &asking_npm(&index.base())).contains("[1.0.0, read]"));
        }
        let requests = index.requests();
        let documents: Vec<_> = requests
            .iter()
            .filter(|request| request.path == "/@rosa%2fharbour")
            .collect();
        let tarballs = requests
            .iter()
            .filter(|request| request.path.ends_with(".tgz"))
            .count();
        assert!(
            documents[0].header(header).is_none()
                && documents.last().unwrap().header(header).is_some()
        );
        assert_eq!(tarballs, 1, "{requests:#?}");
        // The URL of a tarball is in the short document, too.
        assert!(
            documents[1]
                .header("accept")
                .unwrap()
                .starts_with("application/vnd.npm.install-v1+json")
        );
    }
}

/// Client that returns one document for every request.
struct Says(Value);

impl HttpClient for Says {
    fn get(&self, request: &Request<'_>) -> Result<Response, String> {
        let body = self.0.to_string().into_bytes();
        let (url, content_type) = (request.url.to_owned(), "application/json".to_owned());
        Ok(Response {
            status: 200,
            url,
            content_type,
            content_range: None,
            etag: None,
            last_modified: None,
            body,
        })
    }
}

#[test]
fn a_tarball_may_lie_on_another_public_host_alone() {
    let place = |base: &str, tarball: &str| {
        let hash = format!("sha256-{}=", "A".repeat(43));
        let says = Says(npm_document(
            NAME,
            &[("1.0.0", json!({ "tarball": tarball, "integrity": hash }))],
        ));
        let wish = PackageRequest {
            base,
            locator: &PLAIN,
            name: NAME,
            version: None,
            known: None,
            file: None,
            max_bytes: 1_000,
        };
        Npm.package(&wish, &says)
            .map(|package| package.url)
            .map_err(|RegistryError(why)| why)
    };
    let public = "https://registry.example";
    assert_eq!(
        place(public, "https://files.example/x.tgz").unwrap(),
        "https://files.example/x.tgz"
    );
    assert_eq!(
        place(public, "/x.tgz").unwrap(),
        "https://registry.example/x.tgz"
    );
    for refused in [
        "http://files.example/x.tgz",
        "https://127.0.0.1/x.tgz",
        "https://files.internal/x.tgz",
        "ftp://files.example/x.tgz",
        "https://rosa:secret@files.example/x.tgz",
    ] {
        assert!(place(public, refused).is_err(), "{refused}");
    }
    assert_eq!(
        place("http://registry.internal", "http://files.internal/x.tgz").unwrap(),
        "http://files.internal/x.tgz"
    );
}
