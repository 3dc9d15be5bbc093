//! Preview server: a file server on loopback that behaves like GitHub Pages, and reloads open
//! pages.
//!
//! Keeps nothing in memory and no file open: a build may replace the directory at any moment.

mod answer;
pub mod calls;
mod connections;
mod events;
mod pages;
mod request;
mod site;
pub mod watch;

pub use connections::Limits;

use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;

use connections::{Connection, Listening};
use request::Request;
use shopfront_diagnostics::error::{Context, Error};
use site::Site;

/// Default port.
pub const USUAL_PORT: u16 = 8420;

/// Number of ports that are tried, starting at [`USUAL_PORT`].
const PORTS_TRIED: u16 = 100;

/// Server that runs until it is dropped.
pub struct Server {
    listening: Listening,
    site: Arc<Site>,
}

impl Server {
    /// Serves `folder` below `base_path`. Listens only on `port`, or on the first free port from
    /// [`USUAL_PORT`].
    ///
    /// The directory need not exist yet.
    ///
    /// # Errors
    /// Returns an error if no port is free.
    pub fn start(
        port: Option<u16>,
        folder: PathBuf,
        base_path: &str,
        limits: Limits,
    ) -> Result<Server, Error> {
        let site = Arc::new(Site::new(folder, base_path, limits.event_streams));
        let of_events = Arc::clone(&site);
        let of_thread = Arc::clone(&site);
        let serve = move |connection: &Connection| answer_one(connection, &of_thread);
        let listening = Listening::start(listen(port, USUAL_PORT)?, limits, serve)?;
        thread::Builder::new()
            .spawn(move || events::run(&of_events))
            .with_context(|| "starting the server".to_owned())?;
        Ok(Server { listening, site })
    }

    /// Returns the URL of the front page.
    pub fn address(&self) -> String {
        format!(
            "http://{}{}",
            self.listening.address(),
            self.site.base_path()
        )
    }

    /// Serves below another base path from now on. Returns `true` if the path changed.
    pub fn move_to(&self, base_path: &str) -> bool {
        self.site.move_to(base_path)
    }

    /// Notifies all open pages of a newer build.
    pub fn reload(&self) {
        self.site.reload();
    }

    /// Sets the message that is shown while the directory contains no store. `None` states that it
    /// is being built.
    pub fn explain(&self, why: Option<String>) {
        self.site.explain(why);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.site.end();
    }
}

/// Listens on loopback only, since the store is not published yet. Uses only `port`, or the first
/// free port from `usual`.
fn listen(port: Option<u16>, usual: u16) -> Result<TcpListener, Error> {
    if let Some(port) = port {
        let help = "another program may listen there; without `--port` the next free one is taken";
        return TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .with_context(|| format!("listening on port {port}"))
            .map_err(|fault| fault.help(help));
    }
    for port in usual..usual + PORTS_TRIED {
        match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
            // Some systems reserve ranges of ports, and report that with errors of their own.
            Err(cause)
                if matches!(
                    cause.kind(),
                    ErrorKind::AddrInUse | ErrorKind::PermissionDenied
                ) => {}
            other => return other.with_context(|| format!("listening on port {port}")),
        }
    }
    let last = usual + PORTS_TRIED - 1;
    Err(
        Error::new(format!("no port from {usual} to {last} is free"))
            .help("name one with `--port`"),
    )
}

/// Answers one request per connection: on loopback, another connection costs nothing, and none
/// stays open.
fn answer_one(connection: &Connection, site: &Site) {
    let request = request::read(connection);
    connection.begin_work();
    // A client that disconnected is not reported.
    let _ = match request {
        Ok(request) => respond(connection, &request, site),
        Err(fault) => answer::fault(fault).write(connection),
    };
}

fn respond(connection: &Connection, request: &Request, site: &Site) -> std::io::Result<()> {
    match request.path.as_str() {
        events::EVENTS_PATH => events::begin(connection, request, site),
        events::SCRIPT_PATH => events::script(request).write(connection),
        _ => pages::answer(request, site).write(connection),
    }
}
