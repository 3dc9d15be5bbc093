//! Package index on loopback for tests: responds like a real one, and fails on request.
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

/// Running index. Dropping it closes every connection, including hanging ones, and waits for its
/// threads.
pub(crate) struct FakeIndex {
    shared: Arc<Shared>,
    address: SocketAddr,
    acceptor: Option<JoinHandle<()>>,
}

/// Failure of the index, until [`FakeIndex::heal`] or for the number of responses in `times`.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    /// 404 with an empty body.
    NotFound404,
    /// 429 with `Retry-After` in seconds, this many times. Valid after that.
    TooMany429 {
        retry_after_seconds: u32,
        times: u32,
    },
    /// 403 as the API of GitHub returns it when the rate limit is exceeded: no requests remain
    /// until this second.
    Spent403 { reset: i64 },
    /// 500 with an HTML page, this many times. Valid after that.
    ServerError500 { times: u32 },
    /// 401 that requests Basic authentication, independently of the credentials.
    Unauthorized,
    /// Accepts the request and never responds.
    Hang,
    /// Valid response, a few bytes at a time.
    SlowDrip { bytes_per_second: u32 },
    /// Valid response, closed halfway through its body.
    CutBody,
    /// Valid response with a `Content-Length` of half its body, followed by the whole body.
    WrongLength,
    /// 200, `application/json`, and HTML in the body.
    Rubbish,
    /// 200 and a JSON string of this length, without a `Content-Length`, so that the reader has to
    /// count.
    HugeBody { bytes: u64 },
    /// 302 to another URL.
    RedirectElsewhere { to: String },
    /// 302 to the requested URL itself.
    RedirectLoop,
    /// Valid response without `Content-Type`.
    NoContentType,
    /// Invalid response to `Range`.
    Range(RangeFault),
}

/// Validators of a response. A conditional request with them gets 304.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Validators {
    /// None: every response is a full 200, as at many private indexes.
    None,
    /// `ETag`, as at the public index. The default.
    ETag,
    /// `Last-Modified`
    LastModified,
    /// Both validators.
    Both,
}

/// Received request.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    /// Method, such as `GET`.
    pub(crate) method: String,
    /// Request target with its query, as sent.
    pub(crate) path: String,
    /// Headers with names in lower case, in the order sent.
    pub(crate) headers: Vec<(String, String)>,
}

impl Request {
    /// Returns the first header with this lower-case name.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }
}

impl FakeIndex {
    /// Starts an empty index on a free port of 127.0.0.1.
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

    /// Returns the URL for `--pypi-url`, without a trailing slash.
    pub(crate) fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Serves `/pypi/<name>/json`.
    pub(crate) fn json(&self, name: &str, body: impl Display) {
        self.serve(&format!("/pypi/{name}/json"), JSON, body.to_string());
    }

    /// Serves `/simple/<name>/` as HTML, in addition to JSON if that exists.
    pub(crate) fn simple_html(&self, name: &str, body: impl Display) {
        self.serve(
            &format!("/simple/{name}/"),
            "text/html; charset=utf-8",
            body.to_string(),
        );
    }

    /// Serves `/simple/<name>/` as JSON if `Accept` prefers it.
    pub(crate) fn simple_json(&self, name: &str, body: impl Display) {
        self.serve(
            &format!("/simple/{name}/"),
            "application/vnd.pypi.simple.v1+json",
            body.to_string(),
        );
    }

    /// Serves any bytes at any path, for files other than packages, such as documents of upstream
    /// stores.
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

    /// Removes all pages of a project: 404 from now on.
    pub(crate) fn remove(&self, name: &str) {
        let name = normalise(name);
        let mut state = self.shared.state();
        state
            .pages
            .retain(|path, _| project_of(path).as_ref() != Some(&name));
    }

    /// Fails from now on. `target` is a project name, a path (`/simple/x/`), or `*` for everything.
    /// The most specific match applies.
    pub(crate) fn fault(&self, target: &str, fault: Fault) {
        self.shared.state().faults.insert(target_key(target), fault);
    }

    /// Removes a failure.
    pub(crate) fn heal(&self, target: &str) {
        self.shared.state().faults.remove(&target_key(target));
    }

    /// Sets the validators of responses.
    pub(crate) fn validators(&self, validators: Validators) {
        self.shared.state().validators = validators;
    }

    /// Responds with 401 to requests without this user and password.
    pub(crate) fn require_basic(&self, user: &str, password: &str) {
        let token = connection::base64(format!("{user}:{password}").as_bytes());
        self.shared.state().authorization = Some(format!("Basic {token}"));
    }

    /// Returns all requests so far, in the order of arrival.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.shared.state().requests.clone()
    }

    /// Returns the requests for documents of the JSON API, without other requests.
    pub(crate) fn documents(&self) -> Vec<Request> {
        let mut requests = self.requests();
        requests.retain(|request| request.path.starts_with("/pypi/"));
        requests
    }

    /// Returns the requests for one project's pages.
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
            // A connection that the client has closed already needs no second shutdown.
            let _ = stream.shutdown(Shutdown::Both);
        }
        drop(state);
        self.shared.stopped.notify_all();
        // Wakes `accept`, which then stops.
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
    /// By path, then content type.
    pages: BTreeMap<String, BTreeMap<&'static str, Page>>,
    faults: BTreeMap<String, Fault>,
    validators: Validators,
    authorization: Option<String>,
    requests: Vec<Request>,
    /// Number of served bodies, so that each has its own `Last-Modified`.
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

    /// Waits for this duration, but at most until the index is dropped.
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
    /// Returns the failure for this request, and decrements its count if limited.
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

/// Accepts connections until the index is dropped, and returns when the last of them has ended.
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
                // Probably out of file handles: waits until others close theirs.
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

/// Returns the project of a page: `/pypi/<name>/…` or `/simple/<name>/…`.
fn project_of(path: &str) -> Option<String> {
    let path = path.split('?').next()?;
    let mut parts = path.trim_start_matches('/').split('/');
    let ("pypi" | "simple") = parts.next()? else {
        return None;
    };
    let name = parts.next()?;
    (!name.is_empty()).then(|| normalise(name))
}

/// Returns a path unchanged, and a project name in its normal form.
fn target_key(target: &str) -> String {
    if target.starts_with('/') {
        return target.to_owned();
    }
    normalise(target)
}

/// Returns the PEP 503 form: lower case, and one `-` for a run of `-`, `_`, `.`.
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
