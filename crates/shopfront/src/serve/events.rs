//! Notification of open pages about a newer build: an event stream (HTML, section 9.2), and the
//! script that reads it.

use std::io::{self, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::answer::{self, Answer};
use super::connections::Connection;
use super::request::{Method, Request};
use super::site::Site;

/// Path of the event stream.
pub(super) const EVENTS_PATH: &str = "/__shopfront/events";

/// Path of the script, which is never published.
pub(super) const SCRIPT_PATH: &str = "/__shopfront/reload.js";

/// Interval of messages on an idle stream: a closed page is detected only when something is
/// written.
const HEARTBEAT: Duration = Duration::from_secs(2);

/// Returns the script.
pub(super) fn script(request: &Request) -> Answer {
    answer::text(
        request,
        "application/javascript; charset=utf-8",
        include_str!("reload.js"),
    )
}

/// Open streams, the oldest first. They have no threads: an event is short, and a client without
/// buffer space for it is disconnected.
pub(super) struct Streams {
    open: Mutex<Vec<Arc<TcpStream>>>,
    most: usize,
}

impl Streams {
    /// Creates the set with at most `most` streams. The oldest is closed for a new one, and its
    /// browser reconnects.
    pub(super) fn new(most: usize) -> Streams {
        Streams {
            open: Mutex::default(),
            most,
        }
    }

    fn open(&self) -> MutexGuard<'_, Vec<Arc<TcpStream>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn send(&self, bytes: &[u8]) {
        self.open().retain(|stream| send(stream, bytes).is_ok());
    }
}

impl Drop for Streams {
    fn drop(&mut self) {
        self.open().iter().for_each(|stream| close(stream));
    }
}

fn send(mut stream: &TcpStream, bytes: &[u8]) -> io::Result<()> {
    stream.set_nonblocking(true)?;
    stream.write_all(bytes)
}

fn close(stream: &TcpStream) {
    let _ = stream.shutdown(Shutdown::Both);
}

/// Begins a stream with the current build. [`run`] sends all later ones.
pub(super) fn begin(mut connection: &Connection, request: &Request, site: &Site) -> io::Result<()> {
    const HEAD: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\n\
        X-Content-Type-Options: nosniff\r\nContent-Security-Policy: default-src 'none'\r\nConnection: close\r\n\r\n";
    connection.write_all(HEAD)?;
    if request.method == Method::Head {
        return Ok(());
    }
    let stream = connection.hand_over();
    let mut open = site.streams.open();
    // Sent while the set is locked: a concurrent build is sent to this stream, too.
    send(&stream, event(&site.build()).as_bytes())?;
    open.push(stream);
    while open.len() > site.streams.most {
        close(&open.remove(0));
    }
    Ok(())
}

/// Sends every build, and a heartbeat between two of them: a closed page is detected only when
/// something is sent.
pub(super) fn run(site: &Site) {
    let mut told = site.build();
    while !site.is_over() {
        let build = site.build_after(&told, HEARTBEAT);
        if build == told {
            site.streams.send(b":\n\n");
        } else {
            site.streams.send(event(&build).as_bytes());
            told = build;
        }
    }
}

fn event(build: &str) -> String {
    format!("event: build\ndata: {build}\n\n")
}
