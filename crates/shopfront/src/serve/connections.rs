//! Connections of a server: one thread each, within limits, so that no client delays another one.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::request::Fault;
use shopfront_diagnostics::error::{Context, Error};

/// Resource limits for the clients of a server.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Maximum open connections, not counting event streams.
    pub connections: usize,
    /// Maximum open event streams.
    pub event_streams: usize,
    /// Time limit for the head of a request.
    pub head: Duration,
    /// Time limit for the body of a request, after its head.
    pub body: Duration,
    /// Time limit for the client to receive one piece of the response.
    pub piece: Duration,
    /// Time limit for the client to receive the whole response.
    pub answer: Duration,
    /// Time without progress after which a connection may be closed for a new one.
    pub stalled: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            connections: 128,
            event_streams: 32,
            head: Duration::from_secs(5),
            body: Duration::from_secs(5),
            piece: Duration::from_secs(10),
            // Browsers can simulate a slow network.
            answer: Duration::from_secs(300),
            stalled: Duration::from_millis(250),
        }
    }
}

/// Listener that answers in the background until it is dropped.
pub(super) struct Listening {
    address: SocketAddr,
    connections: Arc<Connections>,
}

impl Listening {
    /// Calls `serve` with every connection, each in its own thread.
    pub(super) fn start(
        listener: TcpListener,
        limits: Limits,
        serve: impl Fn(&Connection) + Send + Sync + 'static,
    ) -> Result<Listening, Error> {
        let doing = || "starting the server".to_owned();
        let address = listener.local_addr().with_context(doing)?;
        let connections = Arc::new(Connections {
            limits,
            open: Mutex::default(),
            is_over: AtomicBool::new(false),
        });
        let of_thread = Arc::clone(&connections);
        let serve = Arc::new(serve);
        let accept = move || of_thread.accept(&listener, &serve);
        thread::Builder::new()
            .name("serve".to_owned())
            .spawn(accept)
            .with_context(doing)?;
        Ok(Listening {
            address,
            connections,
        })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.connections.is_over.store(true, Ordering::SeqCst);
        // Wakes the thread that waits for a connection.
        let _ = TcpStream::connect_timeout(&self.address, Duration::from_secs(1));
    }
}

/// Open connections by number, the oldest first.
struct Connections {
    limits: Limits,
    open: Mutex<Open>,
    is_over: AtomicBool,
}

#[derive(Default)]
struct Open {
    /// Number of the next connection.
    next: u64,
    entries: BTreeMap<u64, Entry>,
}

struct Entry {
    stream: Arc<TcpStream>,
    phase: Phase,
    /// Start of the phase. For a response, the time at which the client received the last piece.
    since: Instant,
}

/// Party that has to act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// The client, which sends its request, or closes the connection after the response.
    Client,
    /// The server.
    Server,
    /// The client, which receives the response.
    Answer,
}

impl Open {
    /// Closes the connection for which `is_closed` has been true for the longest time.
    fn close_oldest(&mut self, is_closed: impl Fn(&Entry) -> bool) -> bool {
        let oldest = self
            .entries
            .iter()
            .filter(|(_, entry)| is_closed(entry))
            .min_by_key(|(_, entry)| entry.since);
        let Some(number) = oldest.map(|(number, _)| *number) else {
            return false;
        };
        if let Some(entry) = self.entries.remove(&number) {
            // Wakes its thread, which reads or writes.
            let _ = entry.stream.shutdown(Shutdown::Both);
        }
        true
    }
}

