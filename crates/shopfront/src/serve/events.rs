//! Telling open pages that there is a newer build: a stream of events (HTML, section 9.2), and the script that listens.

use std::io::{self, Write};
use std::net::TcpStream;
use std::time::Duration;

use super::answer::{self, Answer};
use super::request::{Method, Request};
use super::site::Site;

/// Where the events are.
pub(super) const EVENTS_PATH: &str = "/__shopfront/events";

/// Where the script is; it is never published.
pub(super) const SCRIPT_PATH: &str = "/__shopfront/reload.js";

/// How long the stream stays silent: a page that was left is noticed when something is written.
const HEARTBEAT: Duration = Duration::from_secs(2);

/// The script.
pub(super) fn script(request: &Request) -> Answer {
    answer::text(request, "application/javascript; charset=utf-8", include_str!("reload.js"))
}

/// Names the build, and every one after it, until the page is left or the server ends.
pub(super) fn stream(mut stream: &TcpStream, request: &Request, site: &Site) -> io::Result<()> {
    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n")?;
    if request.method == Method::Head {
        return Ok(());
    }
    let mut told = String::new();
    while !site.is_over() {
        let build = site.build_after(&told, HEARTBEAT);
        if build == told {
            stream.write_all(b":\n\n")?;
        } else {
            stream.write_all(format!("event: build\ndata: {build}\n\n").as_bytes())?;
            told = build;
        }
    }
    Ok(())
}
