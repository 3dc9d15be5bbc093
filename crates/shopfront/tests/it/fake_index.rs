//! A package index on loopback for tests: answers as a real one does, and misbehaves on order.
//!
//! ```ignore
//! let index = FakeIndex::start();
//! index.json("datasette-graphql", project_json("datasette-graphql", &[("1.0", "2024-01-01T00:00:00Z")]));
//! index.fault("datasette-graphql", Fault::ServerError500 { times: 2 });
//! // … run the program with `--pypi-url` and `index.base()` …
//! assert_eq!(index.requests_for("datasette-graphql").len(), 3);
//! ```

mod bodies;
mod connection;
mod npm;
mod ranges;

use std::collections::BTreeMap;
use std::fmt::Display;
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

pub(crate) use bodies::{project_json, simple_html_page, simple_json_page, yank};
pub(crate) use npm::{npm_document, npm_path, tgz};
pub(crate) use ranges::RangeFault;

/// A running index. Dropping it closes every connection, also those that hang, and waits for its
/// threads.
pub(crate) struct FakeIndex {
    shared: Arc<Shared>,
    address: SocketAddr,
    acceptor: Option<JoinHandle<()>>,
}

/// What the index does instead of a healthy answer, until [`FakeIndex::heal`] or for as often as
/// `times` says.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    /// 404 with an empty body.
    NotFound404,
    /// 429 with `Retry-After` in seconds, this many times; healthy after that.
    TooMany429 {
        retry_after_seconds: u32,
        times: u32,
    },
    /// 403 as the API of GitHub says it to those who asked too often: nothing remains until this
    /// second.
    Spent403 { reset: i64 },
    /// 500 with a page for people, this many times; healthy after that.
    ServerError500 { times: u32 },
    /// 401 that asks for Basic authentication, whatever was sent.
    Unauthorized,
    /// Takes the request and never answers.
    Hang,
    /// The healthy answer, a few bytes at a time.
    SlowDrip { bytes_per_second: u32 },
    /// The healthy answer, closed half-way through its body.
    CutBody,
    /// The healthy answer with a `Content-Length` of half its body, then all of the body.
    WrongLength,
    /// 200, `application/json`, and HTML in the body.
    Rubbish,
    /// 200 and a JSON string this long, without a `Content-Length`, so that the reader has to
    /// count.
    HugeBody { bytes: u64 },
    /// 302 to another address.
    RedirectElsewhere { to: String },
    /// 302 to the very address that was asked for.
    RedirectLoop,
    /// The healthy answer without `Content-Type`.
    NoContentType,
    /// What to do with `Range` instead of what is healthy.
    Range(RangeFault),
}

/// What an answer offers for asking again; a request that sends it back gets 304.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Validators {
    /// Neither: every answer is 200 in full, as at many private indexes.
    None,
    /// `ETag`, as at the public index. The default.
    ETag,
    /// `Last-Modified`.
    LastModified,
    /// Both.
    Both,
}

/// One request, as it came in.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    /// `GET`, …
    pub(crate) method: String,
    /// The target with its query, as sent.
    pub(crate) path: String,
    /// Names in lower case, in the order sent.
    pub(crate) headers: Vec<(String, String)>,
}

impl Request {
    /// The first header of that name, which is given in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }
}

impl FakeIndex {
    /// An empty index on a free port of 127.0.0.1.
    pub(crate) fn start() -> FakeIndex {
        let listener =
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
        let address = listener
            .local_addr()
            .expect("a bound listener has an address");
        let shared = Arc::new(Shared::default());
        let acceptor = thread::spawn({
            let shared = Arc::clone(&shared);
            move || accept(&listener, &shared)
        });
        FakeIndex {
            shared,
            address,
            acceptor: Some(acceptor),
        }
    }

    /// The address to hand to `--pypi-url`, without a slash at its end.
    pub(crate) fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Serves `/pypi/<name>/json`.
    pub(crate) fn json(&self, name: &str, body: impl Display) {
        self.serve(&format!("/pypi/{name}/json"), JSON, body.to_string());
    }

    /// Serves `/simple/<name>/` as HTML, beside JSON if there is any.
    pub(crate) fn simple_html(&self, name: &str, body: impl Display) {
        self.serve(
            &format!("/simple/{name}/"),
            "text/html; charset=utf-8",
            body.to_string(),
        );
    }

    /// Serves `/simple/<name>/` as JSON to those whose `Accept` prefers it.
    pub(crate) fn simple_json(&self, name: &str, body: impl Display) {
        self.serve(
            &format!("/simple/{name}/"),
            "application/vnd.pypi.simple.v1+json",
            body.to_string(),
        );
    }

    /// Serves any bytes at any path, for what is no package (another store's documents, say).
    pub(crate) fn serve(&self, path: &str, content_type: &'static str, body: impl Into<Vec<u8>>) {
        let mut state = self.shared.state();
        state.revision += 1;
        let page = Page {
            body: body.into(),
            revision: state.revision,
        };
        state
            .pages
            .entry(path.to_owned())
            .or_default()
            .insert(content_type, page);
    }

    /// Forgets all pages of a project: 404 from now on.
    pub(crate) fn remove(&self, name: &str) {
        let name = normalise(name);
        let mut state = self.shared.state();
        state
            .pages
            .retain(|path, _| project_of(path).as_ref() != Some(&name));
    }

    /// Misbehaves from now on. `target` is a project's name, a path (`/simple/x/`), or `*` for
    /// everything; of several that fit, the most special one is taken.
    pub(crate) fn fault(&self, target: &str, fault: Fault) {
        self.shared.state().faults.insert(target_key(target), fault);
    }

