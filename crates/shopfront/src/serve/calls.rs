//! HTTP server on loopback for programs: each call gets a JSON response.

use std::io::{self, Write};
use std::time::Instant;

use serde_json::{Value, json};

use super::connections::{Connection, Limits, Listening};
use super::listen;
use super::request::{self, Fault, Head};
use shopfront_diagnostics::error::Error;

/// Default port.
pub const USUAL_PORT: u16 = 8521;

/// Maximum size of the body of a call, in bytes.
const MAX_BODY: usize = 64 * 1024;

/// Server that answers calls until it is dropped.
pub struct Calls {
    listening: Listening,
}

/// Request of a program.
#[derive(Debug, PartialEq, Eq)]
pub struct Call {
    /// Method of the call: `POST` or `GET`.
    pub verb: Verb,
    /// Decoded path segments. None is empty, `.` or `..`, or contains a separator.
    pub parts: Vec<String>,
    /// Body of the call.
    pub body: Vec<u8>,
}

/// Method of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// `GET`
    Get,
    /// `POST`
    Post,
}

/// Response to a call.
#[derive(Debug, PartialEq)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// JSON body.
    pub body: Value,
}

impl Reply {
    /// Returns a response with status 200.
    pub fn ok(body: Value) -> Reply {
        Reply { status: 200, body }
    }

    /// Returns an error response with a message.
    pub fn fault(status: u16, detail: impl Into<String>) -> Reply {
        Reply {
            status,
            body: json!({ "detail": detail.into() }),
        }
    }
}

impl Calls {
    /// Answers calls concurrently with `answer`. Listens only on `port`, or on the first free port
    /// from [`USUAL_PORT`].
    ///
    /// # Errors
    /// Returns an error if no port is free.
    pub fn start(
        port: Option<u16>,
        limits: Limits,
        answer: impl Fn(&Call) -> Reply + Send + Sync + 'static,
    ) -> Result<Calls, Error> {
        let serve = move |connection: &Connection| {
            let call = read(connection);
            connection.begin_work();
            let reply = match call {
                Ok(call) => answer(&call),
                Err(reply) => reply,
            };
            // A client that disconnected is not reported.
            let _ = write(connection, &reply);
        };
        Ok(Calls {
            listening: Listening::start(listen(port, USUAL_PORT)?, limits, serve)?,
        })
    }

    /// Returns the URL without a trailing slash.
    pub fn address(&self) -> String {
        format!("http://{}", self.listening.address())
    }
}

fn write(mut connection: &Connection, reply: &Reply) -> io::Result<()> {
    let body = format!("{}\n", reply.body);
    let status = match reply.status {
        200 => "200 OK",
        400 => "400 Bad Request",
        403 => "403 Forbidden",
        404 => "404 Not Found",
        405 => "405 Method Not Allowed",
        408 => "408 Request Timeout",
        411 => "411 Length Required",
        413 => "413 Content Too Large",
        502 => "502 Bad Gateway",
        503 => "503 Service Unavailable",
        _ => "500 Internal Server Error",
    };
    let length = body.len();
    write!(
        connection,
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nContent-Security-Policy: default-src 'none'\r\nCross-Origin-Resource-Policy: same-origin\r\nConnection: close\r\n\r\n{body}"
    )
}

fn read(connection: &Connection) -> Result<Call, Reply> {
    let (text, behind) = request::text(connection).map_err(refused)?;
    let (call, length) = understood(&text)?;
    let body = body(connection, behind, length)?;
    Ok(Call { body, ..call })
}

fn refused(fault: Fault) -> Reply {
    match fault {
        Fault::TooSlow => Reply::fault(408, "the call did not come in time"),
        Fault::TooLong => Reply::fault(413, "the head of the call is too long"),
        Fault::ForeignHost => Reply::fault(
            403,
            "this is served on loopback: call it as 127.0.0.1 or localhost",
        ),
        _ => malformed(),
    }
}

fn malformed() -> Reply {
    Reply::fault(400, "this is no call that can be understood")
}

/// Parses a call without its body. Also returns the length of the body.
fn understood(text: &str) -> Result<(Call, usize), Reply> {
    let head = Head::parse(text).map_err(refused)?;
    let has = |name: &str| !head.all(name).is_empty();
    let is_of_a_page = |site: &&str| !matches!(*site, "none" | "same-origin");
    if has("origin") || head.all("sec-fetch-site").iter().any(is_of_a_page) {
        // A page of a browser says where it comes from, also for its images; the programs that this
        // is for do not.
        return Err(Reply::fault(403, "pages of a browser are not answered"));
    }
    if has("transfer-encoding") {
        return Err(Reply::fault(
            411,
            "say the length of the body, in `Content-Length`",
        ));
    }
    let length = match head.all("content-length").as_slice() {
        [] => 0,
        [length] => length.parse::<usize>().map_err(|_| malformed())?,
        _ => return Err(malformed()),
    };
    let verb = match head.method {
        "GET" => Verb::Get,
        "POST" => Verb::Post,
        _ => return Err(Reply::fault(405, "only GET and POST are known")),
    };
    let path = head.target.split('?').next().unwrap_or_default();
    let parts = request::parts(path).ok_or_else(malformed)?;
    Ok((
        Call {
            verb,
            parts,
            body: Vec::new(),
        },
        length,
    ))
}

fn body(connection: &Connection, begun: Vec<u8>, length: usize) -> Result<Vec<u8>, Reply> {
    if length > MAX_BODY {
        return Err(Reply::fault(
            413,
            format!("the body has {length} bytes; {MAX_BODY} is the most"),
        ));
    }
    let deadline = Instant::now() + connection.limits().body;
    let mut body = begun;
    let mut piece = [0_u8; 4096];
    while body.len() < length {
        let count = connection.read(&mut piece, deadline).map_err(refused)?;
        body.extend_from_slice(&piece[..count]);
    }
    body.truncate(length);
    Ok(body)
}
