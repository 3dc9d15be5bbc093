//! The door for a look at a store: a file server on loopback that behaves as GitHub Pages does, and
//! reloads open pages.
//!
//! Nothing is kept in memory and no file stays open: a build may swap the folder at any moment.

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

/// The port, when nobody asks for another.
pub const USUAL_PORT: u16 = 8420;

/// How many ports are tried from [`USUAL_PORT`] on.
const PORTS_TRIED: u16 = 100;

/// A server that answers from its birth until it is dropped.
pub struct Server {
    listening: Listening,
    site: Arc<Site>,
}

impl Server {
    /// Serves `folder` below `base_path`, on `port` and no other, or on the first free one from
    /// [`USUAL_PORT`] on.
    ///
    /// The folder need not be there yet.
    ///
    /// # Errors
    /// When no port is free.
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

    /// Where the front page is.
    pub fn address(&self) -> String {
        format!(
            "http://{}{}",
            self.listening.address(),
            self.site.base_path()
        )
    }

    /// Serves below another path from now on; says whether it is another.
    pub fn move_to(&self, base_path: &str) -> bool {
        self.site.move_to(base_path)
    }

    /// Tells all open pages that there is a newer build.
    pub fn reload(&self) {
        self.site.reload();
    }

    /// What to show while the folder holds no store at all; `None`: that it is being built.
    pub fn explain(&self, why: Option<String>) {
        self.site.explain(why);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.site.end();
    }
}

/// Loopback only: what is served is not published yet. `port` and no other, or the first free one
/// from `usual` on.
fn listen(port: Option<u16>, usual: u16) -> Result<TcpListener, Error> {
    if let Some(port) = port {
        let help = "another program may listen there; without `--port` the next free one is taken";
        return TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .with_context(|| format!("listening on port {port}"))
            .map_err(|fault| fault.help(help));
    }
    for port in usual..usual + PORTS_TRIED {
        match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
            // Some systems keep ranges of ports for themselves, and say so in their own way.
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

/// One request a connection: on loopback another one costs nothing, and nothing is left open.
fn answer_one(connection: &Connection, site: &Site) {
    let request = request::read(connection);
    connection.begin_work();
    // Of a client that went away nobody needs to hear.
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