    /// Takes back a fault.
    pub(crate) fn heal(&self, target: &str) {
        self.shared.state().faults.remove(&target_key(target));
    }

    /// Chooses what answers offer for asking again.
    pub(crate) fn validators(&self, validators: Validators) {
        self.shared.state().validators = validators;
    }

    /// Answers 401 to everybody who does not send this user and password.
    pub(crate) fn require_basic(&self, user: &str, password: &str) {
        let token = connection::base64(format!("{user}:{password}").as_bytes());
        self.shared.state().authorization = Some(format!("Basic {token}"));
    }

    /// All requests so far, in the order in which they came in.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.shared.state().requests.clone()
    }

    /// The requests for documents of the JSON API; what is asked for beside them is left out.
    pub(crate) fn documents(&self) -> Vec<Request> {
        let mut requests = self.requests();
        requests.retain(|request| request.path.starts_with("/pypi/"));
        requests
    }

    /// The requests for one project's pages.
    pub(crate) fn requests_for(&self, name: &str) -> Vec<Request> {
        let name = normalise(name);
        let mut requests = self.requests();
        requests.retain(|request| project_of(&request.path).as_ref() == Some(&name));
        requests
    }
}

impl Drop for FakeIndex {
    fn drop(&mut self) {
        let mut state = self.shared.state();
        state.stopping = true;
        for stream in state.connections.values() {
            // One that the client has closed already needs no second shutdown.
            let _ = stream.shutdown(Shutdown::Both);
        }
        drop(state);
        self.shared.stopped.notify_all();
        // Wakes `accept`, which then sees that it should stop.
        let woken = TcpStream::connect_timeout(&self.address, Duration::from_secs(1));
        if let (Ok(_), Some(acceptor)) = (woken, self.acceptor.take()) {
            let _ = acceptor.join();
        }
    }
}

const JSON: &str = "application/json";

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    stopped: Condvar,
}

struct State {
    /// Path, then content type.
    pages: BTreeMap<String, BTreeMap<&'static str, Page>>,
    faults: BTreeMap<String, Fault>,
    validators: Validators,
    authorization: Option<String>,
    requests: Vec<Request>,
    /// Counts what was served, so that each body has its own `Last-Modified`.
    revision: u32,
    connections: BTreeMap<u64, TcpStream>,
    stopping: bool,
}

struct Page {
    body: Vec<u8>,
    revision: u32,
}

impl Default for State {
    fn default() -> State {
        State {
            pages: BTreeMap::new(),
            faults: BTreeMap::new(),
            validators: Validators::ETag,
            authorization: None,
            requests: Vec::new(),
            revision: 0,
            connections: BTreeMap::new(),
            stopping: false,
        }
    }
}

impl Shared {
    /// A test that failed while it held the lock must not hide its own message behind a second
    /// panic.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits that long, but never longer than the index lives.
    fn pause(&self, time: Duration) {
        let waited = self
            .stopped
            .wait_timeout_while(self.state(), time, |state| !state.stopping);
        drop(waited);
    }

    /// Waits until the index is dropped.
    fn hang(&self) {
        let waited = self
            .stopped
            .wait_while(self.state(), |state| !state.stopping);
        drop(waited);
    }
}

impl State {
    /// The fault for this request, counted down where it is limited.
    fn take_fault(&mut self, path: &str) -> Option<Fault> {
        let project = project_of(path).unwrap_or_default();
        for target in [path, project.as_str(), "*"] {
            let Some(fault) = self.faults.get_mut(target) else {
                continue;
            };
            let taken = fault.clone();
            match fault {
                Fault::TooMany429 { times: 0, .. } | Fault::ServerError500 { times: 0 } => continue,
                Fault::TooMany429 { times, .. } | Fault::ServerError500 { times } => *times -= 1,
                _ => {}
            }
            return Some(taken);
        }
        None
    }
}

/// Takes connections until the index is dropped, and ends when the last of them has ended.
fn accept(listener: &TcpListener, shared: &Shared) {
    thread::scope(|scope| {
        for number in 0_u64.. {
            let accepted = listener.accept();
            let mut state = shared.state();
            if state.stopping {
                return;
            }
            let Ok((stream, _)) = accepted else {
                drop(state);
                // Out of file handles, most likely: let others close theirs.
                shared.pause(Duration::from_millis(10));
                continue;
            };
            let Ok(handle) = stream.try_clone() else {
                continue;
            };
            state.connections.insert(number, handle);
            drop(state);
            scope.spawn(move || {
                connection::serve(&stream, shared);
                // The second handle would keep the connection open.
                shared.state().connections.remove(&number);
            });
        }
    });
}

/// The project whose page this is: `/pypi/<name>/…` or `/simple/<name>/…`.
fn project_of(path: &str) -> Option<String> {
    let path = path.split('?').next()?;
    let mut parts = path.trim_start_matches('/').split('/');
    let ("pypi" | "simple") = parts.next()? else {
        return None;
    };
    let name = parts.next()?;
    (!name.is_empty()).then(|| normalise(name))
}

/// A path as it is, a project's name in any spelling.
fn target_key(target: &str) -> String {
    if target.starts_with('/') {
        return target.to_owned();
    }
    normalise(target)
}

/// PEP 503: lower case, and a run of `-`, `_`, `.` is one `-`.
fn normalise(name: &str) -> String {
    let mut normal = String::with_capacity(name.len());
    for character in name.chars() {
        match character {
            '-' | '_' | '.' if normal.ends_with('-') => {}
            '-' | '_' | '.' => normal.push('-'),
            other => normal.push(other.to_ascii_lowercase()),
        }
    }
    normal
}
