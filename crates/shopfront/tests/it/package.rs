//! Tests of package fetching: from the METADATA beside the file, in ranges, or whole, and from
//! indexes with each kind of failure.

use std::io::{Read, Seek, SeekFrom};

use serde_json::{Value, json};
use shopfront_model::answers::FileKind;
use shopfront_model::registry_rules::pypi::Pypi;
use shopfront_registry::http::{Credentials, Http, RetryPolicy};
use shopfront_registry::web::{BodyRange, HttpClient, Request};
use shopfront_registry::{Archive, PackageRequest, Registry, RegistryError, RemoteFile};
use shopfront_text::digest::sha256;
use url::Url;

use crate::fake_index::{FakeIndex, Fault, RangeFault, Validators, project_json, simple_html_page};
use crate::support::{RELEASES, patience};

const WHEEL: &str = "buoy-1.1-py3-none-any.whl";
const WHEEL_PATH: &str = "/files/buoy-1.1-py3-none-any.whl";
const METADATA: &str = "Metadata-Version: 2.4\nName: buoy\nVersion: 1.1\n";
const MAX_BYTES: u64 = 4 << 20;

/// Returns a file with this number of bytes, all parts of which differ.
fn bytes(count: u32) -> Vec<u8> {
    (0..count.div_ceil(4))
        .flat_map(|at| at.wrapping_mul(2_654_435_761).to_le_bytes())
        .take(count as usize)
        .collect()
}

/// Returns an index with one wheel of `buoy` 1.1, with a URL relative to the document.
fn index_with(wheel: &[u8]) -> FakeIndex {
    let index = FakeIndex::start();
    index.json("buoy", document(&file(WHEEL, wheel)));
    index.serve(WHEEL_PATH, "application/octet-stream", wheel);
    index
}

fn file(name: &str, body: &[u8]) -> Value {
    json!({"filename": name, "url": format!("../../files/{name}"), "size": body.len(), "digests": {"sha256": sha256(body)}})
}

/// Returns the document of `buoy`, with these files as its newest release.
fn document(file: &Value) -> Value {
    let mut document = project_json("buoy", &RELEASES);
    document["releases"]["1.1"] = json!([file]);
    document["urls"] = json!([file]);
    document
}

fn http(index: &FakeIndex) -> Http {
    Http::with_packages(
        &Url::parse(&index.base()).unwrap(),
        None,
        RetryPolicy {
            retries: 0,
            ..patience()
        },
    )
    .unwrap()
}

fn wish(base: &str) -> PackageRequest<'_> {
    PackageRequest {
        base,
        locator: &shopfront_model::catalogue::PLAIN,
        name: "buoy",
        version: None,
        known: None,
        file: None,
        max_bytes: MAX_BYTES,
    }
}

