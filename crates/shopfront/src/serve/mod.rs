//! The door for a look at a store: a file server on loopback that behaves as GitHub Pages does, and reloads open pages.
//!
//! Nothing is kept in memory and no file stays open: a build may swap the folder at any moment.

mod answer;
pub mod calls;
mod events;
mod pages;
mod request;
mod site;
pub mod watch;

use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use crate::error::{Doing, Error};
use request::Request;
use site::Site;

/// The port, when nobody asks for another.
pub const USUAL_PORT: u16 = 8420;

/// How many ports are tried from [`USUAL_PORT`] on.
const PORTS_TRIED: u16 = 100;

/// How many connections are open at once; every one has a thread.
const MOST_CONNECTIONS: usize = 128;

/// How long a client may take for its request, and to take a piece of the answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// A server that answers from its birth until it is dropped.
pub struct Server {
    address: SocketAddr,
    site: Arc<Site>,
}

impl Server {
    /// Serves `folder` below `base_path`, on `port` and no other, or on the first free one from [`USUAL_PORT`] on.
    ///
    /// The folder need not be there yet.
    ///
    /// # Errors
    /// When no port is free.
    pub fn start(port: Option<u16>, folder: PathBuf, base_path: &str) -> Result<Server, Error> {
        let listener = listen(port, USUAL_PORT)?;
        let address = listener.local_addr().doing(|| "starting the server".to_owned())?;
        let site = Arc::new(Site::new(folder, base_path));
        let of_thread = Arc::clone(&site);
        thread::Builder::new()
            .name("serve".to_owned())
            .spawn(move || accept(&listener, &of_thread))
            .doing(|| "starting the server".to_owned())?;
        Ok(Server { address, site })
    }

    /// Where the front page is.
    pub fn address(&self) -> String {
        format!("http://{}{}", self.address, self.site.base_path())
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
        // Wakes the thread that waits for a connection.
        let _ = TcpStream::connect_timeout(&self.address, Duration::from_secs(1));
    }
}

/// Loopback only: what is served is not published yet. `port` and no other, or the first free one from `usual` on.
fn listen(port: Option<u16>, usual: u16) -> Result<TcpListener, Error> {
    if let Some(port) = port {
        let help = "another program may listen there; without `--port` the next free one is taken";
        return TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .doing(|| format!("listening on port {port}"))
            .map_err(|fault| fault.help(help));
    }
    for port in usual..usual + PORTS_TRIED {
        match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
            // Some systems keep ranges of ports for themselves, and say so in their own way.
            Err(cause) if matches!(cause.kind(), ErrorKind::AddrInUse | ErrorKind::PermissionDenied) => {}
            other => return other.doing(|| format!("listening on port {port}")),
        }
    }
    let last = usual + PORTS_TRIED - 1;
    Err(Error::new(format!("no port from {usual} to {last} is free")).help("name one with `--port`"))
}

fn accept(listener: &TcpListener, site: &Arc<Site>) {
    for connection in listener.incoming() {
        if site.is_over() {
            return;
        }
        let Ok(stream) = connection else {
            // Out of file handles, most likely: some are given back soon.
            thread::sleep(Duration::from_millis(50));
            continue;
        };
        let Some(place) = site.take_place(MOST_CONNECTIONS) else {
            refuse(&stream);
            continue;
        };
        let site = Arc::clone(site);
        // Without a thread the connection is dropped, and the browser says so.
        let _ = thread::Builder::new().spawn(move || {
            let _place = place;
            answer_one(&stream, &site);
        });
    }
}

/// One request a connection: on loopback another one costs nothing, and nothing is left open.
fn answer_one(stream: &TcpStream, site: &Site) {
    let _ = stream.set_nodelay(true);
    let _ = stream.set_write_timeout(Some(PATIENCE));
    let outcome = match request::read(stream, Instant::now() + PATIENCE) {
        Ok(request) => respond(stream, &request, site),
        Err(fault) => answer::fault(fault).write(stream),
    };
    // Of a client that went away nobody needs to hear.
    if outcome.is_ok() {
        let _ = stream.shutdown(Shutdown::Write);
        drain(stream);
    }
}

fn respond(stream: &TcpStream, request: &Request, site: &Site) -> std::io::Result<()> {
    match request.path.as_str() {
        events::EVENTS_PATH => events::stream(stream, request, site),
        events::SCRIPT_PATH => events::script(request).write(stream),
        _ => pages::answer(request, site).write(stream),
    }
}

/// Too many are here already. This thread must get on: a client has a moment to take it, and no more.
fn refuse(mut stream: &TcpStream) {
    const MOMENT: Option<Duration> = Some(Duration::from_millis(100));
    let _ = stream.set_write_timeout(MOMENT);
    let _ = stream.write_all(b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    let _ = stream.shutdown(Shutdown::Write);
    let _ = stream.set_read_timeout(MOMENT);
    let _ = stream.read(&mut [0_u8; 4096]);
}

/// Reads what the client still sends: closing before would take back an answer that is on its way.
fn drain(mut stream: &TcpStream) {
    let _ = stream.set_read_timeout(Some(Duration::from_millis(500)));
    let mut rest = [0_u8; 4096];
    for _ in 0..16 {
        if !stream.read(&mut rest).is_ok_and(|count| count > 0) {
            return;
        }
    }
}
