//! Tests of the fake index itself: its responses, and its failures exactly as requested.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::fake_index::{
    FakeIndex, Fault, Validators, project_json, simple_html_page, simple_json_page, yank,
};

const RELEASES: [(&str, &str); 3] = [
    ("1.9", "2024-01-01T00:00:00Z"),
    ("1.10", "2024-02-01T00:00:00.123456Z"),
    ("2.0", "2024-03-01T00:00:00Z"),
];

#[test]
fn a_project_is_served_as_json() {
    let index = index_with_graphql();
    let response = get(&index, "/pypi/datasette-graphql/json", &[]);
    assert_eq!(response.status, 200);
    assert_eq!(response.header("content-type"), Some("application/json"));
    let body: Value = serde_json::from_slice(&response.body).expect("the body is JSON");
    assert_eq!(body["info"]["version"], "2.0");
    let releases = body["releases"].as_object().expect("an object");
    let versions: Vec<&String> = releases.keys().collect();
    assert_eq!(versions, ["1.10", "1.9", "2.0"]);
    assert_eq!(body["urls"], body["releases"]["2.0"]);
    let wheel = &body["urls"][0];
    assert_eq!(wheel["filename"], "datasette_graphql-2.0-py3-none-any.whl");
    assert!(
        wheel["url"]
            .as_str()
            .is_some_and(|url| url.starts_with("../../packages/"))
    );
    assert_eq!(wheel["digests"]["sha256"].as_str().map(str::len), Some(64));
}

#[test]
fn a_yanked_release_says_so_everywhere() {
    let mut body = project_json("x", &RELEASES);
    yank(&mut body, "2.0", "broken");
    for file in [&body["info"], &body["urls"][0], &body["releases"]["2.0"][1]] {
        assert_eq!(file["yanked"], true);
        assert_eq!(file["yanked_reason"], "broken");
    }
    assert_eq!(body["releases"]["1.9"][0]["yanked"], false);
}

#[test]
fn the_accept_header_chooses_between_html_and_json() {
    let index = FakeIndex::start();
    let page = simple_html_page("x", &RELEASES, &[("1.9", "a \"bad\" day")]);
    index.simple_html("x", page);
    index.simple_json("x", simple_json_page("x", &RELEASES, &[("1.9", "")]));
    let html = "text/html; charset=utf-8";
    let json = "application/vnd.pypi.simple.v1+json";
    for (accept, expected) in [
        ("*/*", html),
        ("text/html", html),
        (json, json),
        ("application/vnd.pypi.simple.v1+json, text/html;q=0.1", json),
        ("application/vnd.pypi.simple.v1+json;q=0.2, */*;q=0.5", html),
        ("image/png", html),
    ] {
        let response = get(&index, "/simple/x/", &[("Accept", accept)]);
        assert_eq!(
            response.header("content-type"),
            Some(expected),
            "for {accept}"
        );
    }
    let page = get(&index, "/simple/x/", &[]).text();
    assert!(page.contains("<a href=\"../../packages/"));
    assert!(page.contains("#sha256="));
    assert!(page.contains("data-requires-python=\"&gt;=3.10\""));
    assert!(page.contains("data-upload-time=\"2024-02-01T00:00:00.123456Z\""));
    assert!(page.contains("data-yanked=\"a &quot;bad&quot; day\""));
    let page = get(&index, "/simple/x/", &[("Accept", json)]);
    let page: Value = serde_json::from_slice(&page.body).expect("the body is JSON");
    assert_eq!(page["versions"], serde_json::json!(["1.9", "1.10", "2.0"]));
    assert_eq!(page["files"][0]["yanked"], "");
    assert_eq!(page["files"][2]["yanked"], false);
}

#[test]
fn another_spelling_is_sent_to_the_normalised_name() {
    let index = index_with_graphql();
    let response = get(&index, "/pypi/Datasette_GraphQL/json", &[]);
    assert_eq!(response.status, 301);
    assert_eq!(
        response.header("location"),
        Some("/pypi/datasette-graphql/json")
    );
    assert_eq!(get(&index, "/pypi/absent/json", &[]).status, 404);
    index.remove("datasette.graphql");
    assert_eq!(get(&index, "/pypi/datasette-graphql/json", &[]).status, 404);
}

