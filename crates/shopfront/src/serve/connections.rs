//! The connections of a server: a thread for each, within limits, and no client keeps another one
//! waiting.

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

/// What the clients of a server may take of it.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Open connections, not counting event streams.
    pub connections: usize,
    /// Open event streams.
    pub event_streams: usize,
    /// Time for the head of a request.
    pub head: Duration,
    /// Time for the body of a request, after its head.
    pub body: Duration,
    /// Time to take a piece of the answer.
    pub piece: Duration,
    /// Time to take the whole answer.
    pub answer: Duration,
    /// Time without taking anything after which a connection makes room for a new one.
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
            // A browser that plays a slow network takes its time.
            answer: Duration::from_secs(300),
            stalled: Duration::from_millis(250),
        }
    }
}

/// A listener that answers in the background until it is dropped.
pub(super) struct Listening {
    address: SocketAddr,
    connections: Arc<Connections>,
}

impl Listening {
    /// Calls `serve` with every connection, each on a thread of its own.
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

/// The open connections, by the number of each: the oldest first.
struct Connections {
    limits: Limits,
    open: Mutex<Open>,
    is_over: AtomicBool,
}

#[derive(Default)]
struct Open {
    /// The number of the next connection.
    next: u64,
    entries: BTreeMap<u64, Entry>,
}

struct Entry {
    stream: Arc<TcpStream>,
    phase: Phase,
    /// The begin of the phase; of an answer, the time at which the client took the last piece.
    since: Instant,
}

/// Who has to act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// The client: it sends its request, or closes the connection after the answer.
    Client,
    /// The server.
    Server,
    /// The client: it takes its answer.
    Answer,
}

impl Open {
    /// Closes the first connection for which `is_closed` holds, by the time since when it does.
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
                // Out of file handles, most likely: some are given back soon.
                thread::sleep(Duration::from_millis(50));
                continue;
            };
            let Some(connection) = self.admit(stream) else {
                continue;
            };
            let serve = Arc::clone(serve);
            // Without a thread the connection is dropped, and the client says so.
            let _ = thread::Builder::new().spawn(move || {
                serve(&connection);
                connection.close();
            });
        }
    }

    /// A connection for `stream`. When there is no room, the one whose client has kept the server
    /// waiting longest is closed: first one that sent no request, then one that takes no
    /// answer. When all others are in order, the new one is refused.
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

    /// A thread that panicked leaves a map that is whole.
    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Says that there is no room, without waiting for the client.
fn refuse(mut stream: &TcpStream) {
    let _ = stream.set_nonblocking(true);
    let _ = stream.write(b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    let _ = stream.shutdown(Shutdown::Write);
    let _ = stream.read(&mut [0_u8; 4096]);
}

/// A connection, for one request.
pub(super) struct Connection {
    number: u64,
    stream: Arc<TcpStream>,
    connections: Arc<Connections>,
    is_given_away: Cell<bool>,
    /// The end of the time for the answer, from its first byte on.
    answer_by: Cell<Option<Instant>>,
}

impl Connection {
    pub(super) fn limits(&self) -> &Limits {
        &self.connections.limits
    }

    /// Reads what there is, at least a byte, until `deadline`.
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

    /// The request is there: from now on the client waits for the server.
    pub(super) fn begin_work(&self) {
        self.enter(Phase::Server);
    }

    /// Gives the stream away: the connection is none of the server's any more, and leaves its place
    /// to another.
    pub(super) fn hand_over(&self) -> Arc<TcpStream> {
        self.is_given_away.set(true);
        self.connections.open().entries.remove(&self.number);
        Arc::clone(&self.stream)
    }

    /// Of a connection that was closed to make room nothing is noted.
    fn enter(&self, phase: Phase) {
        if let Some(entry) = self.connections.open().entries.get_mut(&self.number) {
            (entry.phase, entry.since) = (phase, Instant::now());
        }
    }

    /// Ends the answer, and reads for a moment what the client still sends: closing before would
    /// take back an answer that is on its way.
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
