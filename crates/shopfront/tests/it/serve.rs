//! Tests of `serve`: responses to browsers, and refused requests.

use std::fs;
use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use shopfront::serve::{Limits, Server};

use crate::scratch::Scratch;

/// Any free port.
pub(crate) const FREE: Option<u16> = Some(0);

pub(crate) fn store() -> Scratch {
    let scratch = Scratch::empty();
    scratch.write(
        "dist/index.html",
        "<!DOCTYPE html><body><p>front</p></body></html>\n",
    );
    scratch.write(
        "dist/404.html",
        "<!DOCTYPE html><body><p>own 404</p></body></html>\n",
    );
    scratch.write(
        "dist/fiab/index.html",
        "<!DOCTYPE html><body><p>fiab</p></body></html>\n",
    );
    scratch.write("dist/about.html", "<!DOCTYPE html><p>about</p>\n");
    scratch.write("dist/both.html", "<!DOCTYPE html><p>page</p>\n");
    scratch.write("dist/both/index.html", "<!DOCTYPE html><p>folder</p>\n");
    scratch.write("dist/bare/list.json", "{}\n");
    scratch.write("dist/plugins.json", "{\"plugins\": []}\n");
    scratch.write("dist/fiab/catalogue", "{\"extension\": \"none\"}\n");
    scratch.write("dist/assets/styles.css", "body {}\n");
    scratch.write("dist/assets/site.js", "export {};\n");
    scratch.write("dist/a b.txt", "blank\n");
    scratch.write("secret.txt", "secret\n");
    scratch
}

pub(crate) fn serve(scratch: &Scratch, base_path: &str) -> Server {
    Server::start(
        FREE,
        scratch.path().join("dist"),
        base_path,
        Limits::default(),
    )
    .unwrap()
}

/// Returns limits with two connections and very long timeouts: a test that passes has not waited
/// for a client.
pub(crate) fn patient() -> Limits {
    let long = Duration::from_secs(3_600);
    Limits {
        connections: 2,
        event_streams: 1,
        head: long,
        body: long,
        piece: long,
        answer: long,
        stalled: Duration::ZERO,
    }
}

/// Opens a connection that sends `bytes`, and nothing more.
pub(crate) fn open(address: &str, bytes: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(authority(address)).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    stream.write_all(bytes).unwrap();
    stream
}