#[test]
fn a_validator_that_is_sent_back_gets_304() {
    let index = index_with_graphql();
    let path = "/pypi/datasette-graphql/json";
    for (validators, field, header) in [
        (Validators::ETag, "etag", "If-None-Match"),
        (
            Validators::LastModified,
            "last-modified",
            "If-Modified-Since",
        ),
        (Validators::Both, "etag", "If-None-Match"),
    ] {
        index.validators(validators);
        let first = get(&index, path, &[]);
        let value = first.header(field).expect("a validator").to_owned();
        let again = get(&index, path, &[(header, &value)]);
        assert_eq!((again.status, again.body.len()), (304, 0), "{validators:?}");
        index.json(
            "datasette-graphql",
            project_json("datasette-graphql", &RELEASES[..2]),
        );
        assert_eq!(
            get(&index, path, &[(header, &value)]).status,
            200,
            "{validators:?}"
        );
        index.json(
            "datasette-graphql",
            project_json("datasette-graphql", &RELEASES),
        );
    }
    index.validators(Validators::None);
    let bare = get(&index, path, &[]);
    assert_eq!(
        (bare.header("etag"), bare.header("last-modified")),
        (None, None)
    );
}

#[test]
fn a_connection_serves_several_requests_and_all_are_recorded() {
    let index = index_with_graphql();
    let mut stream = connect(&index);
    for _ in 0..3 {
        send(
            &mut stream,
            "/pypi/datasette-graphql/json",
            &[("User-Agent", "test")],
        );
        assert_eq!(read(&mut stream).status, 200);
    }
    get(&index, "/pypi/other/json", &[]);
    assert_eq!(index.requests().len(), 4);
    let requests = index.requests_for("datasette-graphql");
    assert_eq!((requests.len(), requests[2].method.as_str()), (3, "GET"));
    assert_eq!(requests[2].header("user-agent"), Some("test"));
}

#[test]
fn a_password_can_be_required() {
    let index = index_with_graphql();
    index.require_basic("ann", "s3cret:");
    let path = "/pypi/datasette-graphql/json";
    let refused = get(&index, path, &[]);
    assert_eq!(refused.status, 401);
    assert!(refused.header("www-authenticate").is_some());
    assert_eq!(
        get(&index, path, &[("Authorization", "Basic YW5uOnMzY3JldDo=")]).status,
        200
    );
}

#[test]
fn a_limited_fault_ends_by_itself() {
    let index = index_with_graphql();
    index.fault(
        "datasette-graphql",
        Fault::TooMany429 {
            retry_after_seconds: 7,
            times: 1,
        },
    );
    let busy = get(&index, "/pypi/datasette-graphql/json", &[]);
    assert_eq!((busy.status, busy.header("retry-after")), (429, Some("7")));
    index.fault("*", Fault::ServerError500 { times: 2 });
    let statuses = [0; 3].map(|_| get(&index, "/pypi/datasette-graphql/json", &[]).status);
    assert_eq!(statuses, [500, 500, 200]);
}

#[test]
fn the_most_special_fault_is_taken() {
    let index = index_with_graphql();
    index.fault("*", Fault::NotFound404);
    index.fault("Datasette_GraphQL", Fault::Unauthorized);
    index.fault("/pypi/datasette-graphql/json", Fault::RedirectLoop);
    let path = "/pypi/datasette-graphql/json";
    let response = get(&index, path, &[]);
    assert_eq!(
        (response.status, response.header("location")),
        (302, Some(path))
    );
    index.heal(path);
    assert_eq!(get(&index, path, &[]).status, 401);
    index.heal("datasette-graphql");
    assert_eq!(get(&index, path, &[]).status, 404);
    index.heal("*");
    let to = "http://elsewhere.example/".to_owned();
    index.fault(path, Fault::RedirectElsewhere { to: to.clone() });
    assert_eq!(get(&index, path, &[]).header("location"), Some(to.as_str()));
}

#[test]
fn bodies_arrive_cut_too_long_nameless_or_as_rubbish() {
    let index = index_with_graphql();
    let path = "/pypi/datasette-graphql/json";
    let whole = get(&index, path, &[]).body;
    index.fault(path, Fault::CutBody);
    let cut = get(&index, path, &[("Connection", "close")]);
    assert_eq!(cut.length(), Some(whole.len()));
    assert_eq!(cut.body, whole[..whole.len() / 2]);
    index.fault(path, Fault::WrongLength);
    let long = get(&index, path, &[]);
    assert_eq!(long.length(), Some(whole.len() / 2));
    assert_eq!(long.body, whole);
    index.fault(path, Fault::NoContentType);
    let nameless = get(&index, path, &[]);
    assert_eq!(
        (nameless.header("content-type"), &nameless.body),
        (None, &whole)
    );
    index.fault(path, Fault::Rubbish);
    let rubbish = get(&index, path, &[]);
    assert_eq!(rubbish.header("content-type"), Some("application/json"));
    assert!(rubbish.body.starts_with(b"<!doctype html>"));
}

