//! Tests of `serve`: open pages are notified of a newer build, and a changed file triggers one.

use std::cell::Cell;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use shopfront::commands::serve::{Options, Session};
use shopfront::outcome::Outcome;
use shopfront::serve::Server;
use shopfront::serve::watch::Watch;
use shopfront_diagnostics::error::Error;

use crate::scratch::Scratch;
use crate::serve::{FREE, authority, get, request, serve, store};

/// Event stream of a page.
struct Listener(BufReader<TcpStream>);

impl Listener {
    fn of(server: &Server) -> Listener {
        let mut stream = TcpStream::connect(authority(&server.address())).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        stream.write_all(b"GET /__shopfront/events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n").unwrap();
        Listener(BufReader::new(stream))
    }

    /// Returns the build in the next event, or `None` when the stream ends.
    fn build(&mut self) -> Option<String> {
        let mut line = String::new();
        loop {
            line.clear();
            if self.0.read_line(&mut line).unwrap() == 0 {
                return None;
            }
            if let Some(build) = line.strip_prefix("data: ") {
                return Some(build.trim_end().to_owned());
            }
        }
    }
}

#[test]
fn every_open_page_hears_of_a_newer_build() {
    let scratch = store();
    let server = serve(&scratch, "/store/");
    let (mut one, mut two) = (Listener::of(&server), Listener::of(&server));
    let shown = one.build().unwrap();
    assert!(
        get(&server, "/store/")
            .body
            .contains(&format!("data-build=\"{shown}\""))
    );
    assert_eq!(two.build().as_ref(), Some(&shown));
    let begun = Instant::now();
    server.reload();
    let newer = one.build().unwrap();
    assert!(begun.elapsed() < Duration::from_secs(1));
    assert_ne!(newer, shown);
    assert_eq!(two.build().as_ref(), Some(&newer));
    assert!(get(&server, "/store/").body.contains(&newer));
    drop(server);
    assert_eq!(one.build(), None);
}

#[test]
fn a_folder_that_is_swapped_is_seen_at_once() {
    let scratch = store();
    let server = serve(&scratch, "/store/");
    scratch.write("next/index.html", "<p>second</p>\n");
    fs::rename(scratch.path().join("dist"), scratch.path().join("old")).unwrap();
    let between = get(&server, "/store/");
    assert_eq!(between.status, 503);
    assert!(between.body.contains("being built"));
    fs::rename(scratch.path().join("next"), scratch.path().join("dist")).unwrap();
    assert!(get(&server, "/store/").body.contains("second"));
    assert_eq!(get(&server, "/store/fiab/").status, 404);
}

#[test]
fn a_first_build_that_fails_is_mended_by_a_change() {
    let scratch = Scratch::empty();
    scratch.write(
        "catalogue/store.json",
        "{\"url\": \"https://team.example/store/\"}\n",
    );
    scratch.write("catalogue/fiab/host.json", "broken\n");
    let builds = Cell::new(0);
    let build = || {
        builds.set(builds.get() + 1);
        // A build saves answers: that must not trigger the next one.
        scratch.write(&format!("answers/{}.json", builds.get()), "{}\n");
        match fs::read_to_string(scratch.path().join("catalogue/fiab/host.json"))
            .unwrap()
            .as_str()
        {
            "broken\n" => Ok(Outcome {
                stderr: "\u{1b}[1;31merror[not-json]\u{1b}[0m: no object\n".to_owned(),
                exit: 1,
                ..Outcome::default()
            }),
            "world\n" => Err(Error::new("the world failed").help("mend it")),
            text => {
                scratch.write("dist/index.html", &format!("<p>{text}</p>"));
                Ok(Outcome::default())
            }
        }
    };
    let options = Options {
        root: scratch.path().to_path_buf(),
        folder: scratch.path().join("dist"),
        port: FREE,
    };
    let mut session = Session::start(options, &build).unwrap();
    let address = session.address();
    assert!(address.ends_with("/store/"));
    let page = request(&address, "GET", "/store/", "");
    assert_eq!(page.status, 503);
    assert!(
        page.body
            .contains("<pre>error[not-json]: no object\n</pre>"),
        "{}",
        page.body
    );

    scratch.write("catalogue/fiab/host.json", "mended");
    session.step();
    assert!(
        request(&address, "GET", "/store/", "")
            .body
            .contains("<p>mended</p>")
    );

    // The valid build stays in spite of a later error.
    scratch.write("catalogue/fiab/host.json", "world\n");
    session.step();
    assert!(
        request(&address, "GET", "/store/", "")
            .body
            .contains("<p>mended</p>")
    );

    scratch.write(
        "catalogue/store.json",
        "{\"url\": \"https://plugins.team.example/\"}\n",
    );
    session.step();
    assert!(
        session
            .address()
            .ends_with(&format!("{}/", authority(&address)))
    );
    assert_eq!(builds.get(), 4);
}

#[test]
fn a_watch_tells_what_is_new_gone_or_other_and_nothing_else() {
    let scratch = Scratch::base();
    let mut watch = Watch::new(scratch.path(), &["catalogue", "docs", "answers"]);
    assert_eq!(watch.changed(), Vec::<String>::new());
    for path in [
        "catalogue/.store.json.swp",
        "catalogue/store.json~",
        "catalogue/node_modules/a.json",
        "target/a",
        "dist/a",
        "docs/.git/a",
        "elsewhere",
    ] {
        scratch.write(path, "{}");
    }
    assert_eq!(watch.changed(), Vec::<String>::new());
    scratch.write("docs/errors/new.md", "# new\n");
    scratch.write("catalogue/store.json", "{}");
    fs::remove_file(scratch.path().join("catalogue/fiab/ecmwf.json")).unwrap();
    assert_eq!(
        watch.changed(),
        [
            "catalogue/fiab/ecmwf.json",
            "catalogue/store.json",
            "docs/errors/new.md"
        ]
    );
    assert_eq!(watch.changed(), Vec::<String>::new());
    scratch.write("answers/pypi/new.json", "{}");
    scratch.write("catalogue/fiab/new.json", "{}");
    watch.overlook("answers");
    assert_eq!(watch.wait(), ["catalogue/fiab/new.json"]);
}