impl Connections {
    fn accept<S: Fn(&Connection) + Send + Sync + 'static>(
        self: &Arc<Self>,
        listener: &TcpListener,
        serve: &Arc<S>,
    ) {
        for stream in listener.incoming() {
            if self.is_over.load(Ordering::SeqCst) {
                return;
            }
            let Ok(stream) = stream else {
                // Probably out of file handles: some are released soon.
                thread::sleep(Duration::from_millis(50));
                continue;
            };
            let Some(connection) = self.admit(stream) else {
                continue;
            };
            let serve = Arc::clone(serve);
            // Without a thread the connection is dropped, which the client notices.
            let _ = thread::Builder::new().spawn(move || {
                serve(&connection);
                connection.close();
            });
        }
    }

    /// Returns a connection for `stream`. If the limit is reached, closes the connection whose
    /// client has delayed the server the longest. Clients that sent no request come before those
    /// that receive no response. If all others are active, the new one is refused.
    fn admit(self: &Arc<Self>, stream: TcpStream) -> Option<Connection> {
        let mut open = self.open();
        let is_full = open.entries.len() >= self.limits.connections;
        let has_stalled = |entry: &Entry| {
            entry.phase == Phase::Answer && entry.since.elapsed() >= self.limits.stalled
        };
        if is_full
            && !open.close_oldest(|entry| entry.phase == Phase::Client)
            && !open.close_oldest(has_stalled)
        {
            refuse(&stream);
            return None;
        }
        let _ = stream.set_nodelay(true);
        let (number, stream) = (open.next, Arc::new(stream));
        open.next += 1;
        open.entries.insert(
            number,
            Entry {
                stream: Arc::clone(&stream),
                phase: Phase::Client,
                since: Instant::now(),
            },
        );
        Some(Connection {
            number,
            stream,
            connections: Arc::clone(self),
            is_given_away: Cell::new(false),
            answer_by: Cell::new(None),
        })
    }

    /// A thread that panicked leaves a consistent map.
    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Sends the response that the limit is reached, without waiting for the client.
fn refuse(mut stream: &TcpStream) {
    let _ = stream.set_nonblocking(true);
    let _ = stream.write(b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    let _ = stream.shutdown(Shutdown::Write);
    let _ = stream.read(&mut [0_u8; 4096]);
}

/// Connection for one request.
pub(super) struct Connection {
    number: u64,
    stream: Arc<TcpStream>,
    connections: Arc<Connections>,
    is_given_away: Cell<bool>,
    /// End of the time limit for the response, from its first byte on.
    answer_by: Cell<Option<Instant>>,
}

impl Connection {
    pub(super) fn limits(&self) -> &Limits {
        &self.connections.limits
    }

    /// Reads the available bytes, at least one, until `deadline`.
    pub(super) fn read(&self, piece: &mut [u8], deadline: Instant) -> Result<usize, Fault> {
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() || self.stream.set_read_timeout(Some(left)).is_err() {
                return Err(Fault::TooSlow);
            }
            return match (&*self.stream).read(piece) {
                Ok(0) => Err(Fault::Malformed),
                Ok(count) => Ok(count),
                Err(cause) if cause.kind() == ErrorKind::Interrupted => continue,
                Err(_) => Err(Fault::TooSlow),
            };
        }
    }

    /// Marks the request as complete: from now on, the client waits for the server.
    pub(super) fn begin_work(&self) {
        self.enter(Phase::Server);
    }

    /// Hands the stream over. The connection no longer counts towards the limit.
    pub(super) fn hand_over(&self) -> Arc<TcpStream> {
        self.is_given_away.set(true);
        self.connections.open().entries.remove(&self.number);
        Arc::clone(&self.stream)
    }

    /// Sets the phase, unless the connection was closed for a new one.
    fn enter(&self, phase: Phase) {
        if let Some(entry) = self.connections.open().entries.get_mut(&self.number) {
            (entry.phase, entry.since) = (phase, Instant::now());
        }
    }

    /// Ends the response, and briefly reads remaining input of the client. Closing the connection
    /// before could discard a response that is in transit.
    fn close(&self) {
        if self.is_given_away.get() {
            return;
        }
        self.enter(Phase::Client);
        let _ = self.stream.shutdown(Shutdown::Write);
        let deadline = Instant::now() + Duration::from_millis(500);
        let mut rest = [0_u8; 4096];
        while self.read(&mut rest, deadline).is_ok() {}
    }
}

impl Write for &Connection {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let answer_by = self
            .answer_by
            .get()
            .unwrap_or_else(|| Instant::now() + self.limits().answer);
        self.answer_by.set(Some(answer_by));
        let left = self
            .limits()
            .piece
            .min(answer_by.saturating_duration_since(Instant::now()));
        self.enter(Phase::Answer);
        if left.is_zero() {
            return Err(ErrorKind::TimedOut.into());
        }
        self.stream.set_write_timeout(Some(left))?;
        (&*self.stream).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.connections.open().entries.remove(&self.number);
    }
}