#[test]
fn a_huge_body_is_as_long_as_ordered() {
    let index = FakeIndex::start();
    index.fault("big", Fault::HugeBody { bytes: 5_000_000 });
    let response = get(&index, "/pypi/big/json", &[]);
    assert_eq!((response.length(), response.body.len()), (None, 5_000_000));
    assert!(response.text().ends_with("aaa\""));
    // A client that gives up early must not disturb others.
    index.fault("big", Fault::HugeBody { bytes: u64::MAX });
    let mut stream = connect(&index);
    send(&mut stream, "/pypi/big/json", &[]);
    stream
        .read_exact(&mut [0; 1000])
        .expect("the beginning of the body");
    drop(stream);
    index.heal("big");
    assert_eq!(get(&index, "/pypi/big/json", &[]).status, 404);
}

#[test]
fn a_slow_drip_takes_its_time() {
    let index = FakeIndex::start();
    index.serve("/slow", "text/plain", vec![b'x'; 50]);
    index.fault(
        "/slow",
        Fault::SlowDrip {
            bytes_per_second: 200,
        },
    );
    let start = Instant::now();
    assert_eq!(get(&index, "/slow", &[]).body.len(), 50);
    assert!(start.elapsed() >= Duration::from_millis(250));
}

#[test]
fn dropping_the_index_ends_what_hangs_drips_and_pours() {
    let index = FakeIndex::start();
    index.serve("/slow", "text/plain", vec![b'x'; 50]);
    index.fault(
        "/slow",
        Fault::SlowDrip {
            bytes_per_second: 1,
        },
    );
    index.fault("/hang", Fault::Hang);
    index.fault("/huge", Fault::HugeBody { bytes: u64::MAX });
    let mut waiting = Vec::new();
    for path in ["/hang", "/slow", "/huge"] {
        let mut stream = connect(&index);
        send(&mut stream, path, &[]);
        waiting.push(stream);
    }
    let idle = connect(&index);
    waiting[0]
        .set_read_timeout(Some(Duration::from_millis(50)))
        .expect("a time-out can be set");
    let error = waiting[0]
        .read(&mut [0; 1])
        .expect_err("nothing is answered");
    assert!(matches!(
        error.kind(),
        ErrorKind::WouldBlock | ErrorKind::TimedOut
    ));
    let start = Instant::now();
    drop(index);
    assert!(start.elapsed() < Duration::from_secs(1));
    drop(idle);
}

fn index_with_graphql() -> FakeIndex {
    let index = FakeIndex::start();
    index.json(
        "datasette-graphql",
        project_json("datasette-graphql", &RELEASES),
    );
    index
}

struct Response {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Response {
    fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }

    fn length(&self) -> Option<usize> {
        self.header("content-length")?.parse().ok()
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

fn connect(index: &FakeIndex) -> TcpStream {
    let base = index.base();
    let address = base.strip_prefix("http://").expect("a base over http");
    let stream = TcpStream::connect(address).expect("the index listens");
    let limit = Some(Duration::from_secs(10));
    stream
        .set_read_timeout(limit)
        .expect("a time-out can be set");
    stream
}

fn send(stream: &mut TcpStream, path: &str, headers: &[(&str, &str)]) {
    let mut request = format!("GET {path} HTTP/1.1\r\nHost: index.example\r\n");
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    request.push_str("\r\n");
    stream
        .write_all(request.as_bytes())
        .expect("the index reads");
}

/// Sends one request on a separate connection, and reads to the end of the connection.
fn get(index: &FakeIndex, path: &str, headers: &[(&str, &str)]) -> Response {
    let mut stream = connect(index);
    let mut all = vec![("Connection", "close")];
    all.extend_from_slice(headers);
    send(&mut stream, path, &all);
    let mut response = read_head(&mut stream);
    stream.read_to_end(&mut response.body).expect("a body");
    response
}

/// Reads one response on a connection that stays open.
fn read(stream: &mut TcpStream) -> Response {
    let mut response = read_head(stream);
    response.body = vec![0; response.length().expect("a length")];
    stream.read_exact(&mut response.body).expect("a body");
    response
}

fn read_head(stream: &mut TcpStream) -> Response {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).expect("a head");
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).expect("a head in ASCII");
    let mut lines = head.trim_end().lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1));
    let headers = lines.filter_map(|line| line.split_once(": "));
    Response {
        status: status
            .and_then(|status| status.parse().ok())
            .expect("a status"),
        headers: headers
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect(),
        body: Vec::new(),
    }
}