/// Passes the newest package of `buoy` to `look`.
fn with_package<T>(index: &FakeIndex, look: impl FnOnce(RemoteFile<'_>) -> T) -> T {
    let (http, base) = (http(index), index.base());
    look(Pypi.package(&wish(&base), &http).unwrap())
}

fn read_at(archive: &mut Archive<'_>, at: u64, count: usize) -> std::io::Result<Vec<u8>> {
    let mut out = vec![0; count];
    archive.seek(SeekFrom::Start(at))?;
    archive.read_exact(&mut out)?;
    Ok(out)
}

fn requests(index: &FakeIndex, path: &str) -> Vec<Option<String>> {
    let all = index.requests();
    all.iter()
        .filter(|it| it.path == path)
        .map(|it| it.header("range").map(str::to_owned))
        .collect()
}

#[test]
fn metadata_comes_from_beside_the_file_when_it_is_what_was_announced() {
    let cases = [
        (
            json!({"sha256": sha256(METADATA.as_bytes())}),
            METADATA,
            true,
        ),
        (json!(true), METADATA, true),
        (json!({}), METADATA, true),
        (json!({"sha256": sha256(b"another")}), METADATA, false),
        (
            json!(true),
            "<!doctype html><title>Not found</title>",
            false,
        ),
        (json!({"sha256": sha256(METADATA.as_bytes())}), "", false),
        (json!(false), METADATA, false),
        (Value::Null, METADATA, false),
    ];
    for (announced, beside, is_taken) in cases {
        let index = index_with(b"wheel");
        let mut file = file(WHEEL, b"wheel");
        file["core-metadata"] = announced.clone();
        index.json("buoy", document(&file));
        if !beside.is_empty() {
            index.serve(
                &format!("{WHEEL_PATH}.metadata"),
                "application/octet-stream",
                beside,
            );
        }
        let told = with_package(&index, |package| package.metadata());
        assert_eq!(
            told.as_deref(),
            is_taken.then_some(METADATA),
            "{announced} {beside}"
        );
        let asked = requests(&index, &format!("{WHEEL_PATH}.metadata")).len();
        assert_eq!(
            asked,
            usize::from(announced != json!(false) && !announced.is_null()),
            "{announced}"
        );
        assert!(requests(&index, WHEEL_PATH).is_empty());
    }
}

#[test]
fn an_archive_is_read_in_parts_and_no_part_twice() {
    let wheel = bytes(3_000_000);
    let index = index_with(&wheel);
    with_package(&index, |package| {
        let mut archive = package.archive().unwrap();
        assert_eq!(
            (archive.length(), archive.seek(SeekFrom::End(-22)).unwrap()),
            (3_000_000, 2_999_978)
        );
        for (at, count) in [
            (2_999_978, 22),
            (2_700_000, 300_000),
            (100_000, 10),
            (99_000, 5_000),
            (131_000, 300_000),
            (100_000, 10),
        ] {
            assert_eq!(
                read_at(&mut archive, at, count).unwrap(),
                wheel[at as usize..at as usize + count],
                "{at}"
            );
        }
        assert_eq!(archive.seek(SeekFrom::Start(5_000_000)).unwrap(), 5_000_000);
        assert_eq!(archive.read(&mut [0; 10]).unwrap(), 0);
        assert!(archive.seek(SeekFrom::End(-3_000_001)).is_err());
    });
    let asked: Vec<String> = requests(&index, WHEEL_PATH).into_iter().flatten().collect();
    let expected = [
        "-262144",
        "2686976-2737855",
        "65536-131071",
        "131072-262143",
        "262144-524287",
    ];
    assert_eq!(asked, expected.map(|part| format!("bytes={part}")));
    let in_identity = |it: &crate::fake_index::Request| {
        it.path != WHEEL_PATH || it.header("accept-encoding") == Some("identity")
    };
    assert!(index.requests().iter().all(in_identity));
}

#[test]
fn every_oddity_at_the_start_ends_with_the_whole_file() {
    let wheel = bytes(600_000);
    for (fault, expected) in [
        (RangeFault::Ignored, 1),
        (RangeFault::Refused416, 2),
        (RangeFault::LyingContentRange, 2),
        (RangeFault::TooFewBytes, 2),
        (RangeFault::Multipart, 2),
    ] {
        let index = index_with(&wheel);
        index.fault(WHEEL_PATH, Fault::Range(fault.clone()));
        let read = with_package(&index, |package| {
            read_at(&mut package.archive().unwrap(), 0, wheel.len()).unwrap()
        });
        assert!(read == wheel, "{fault:?}");
        assert_eq!(requests(&index, WHEEL_PATH).len(), expected, "{fault:?}");
    }
    let index = index_with(&wheel);
    index.fault(WHEEL_PATH, Fault::Range(RangeFault::WholeAfterFirst));
    let read = with_package(&index, |package| {
        read_at(&mut package.archive().unwrap(), 0, wheel.len()).unwrap()
    });
    assert!(read == wheel);
    assert_eq!(
        requests(&index, WHEEL_PATH),
        [
            Some("bytes=-262144".to_owned()),
            Some("bytes=0-65535".to_owned())
        ]
    );
}

#[test]
fn a_file_that_changes_while_it_is_read_is_not_read_on() {
    let wheel = bytes(600_000);
    let index = index_with(&wheel);
    index.fault(WHEEL_PATH, Fault::Range(RangeFault::ChangedBetween));
    let why = with_package(&index, |package| {
        read_at(&mut package.archive().unwrap(), 0, 10).unwrap_err()
    });
    assert_eq!(why.to_string(), "the file changed while it was read");

    let index = index_with(&wheel);
    index.validators(Validators::None);
    with_package(&index, |package| {
        let mut archive = package.archive().unwrap();
        index.serve(WHEEL_PATH, "application/octet-stream", bytes(500_000));
        assert_eq!(
            read_at(&mut archive, 0, 10).unwrap_err().to_string(),
            "the file changed while it was read"
        );
        index.fault(WHEEL_PATH, Fault::Range(RangeFault::LyingContentRange));
        index.serve(WHEEL_PATH, "application/octet-stream", wheel.clone());
        let why = read_at(&mut archive, 0, 10).unwrap_err().to_string();
        assert_eq!(why, "the index sent other bytes than were asked for");
    });
}

#[test]
fn no_more_is_taken_than_is_allowed() {
    let wheel = bytes(6_000_000);
    let index = index_with(&wheel);
    with_package(&index, |package| {
        assert_eq!(
            package.whole().unwrap_err().0,
            "the file has 6000000 bytes, and 4194304 are allowed"
        );
        let mut archive = package.archive().unwrap();
        assert_eq!(read_at(&mut archive, 0, 10).unwrap(), wheel[..10]);
        let why = read_at(&mut archive, 0, wheel.len())
            .unwrap_err()
            .to_string();
        assert_eq!(
            why,
            "more than 4194304 bytes or 500 parts of the file would be needed"
        );
    });
    // From an index that does not state the size, and never stops sending.
    let mut untold = file(WHEEL, &wheel);
    untold["size"] = Value::Null;
    index.json("buoy", document(&untold));
    index.fault(WHEEL_PATH, Fault::HugeBody { bytes: u64::MAX });
    with_package(&index, |package| {
        assert_eq!(
            package.whole().unwrap_err().0,
            "the answer is larger than 4 MiB"
        );
        assert_eq!(
            package.archive().err().unwrap().0,
            "the answer is larger than 4 MiB"
        );
    });
}

#[test]
fn a_whole_file_is_the_one_of_which_the_index_gives_the_hash() {
    let wheel = bytes(10_000);
    let index = index_with(&wheel);
    assert!(with_package(&index, |package| package.whole().unwrap()) == wheel);
    index.serve(WHEEL_PATH, "application/octet-stream", bytes(9_999));
    let other = "the file is not the one of which the index gives hash and size";
    with_package(&index, |package| {
        assert_eq!(package.whole().unwrap_err().0, other);
        assert_eq!(package.archive().err().unwrap().0, other);
    });
    index.fault(WHEEL_PATH, Fault::NotFound404);
    let gone = with_package(&index, |package| package.whole().unwrap_err().0);
    assert_eq!(
        gone,
        "the index names a file, and answers with status 404 for it"
    );
    index.fault(
        WHEEL_PATH,
        Fault::SlowDrip {
            bytes_per_second: 200,
        },
    );
    let slow = with_package(&index, |package| package.whole().unwrap_err().0);
    assert!(slow.contains("in time"), "{slow}");
}

#[test]
fn the_file_that_tells_most_of_the_newest_usable_release_is_taken() {
    let index = FakeIndex::start();
    let names = [
        "buoy-1.1-cp312-cp312-win_amd64.whl",
        "buoy-1.1-py2-none-any.whl",
        WHEEL,
        "buoy-1.1.tar.gz",
        "buoy-1.1.win32.exe",
    ];
    let files: Vec<Value> = names.iter().map(|name| file(name, b"")).collect();
    let mut told = project_json(
        "buoy",
        &[RELEASES[0], RELEASES[1], ("2.0a1", "2025-03-01T00:00:00Z")],
    );
    told["releases"]["1.1"] = json!(files);
    index.json("buoy", &told);
    let best = |told: &Value| {
        index.json("buoy", told);
        with_package(&index, |package| {
            (package.file.clone(), package.version.clone(), package.kind)
        })
    };
    assert_eq!(
        best(&told),
        (WHEEL.to_owned(), "1.1".to_owned(), FileKind::Wheel)
    );
    told["releases"]["1.1"][2]["yanked"] = json!("broken");
    assert_eq!(best(&told).0, names[1]);
    told["releases"]["1.1"] = json!([files[3], files[0], files[4]]);
    assert_eq!(best(&told).0, names[0]);
    told["releases"]["1.1"] = json!([files[4], files[3]]);
    assert_eq!(
        best(&told),
        (
            "buoy-1.1.tar.gz".to_owned(),
            "1.1".to_owned(),
            FileKind::Sdist
        )
    );
}

#[test]
fn a_version_or_a_file_can_be_named() {
    let index = index_with(b"wheel");
    let (http, base) = (http(&index), index.base());
    let find = |version, file| {
        Pypi.package(
            &PackageRequest {
                version,
                file,
                ..wish(&base)
            },
            &http,
        )
        .map(|it| it.file)
    };
    assert_eq!(
        find(Some("1.0"), None).unwrap(),
        "buoy-1.0-py3-none-any.whl"
    );
    assert_eq!(
        find(Some("1.0.0"), None).unwrap(),
        "buoy-1.0-py3-none-any.whl"
    );
    assert_eq!(
        find(None, Some("buoy-1.0.tar.gz")).unwrap(),
        "buoy-1.0.tar.gz"
    );
    let absent = |version, file| find(version, file).unwrap_err().0;
    assert_eq!(absent(Some("3.0"), None), "the index has no `buoy` 3.0");
    assert_eq!(
        absent(Some("1.1"), Some("buoy-1.0.tar.gz")),
        "the index has no file `buoy-1.0.tar.gz` of `buoy` 1.1"
    );
    let unknown = Pypi
        .package(
            &PackageRequest {
                name: "mole",
                ..wish(&base)
            },
            &http,
        )
        .err()
        .unwrap();
    assert_eq!(
        unknown,
        RegistryError("the index knows no project `mole`".to_owned())
    );
}

#[test]
fn simple_pages_alone_are_enough() {
    let index = FakeIndex::start();
    let page = simple_html_page("buoy", &RELEASES, &[("1.1", "")]);
    let page = page.replace(
        "data-upload-time",
        &format!(
            "data-core-metadata=\"sha256={}\" data-upload-time",
            sha256(METADATA.as_bytes())
        ),
    );
    index.simple_html("buoy", page);
    let http = http(&index);
    for base in [index.base(), format!("{}/simple", index.base())] {
        let package = Pypi.package(&wish(&base), &http).unwrap();
        assert_eq!(
            (package.version.as_str(), package.file.as_str()),
            ("1.0", "buoy-1.0-py3-none-any.whl")
        );
        assert!(
            package
                .url
                .starts_with(&format!("{}/packages/", index.base())),
            "{}",
            package.url
        );
        let path = package.url.replace(&index.base(), "");
        index.serve(&format!("{path}.metadata"), "text/plain", METADATA);
        assert_eq!(package.metadata().as_deref(), Some(METADATA));
    }
}

#[test]
fn user_and_password_stay_at_the_host_of_the_index() {
    let index = index_with(b"wheel");
    let files = FakeIndex::start();
    files.serve("/buoy.whl", "application/octet-stream", b"wheel".to_vec());
    let mut elsewhere = file(WHEEL, b"wheel");
    elsewhere["url"] = json!(format!("{}/buoy.whl", files.base()));
    index.require_basic("quay", "s3cret");
    let credentials = Credentials {
        user: "quay".to_owned(),
        password: "s3cret".to_owned(),
    };
    let http = Http::with_packages(
        &Url::parse(&index.base()).unwrap(),
        Some(credentials),
        patience(),
    )
    .unwrap();
    let base = index.base();
    assert_eq!(
        Pypi.package(&wish(&base), &http).unwrap().whole().unwrap(),
        b"wheel"
    );
    index.json("buoy", document(&elsewhere));
    assert_eq!(
        Pypi.package(&wish(&base), &http).unwrap().whole().unwrap(),
        b"wheel"
    );
    assert!(
        files
            .requests()
            .iter()
            .all(|it| it.header("authorization").is_none())
            && files.requests().len() == 1
    );
    assert!(
        index
            .requests()
            .iter()
            .all(|it| it.header("authorization").is_some())
    );
}

#[test]
fn a_redirect_leads_only_to_public_hosts() {
    let index = index_with(b"wheel");
    let files = FakeIndex::start();
    files.serve("/buoy.whl", "application/octet-stream", b"wheel".to_vec());
    index.fault(
        WHEEL_PATH,
        Fault::RedirectElsewhere {
            to: format!("{}/buoy.whl", files.base()),
        },
    );
    let refused = "the answer leads to another host, or round in a circle";
    assert_eq!(
        with_package(&index, |package| package.whole().unwrap_err().0),
        refused
    );
    assert!(files.requests().is_empty());
    index.serve("/moved.whl", "application/octet-stream", b"wheel".to_vec());
    index.fault(
        WHEEL_PATH,
        Fault::RedirectElsewhere {
            to: "/moved.whl".to_owned(),
        },
    );
    assert_eq!(
        with_package(&index, |package| package.whole().unwrap()),
        b"wheel"
    );
    index.fault(WHEEL_PATH, Fault::RedirectLoop);
    assert_eq!(
        with_package(&index, |package| package.whole().unwrap_err().0),
        refused
    );
}

#[test]
fn files_of_a_public_index_lie_on_public_hosts() {
    let index = Url::parse("https://packages.example/").unwrap();
    let fault =
        |file: &str| shopfront_text::url_policy::check_file_url(&index, &Url::parse(file).unwrap());
    assert_eq!(fault("https://files.example/a.whl"), None);
    assert_eq!(fault("https://packages.example:8443/a.whl"), None);
    for file in [
        "http://files.example/a.whl",
        "https://127.0.0.1/a.whl",
        "https://[::1]/a.whl",
        "https://10.0.0.8/a.whl",
        "https://build.internal/a.whl",
        "https://ann:secret@files.example/a.whl",
        "file:///etc/passwd",
    ] {
        assert!(fault(file).is_some(), "{file}");
    }
    let private = Url::parse("http://index.internal:8080/root").unwrap();
    let fault = |file: &str| {
        shopfront_text::url_policy::check_file_url(&private, &Url::parse(file).unwrap())
    };
    assert_eq!(
        (
            fault("http://10.0.0.8/a.whl"),
            fault("https://files.example/a.whl")
        ),
        (None, None)
    );
    assert!(fault("ftp://files.internal/a.whl").is_some());
}

/// That it is reached over http makes no index a private one: only its server does.
#[test]
fn a_public_index_over_http_leads_to_no_private_server() {
    for index in [
        "http://packages.example/",
        "http://1.1.1.1/",
        "http://[2606:4700:4700::1111]:8080/",
    ] {
        let base = Url::parse(index).unwrap();
        // The addresses are literal: nobody is asked for a name, and nothing is sent.
        let http = base
            .host_str()
            .filter(|it| !it.ends_with(".example"))
            .map(|_| Http::with_packages(&base, None, patience()).unwrap());
        for file in [
            "http://169.254.169.254/latest/meta-data/iam",
            "http://10.0.0.7:8080/admin",
            "http://build.internal/a.zip",
            "http://[::1]/a",
        ] {
            assert!(
                shopfront_text::url_policy::check_file_url(&base, &Url::parse(file).unwrap())
                    .is_some(),
                "{index}: {file}"
            );
            let Some(http) = &http else { continue };
            let said = http
                .get(&Request::file(file, BodyRange::File, 1 << 10))
                .err()
                .unwrap();
            assert!(
                said.contains("is not reached over https"),
                "{index}: {said}"
            );
            assert_eq!(
                http.check_file_url(&base, &Url::parse(file).unwrap()),
                Some(said),
                "{index}: {file}"
            );
        }
    }
}

#[test]
fn an_index_that_names_a_file_where_nothing_is_fetched_from_is_told_so() {
    let index = index_with(b"wheel");
    let mut strange = file(WHEEL, b"wheel");
    strange["url"] = json!("file:///srv/buoy.whl");
    index.json("buoy", document(&strange));
    let (http, base) = (http(&index), index.base());
    let why = Pypi.package(&wish(&base), &http).err().unwrap().0;
    let begin =
        "the index says that `buoy-1.1-py3-none-any.whl` lies where it is not fetched from: ";
    assert_eq!(
        why,
        format!("{begin}`file:` addresses are not shown: only http and https are")
    );
}