/// Returns all data until the server closes the connection. A reset also counts as closing.
fn rest(mut stream: TcpStream) -> String {
    let mut bytes = Vec::new();
    if let Err(cause) = stream.read_to_end(&mut bytes) {
        assert_eq!(cause.kind(), ErrorKind::ConnectionReset);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Returns the authority of a server: `127.0.0.1:40000`.
pub(crate) fn authority(address: &str) -> &str {
    address
        .strip_prefix("http://")
        .unwrap()
        .split('/')
        .next()
        .unwrap()
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: String,
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self
            .head
            .lines()
            .skip(1)
            .filter_map(|line| line.split_once(": "));
        lines
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }
}

/// Sends raw bytes, and reads to the end.
fn send(address: &str, bytes: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(authority(address)).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    stream.write_all(bytes).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let answer = String::from_utf8(answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Answer {
        status,
        head: head.to_owned(),
        body: body.to_owned(),
    }
}

pub(crate) fn request(address: &str, method: &str, path: &str, headers: &str) -> Answer {
    let authority = authority(address);
    send(
        address,
        format!("{method} {path} HTTP/1.1\r\nHost: {authority}\r\n{headers}\r\n").as_bytes(),
    )
}

pub(crate) fn get(server: &Server, path: &str) -> Answer {
    request(&server.address(), "GET", path, "")
}

#[test]
fn a_path_means_what_it_means_on_github_pages() {
    let scratch = store();
    let server = serve(&scratch, "/store/");
    for (path, status, body) in [
        ("/store/", 200, "front"),
        ("/store/index.html", 200, "front"),
        ("/store/?q=weather", 200, "front"),
        ("/store/fiab/", 200, "fiab"),
        ("/store/about", 200, "about"),
        ("/store/about.html", 200, "about"),
        ("/store/both", 200, "page"),
        ("/store/both/", 200, "folder"),
        ("/store/fiab/catalogue", 200, "none"),
        ("/store/a%20b.txt", 200, "blank"),
        ("/store/about/", 404, "own 404"),
        ("/store/bare/", 404, "own 404"),
        ("/store/bare", 404, "own 404"),
        ("/store/plugins.json/", 404, "own 404"),
        ("/store/nothing", 404, "own 404"),
        ("/store/assets/%252e%252e/", 404, "own 404"),
        ("/plugins.json", 404, "/store/"),
        ("/storeroom/", 404, "/store/"),
        ("/favicon.ico", 404, "/store/"),
    ] {
        let answer = get(&server, path);
        assert_eq!(
            (answer.status, answer.body.contains(body)),
            (status, true),
            "{path}: {}",
            answer.body
        );
    }
    for (path, status, to) in [
        ("/", 302, "/store/"),
        ("/store", 301, "/store/"),
        ("/store/fiab", 301, "/store/fiab/"),
        ("/store/fiab?q=a", 301, "/store/fiab/?q=a"),
    ] {
        let answer = get(&server, path);
        assert_eq!(
            (answer.status, answer.header("Location")),
            (status, Some(to)),
            "{path}"
        );
    }
}

#[test]
fn a_store_at_the_root_of_its_host_has_no_sub_path() {
    let scratch = store();
    let server = serve(&scratch, "/");
    assert!(server.address().ends_with('/'));
    assert!(get(&server, "/").body.contains("front"));
    assert_eq!(get(&server, "/fiab").header("Location"), Some("/fiab/"));
    assert!(get(&server, "/there/is/nothing").body.contains("own 404"));
}

#[test]
fn files_have_the_types_that_pages_gives_them() {
    let scratch = store();
    let server = serve(&scratch, "/store/");
    for (path, expected) in [
        ("", "text/html; charset=utf-8"),
        ("about", "text/html; charset=utf-8"),
        ("nothing", "text/html; charset=utf-8"),
        ("plugins.json", "application/json; charset=utf-8"),
        ("fiab/catalogue", "application/octet-stream"),
        ("assets/styles.css", "text/css; charset=utf-8"),
        ("assets/site.js", "application/javascript; charset=utf-8"),
        ("a%20b.txt", "text/plain; charset=utf-8"),
    ] {
        assert_eq!(
            get(&server, &format!("/store/{path}")).header("Content-Type"),
            Some(expected),
            "{path}"
        );
    }
}

#[test]
fn every_answer_says_that_it_is_what_its_type_says_and_may_do_no_more_than_a_page() {
    let scratch = store();
    scratch.write(
        "dist/oko/api/v1/plugins.html",
        "{\"author\": \"<script src=/store/assets/site.js></script>\"}\n",
    );
    let server = serve(&scratch, "/store/");
    for path in [
        "",
        "about",
        "nothing",
        "plugins.json",
        "fiab/catalogue",
        "assets/styles.css",
        "oko/api/v1/plugins",
    ] {
        let answer = get(&server, &format!("/store/{path}"));
        assert_eq!(
            answer.header("X-Content-Type-Options"),
            Some("nosniff"),
            "{path}"
        );
        let policy = answer.header("Content-Security-Policy").unwrap();
        assert!(
            policy.starts_with("default-src 'none'; ") && policy.contains("base-uri 'none'"),
            "{path}: {policy}"
        );
        let is_page = ["", "about", "nothing"].contains(&path);
        assert_eq!(
            policy.contains("script-src 'self'"),
            is_page,
            "{path}: {policy}"
        );
    }
    let refused = request(&server.address(), "POST", "/store/", "");
    assert_eq!(
        (refused.status, refused.header("X-Content-Type-Options")),
        (405, Some("nosniff"))
    );
}

#[test]
fn nothing_outside_of_the_folder_is_served() {
    let scratch = store();
    std::os::unix::fs::symlink(
        scratch.path().join("secret.txt"),
        scratch.path().join("dist/link.txt"),
    )
    .unwrap();
    std::os::unix::fs::symlink(scratch.path(), scratch.path().join("dist/up")).unwrap();
    let server = serve(&scratch, "/store/");
    for path in [
        "/store/../secret.txt",
        "/../secret.txt",
        "/store/%2e%2e/secret.txt",
        "/store/.%2e/secret.txt",
        "/store/..%2fsecret.txt",
        "/store/%2e%2e%2fsecret.txt",
        "/store/..\\secret.txt",
        "/store/..%5csecret.txt",
        "/store/fiab/../../secret.txt",
        "/store//../secret.txt",
        "/store/secret.txt%00.html",
        "/store/%00",
        "//secret.txt",
        "http://127.0.0.1/store/",
        "*",
        "/store/link.txt",
        "/store/up/secret.txt",
        "/store/%ff",
        "/store/%",
        "/store/c:/secret.txt",
    ] {
        let answer = get(&server, path);
        assert!(
            matches!(answer.status, 400 | 404),
            "{path}: {}",
            answer.status
        );
        assert!(!answer.body.contains("secret\n"), "{path}");
    }
}

#[test]
fn only_this_machine_and_only_readers_are_answered() {
    let scratch = store();
    let server = serve(&scratch, "/store/");
    let address = server.address();
    for (head, status) in [
        ("GET /store/ HTTP/1.1\r\nHost: shop.example\r\n\r\n", 403),
        (
            "GET /store/ HTTP/1.1\r\nHost: 127.0.0.1.shop.example:8420\r\n\r\n",
            403,
        ),
        (
            "GET /__shopfront/events HTTP/1.1\r\nHost: shop.example\r\n\r\n",
            403,
        ),
        ("GET /store/ HTTP/1.1\r\n\r\n", 400),
        (
            "GET /store/ HTTP/1.1\r\nHost: localhost\r\nHost: shop.example\r\n\r\n",
            400,
        ),
        (
            "GET /store/ HTTP/1.1\r\nHost: localhost\r\nno header\r\n\r\n",
            400,
        ),
        ("GET /store/\r\nHost: localhost\r\n\r\n", 400),
        ("GET  /store/ HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
        ("GET /store/ SPDY/3\r\nHost: localhost\r\n\r\n", 400),
        ("GET /store/\u{7} HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
        (
            "POST /store/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nbody",
            405,
        ),
        ("GET /store/ HTTP/1.0\r\nHost: localhost\r\n\r\n", 200),
        ("GET /store/ HTTP/1.1\r\nhost:LOCALHOST:1\r\n\r\n", 200),
        ("GET /store/ HTTP/1.1\r\nHost: [::1]:8420\r\n\r\n", 200),
    ] {
        assert_eq!(send(&address, head.as_bytes()).status, status, "{head}");
    }
    let long = format!(
        "GET /store/ HTTP/1.1\r\nHost: localhost\r\nX: {}\r\n\r\n",
        "x".repeat(20_000)
    );
    assert_eq!(send(&address, long.as_bytes()).status, 431);
}

#[test]
fn other_origins_read_only_when_they_are_of_this_machine() {
    let scratch = store();
    let server = serve(&scratch, "/store/");
    let allowed = |origin: &str| {
        let answer = request(
            &server.address(),
            "GET",
            "/store/plugins.json",
            &format!("Origin: {origin}\r\n"),
        );
        answer
            .header("Access-Control-Allow-Origin")
            .map(str::to_owned)
    };
    assert_eq!(
        allowed("http://localhost:3000").as_deref(),
        Some("http://localhost:3000")
    );
    assert_eq!(allowed("https://shop.example"), None);
    assert_eq!(allowed("http://localhost.shop.example"), None);
    assert_eq!(allowed("null"), None);
}

#[test]
fn a_file_that_is_known_is_not_sent_again() {
    let scratch = store();
    let server = serve(&scratch, "/store/");
    let address = server.address();
    let first = request(&address, "GET", "/store/plugins.json", "");
    let tag = first.header("ETag").unwrap().to_owned();
    let head = request(&address, "HEAD", "/store/plugins.json", "");
    assert_eq!(
        (
            head.status,
            head.body.as_str(),
            head.header("Content-Length")
        ),
        (200, "", first.header("Content-Length"))
    );
    assert_eq!(head.header("ETag"), Some(tag.as_str()));
    for known in [
        tag.clone(),
        format!("W/{tag}"),
        format!("\"other\", {tag}"),
        "*".to_owned(),
    ] {
        let again = request(
            &address,
            "GET",
            "/store/plugins.json",
            &format!("If-None-Match: {known}\r\n"),
        );
        assert_eq!((again.status, again.body.as_str()), (304, ""), "{known}");
    }
    // Of the same length, and possibly within one tick of the file system's clock.
    scratch.write("dist/plugins.json", "{\"plugins\": {}}\n");
    let other = request(
        &address,
        "GET",
        "/store/plugins.json",
        &format!("If-None-Match: {tag}\r\n"),
    );
    assert_eq!(
        (other.status, other.body.as_str()),
        (200, "{\"plugins\": {}}\n")
    );
}

#[test]
fn pages_get_the_script_that_reloads_them_and_files_on_disk_do_not() {
    let scratch = store();
    let server = serve(&scratch, "/store/");
    let page = get(&server, "/store/").body;
    let at = page.find("<script src=\"/__shopfront/reload.js\"").unwrap();
    assert!(at < page.find("</body>").unwrap());
    assert!(get(&server, "/store/nothing").body.contains("reload.js"));
    assert!(
        get(&server, "/store/about")
            .body
            .ends_with("defer></script>\n")
    );
    assert_eq!(
        get(&server, "/store/plugins.json").body,
        "{\"plugins\": []}\n"
    );
    assert_eq!(get(&server, "/store/assets/site.js").body, "export {};\n");
    assert!(
        !fs::read_to_string(scratch.path().join("dist/index.html"))
            .unwrap()
            .contains("script")
    );
    let script = get(&server, "/__shopfront/reload.js");
    assert_eq!(
        script.header("Content-Type"),
        Some("application/javascript; charset=utf-8")
    );
    assert!(script.body.contains("EventSource(\"/__shopfront/events\")"));
}

#[test]
fn what_programs_ask_for_without_an_ending_comes_as_it_was_written() {
    let scratch = store();
    let text = "{\n  \"plugins\": []\n}\n";
    scratch.write("dist/oko/api/v1/rpc/plugins.html", text);
    scratch.write("dist/oko/api/v1/rpc/plugins/tides/manifest", text);
    let server = serve(&scratch, "/shop/");
    for path in ["plugins", "plugins/tides/manifest"] {
        let answer = get(&server, &format!("/shop/oko/api/v1/rpc/{path}"));
        assert_eq!((answer.status, answer.body.as_str()), (200, text), "{path}");
    }
}

#[test]
fn what_is_wrong_is_shown_while_there_is_no_store() {
    let scratch = Scratch::empty();
    let server = serve(&scratch, "/store/");
    server.explain(Some(
        "error[not-json]: `<script>alert(1)</script>`".to_owned(),
    ));
    let page = get(&server, "/store/fiab/");
    assert_eq!(page.status, 503);
    assert!(
        page.body
            .contains("`&lt;script&gt;alert(1)&lt;/script&gt;`")
    );
    assert!(
        page.header("Content-Security-Policy")
            .unwrap()
            .contains("script-src 'self'")
    );
}

#[test]
fn a_port_that_somebody_asked_for_is_taken_or_refused() {
    let scratch = store();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let fault = Server::start(
        Some(port),
        scratch.path().join("dist"),
        "/",
        Limits::default(),
    )
    .err()
    .unwrap();
    assert!(
        fault
            .to_string()
            .contains(&format!("listening on port {port}"))
    );
    // Without a given port, another one is always free.
    let servers: Vec<Server> = (0..2)
        .map(|_| Server::start(None, scratch.path().join("dist"), "/", Limits::default()).unwrap())
        .collect();
    assert_ne!(servers[0].address(), servers[1].address());
}

#[test]
fn a_client_that_says_nothing_makes_room_for_one_that_asks() {
    let scratch = store();
    let server = Server::start(FREE, scratch.path().join("dist"), "/store/", patient()).unwrap();
    let idle: Vec<TcpStream> = ["", "GET /store/ HTTP/1.1\r\n", "G", ""]
        .map(|it| open(&server.address(), it.as_bytes()))
        .into();
    for _ in 0..5 {
        assert_eq!(get(&server, "/store/").status, 200);
    }
    // The last one may not have been closed.
    for stream in idle.into_iter().take(3) {
        assert_eq!(rest(stream), "");
    }
}

#[test]
fn a_client_that_takes_no_answer_makes_room_for_one_that_does() {
    let scratch = store();
    // Larger than the buffers of a connection.
    scratch.write("dist/large.bin", &"0123456789abcdef".repeat(2 << 20));
    let server = Server::start(FREE, scratch.path().join("dist"), "/store/", patient()).unwrap();
    let slow: Vec<TcpStream> = (0..4).map(|_| begun(&server, "/store/large.bin")).collect();
    for _ in 0..5 {
        assert_eq!(get(&server, "/store/").status, 200);
    }
    // One of them may not have been closed.
    assert!(
        slow.into_iter()
            .map(rest)
            .filter(|answer| answer.len() < 32 << 20)
            .count()
            >= 3
    );
}

/// Opens a connection whose response has begun.
fn begun(server: &Server, path: &str) -> TcpStream {
    let mut stream = open(
        &server.address(),
        format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n").as_bytes(),
    );
    let mut first = [0_u8; 12];
    stream.read_exact(&mut first).unwrap();
    assert_eq!(&first, b"HTTP/1.1 200");
    stream
}

#[test]
fn event_streams_take_no_room_from_others() {
    let scratch = store();
    let server = Server::start(FREE, scratch.path().join("dist"), "/store/", patient()).unwrap();
    let mut streams: Vec<TcpStream> = Vec::new();
    for _ in 0..4 {
        streams.push(begun(&server, "/__shopfront/events"));
        assert_eq!(get(&server, "/store/").status, 200);
    }
    // The oldest ones were closed. A browser opens its stream again.
    let mut last = streams.pop().unwrap();
    for stream in streams {
        rest(stream);
    }
    let mut heard = Vec::new();
    while !String::from_utf8_lossy(&heard).contains("event: build") {
        let mut piece = [0_u8; 256];
        let count = last.read(&mut piece).unwrap();
        assert!(count > 0, "the newest stream is closed");
        heard.extend_from_slice(&piece[..count]);
    }
}

/// If no client is at fault, the new one is told to retry.
#[test]
fn a_server_whose_clients_all_wait_for_it_refuses_more() {
    let limits = Limits {
        connections: 0,
        ..patient()
    };
    let scratch = store();
    let server = Server::start(FREE, scratch.path().join("dist"), "/store/", limits).unwrap();
    let answer = rest(open(&server.address(), b""));
    assert!(
        answer.starts_with("HTTP/1.1 503 ") && answer.contains("Retry-After: 1"),
        "{answer}"
    );
}

#[test]
fn a_client_that_is_too_slow_is_told_so() {
    let limits = Limits {
        head: Duration::from_millis(20),
        ..patient()
    };
    let scratch = store();
    let server = Server::start(FREE, scratch.path().join("dist"), "/store/", limits).unwrap();
    assert!(
        rest(open(
            &server.address(),
            b"GET /store/ HTTP/1.1\r\nHost: loc"
        ))
        .starts_with("HTTP/1.1 408 ")
    );
    let limits = Limits {
        piece: Duration::from_millis(20),
        ..patient()
    };
    scratch.write("dist/large.bin", &"0123456789abcdef".repeat(2 << 20));
    let server = Server::start(FREE, scratch.path().join("dist"), "/store/", limits).unwrap();
    let mut slow = begun(&server, "/store/large.bin");
    // It reads nothing, and detects that the server has closed the connection when writing fails.
    while slow.write(b"x").is_ok() {
        std::thread::yield_now();
    }
}
