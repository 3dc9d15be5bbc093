//! Connection to the fake index: reads requests and writes responses, HTTP/1.1 with keep-alive.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::ops::ControlFlow;
use std::time::Duration;

use super::{Fault, JSON, Page, Request, Shared, State, Validators, normalise, ranges};

/// Answers requests until the client sends no more, or a response ends the connection. An error
/// only means that the client disconnected, which is permitted.
pub(super) fn serve(stream: &TcpStream, shared: &Shared) {
    // Otherwise a response in two writes can wait 40 ms for an acknowledgment.
    let _ = stream.set_nodelay(true);
    let mut reader = BufReader::new(stream);
    while let Ok(Some(request)) = read_request(&mut reader) {
        let answer = answer(&mut shared.state(), &request);
        match deliver(stream, shared, &request, &answer) {
            Ok(ControlFlow::Continue(())) => {}
            Ok(ControlFlow::Break(())) | Err(_) => return,
        }
    }
}

/// Encodes Base 64 with the standard alphabet (RFC 4648, section 4), as Basic authentication uses
/// it.
pub(super) fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let mut group = [0_u8; 4];
        group[1..=chunk.len()].copy_from_slice(chunk);
        let bits = u32::from_be_bytes(group);
        for position in 0..4 {
            let index = (bits >> (18 - 6 * position)) & 63;
            let letter = if position <= chunk.len() {
                ALPHABET[index as usize]
            } else {
                b'='
            };
            text.push(char::from(letter));
        }
    }
    text
}

pub(super) struct Answer {
    pub(super) status: &'static str,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Vec<u8>,
    pub(super) delivery: Delivery,
}

/// Delivery of a body.
pub(super) enum Delivery {
    Whole,
    Never,
    Drip { bytes_per_second: u32 },
    Cut,
    WrongLength,
    Huge { bytes: u64 },
}

const MAX_HEAD: u64 = 64 * 1024;

/// Reads the next request and skips its body. Returns `None` at the end of the connection or for
/// invalid HTTP.
fn read_request(reader: &mut BufReader<&TcpStream>) -> io::Result<Option<Request>> {
    let mut head = reader.take(MAX_HEAD);
    let mut line = String::new();
    head.read_line(&mut line)?;
    let mut words = line.split_whitespace();
    let (Some(method), Some(path), Some(_)) = (words.next(), words.next(), words.next()) else {
        return Ok(None);
    };
    let mut request = Request {
        method: method.to_owned(),
        path: path.to_owned(),
        headers: Vec::new(),
    };
    loop {
        let mut line = String::new();
        if head.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        let Some((name, value)) = line.split_once(':') else {
            return Ok(None);
        };
        request
            .headers
            .push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let length = request
        .header("content-length")
        .and_then(|length| length.parse().ok())
        .unwrap_or(0);
    io::copy(&mut head.into_inner().take(length), &mut io::sink())?;
    Ok(Some(request))
}

fn answer(state: &mut State, request: &Request) -> Answer {
    state.requests.push(request.clone());
    let path = request.path.split('?').next().unwrap_or_default();
    let fault = state.take_fault(path);
    let unauthorized = state.authorization.is_some()
        && request.header("authorization") != state.authorization.as_deref();
    let Some(fault) = fault else {
        return if unauthorized {
            empty("401 Unauthorized").with("WWW-Authenticate", BASIC)
        } else {
            healthy(state, request, path)
        };
    };
    let whole = || full(state, request, path);
    match fault {
        Fault::NotFound404 => empty("404 Not Found"),
        Fault::TooMany429 {
            retry_after_seconds,
            ..
        } => empty("429 Too Many Requests").with("Retry-After", retry_after_seconds.to_string()),
        Fault::Spent403 { reset } => empty("403 Forbidden")
            .with("X-RateLimit-Remaining", "0")
            .with("X-RateLimit-Reset", reset.to_string()),
        Fault::ServerError500 { .. } => page(
            "500 Internal Server Error",
            "text/html; charset=utf-8",
            b"<h1>Something went wrong</h1>".to_vec(),
        ),
        Fault::Unauthorized => empty("401 Unauthorized").with("WWW-Authenticate", BASIC),
        Fault::Hang => empty("200 OK").by(Delivery::Never),
        Fault::SlowDrip { bytes_per_second } => whole().by(Delivery::Drip { bytes_per_second }),
        Fault::CutBody => whole().by(Delivery::Cut),
        Fault::WrongLength => whole().by(Delivery::WrongLength),
        Fault::Rubbish => page(
            "200 OK",
            JSON,
            b"<!doctype html><title>Sign in to the hotel's network</title>".to_vec(),
        ),
        Fault::HugeBody { bytes } => page("200 OK", JSON, Vec::new()).by(Delivery::Huge { bytes }),
        Fault::RedirectElsewhere { to } => empty("302 Found").with("Location", to),
        Fault::RedirectLoop => empty("302 Found").with("Location", request.path.as_str()),
        Fault::Range(fault) => ranges::odd(whole(), request, &fault, state.requests.len()),
        Fault::NoContentType => {
            let mut answer = whole();
            answer.headers.retain(|(name, _)| *name != "Content-Type");
            answer
        }
    }
}

const BASIC: &str = r#"Basic realm="packages""#;

impl Answer {
    pub(super) fn with(mut self, name: &'static str, value: impl Into<String>) -> Answer {
        self.headers.push((name, value.into()));
        self
    }

    fn by(self, delivery: Delivery) -> Answer {
        Answer { delivery, ..self }
    }
}

fn empty(status: &'static str) -> Answer {
    Answer {
        status,
        headers: Vec::new(),
        body: Vec::new(),
        delivery: Delivery::Whole,
    }
}

fn page(status: &'static str, content_type: &str, body: Vec<u8>) -> Answer {
    Answer {
        body,
        ..empty(status).with("Content-Type", content_type)
    }
}

/// Returns the page, or 304 if the client has it already.
fn healthy(state: &State, request: &Request, path: &str) -> Answer {
    let mut answer = full(state, request, path);
    let has = |header: &str, field: &str| {
        let offered = answer.headers.iter().find(|(name, _)| *name == field);
        offered.is_some_and(|(_, value)| request.header(header) == Some(value))
    };
    // RFC 9110, section 13.1.3: a date is ignored if there is an entity tag.
    let unchanged = match request.header("if-none-match") {
        Some(_) => has("if-none-match", "ETag"),
        None => has("if-modified-since", "Last-Modified"),
    };
    if request.header("range").is_some() {
        return ranges::healthy(answer, request);
    }
    if unchanged {
        answer.status = "304 Not Modified";
        answer.body = Vec::new();
        answer.headers.retain(|(name, _)| *name != "Content-Type");
    }
    answer
}

/// Returns the full page, a redirect to its normalized name, or 404.
fn full(state: &State, request: &Request, path: &str) -> Answer {
    if !matches!(request.method.as_str(), "GET" | "HEAD") {
        return empty("405 Method Not Allowed").with("Allow", "GET, HEAD");
    }
    if let Some(pages) = state.pages.get(path) {
        let (content_type, found) = negotiate(pages, request.header("accept").unwrap_or("*/*"));
        let mut answer = page("200 OK", content_type, found.body.clone()).with("Vary", "Accept");
        if matches!(state.validators, Validators::ETag | Validators::Both) {
            let mut hasher = DefaultHasher::new();
            found.body.hash(&mut hasher);
            answer = answer.with("ETag", format!("\"{:016x}\"", hasher.finish()));
        }
        if matches!(
            state.validators,
            Validators::LastModified | Validators::Both
        ) {
            let (minutes, seconds) = (found.revision / 60 % 60, found.revision % 60);
            answer = answer.with(
                "Last-Modified",
                format!("Wed, 01 Jan 2025 12:{minutes:02}:{seconds:02} GMT"),
            );
        }
        return answer;
    }
    match proper_path(path) {
        Some(proper) if proper != path && state.pages.contains_key(&proper) => {
            empty("301 Moved Permanently").with("Location", proper)
        }
        _ => empty("404 Not Found"),
    }
}

/// Returns the normalized path. Real indexes redirect `/pypi/Flask/json` and `/simple/Flask` to the
/// normalized name with a trailing slash.
fn proper_path(path: &str) -> Option<String> {
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    match parts.as_slice() {
        ["pypi", name, "json"] => Some(format!("/pypi/{}/json", normalise(name))),
        ["simple", name] => Some(format!("/simple/{}/", normalise(name))),
        _ => None,
    }
}

/// Returns the page with the highest `q` in `Accept`. At a tie, returns HTML, as it sorts last. If
/// none is accepted, returns one anyway, like most indexes.
fn negotiate<'a>(
    pages: &'a BTreeMap<&'static str, Page>,
    accept: &str,
) -> (&'static str, &'a Page) {
    let quality = |content_type: &str| {
        let essence = content_type.split(';').next().unwrap_or_default();
        let group = essence.split('/').next().unwrap_or_default();
        let ranges = accept.split(',').map(|range| {
            let mut parts = range.split(';').map(str::trim);
            let name = parts.next().unwrap_or_default().to_ascii_lowercase();
            let weight = parts.find_map(|part| part.strip_prefix("q=")?.parse::<f32>().ok());
            (name, weight.unwrap_or(1.0))
        });
        // RFC 9110, section 12.5.1: the most specific matching range decides.
        let fitting = ranges.filter_map(|(name, weight)| match name.as_str() {
            "*/*" => Some((0, weight)),
            _ if name == format!("{group}/*") => Some((1, weight)),
            _ if name == essence => Some((2, weight)),
            _ => None,
        });
        fitting
            .max_by_key(|(rank, _)| *rank)
            .map_or(0.0, |(_, weight)| weight)
    };
    let best = pages
        .iter()
        .max_by(|(one, _), (two, _)| quality(one).total_cmp(&quality(two)));
    best.map(|(content_type, page)| (*content_type, page))
        .expect("a path without pages is not kept")
}

fn deliver(
    mut stream: &TcpStream,
    shared: &Shared,
    request: &Request,
    answer: &Answer,
) -> io::Result<ControlFlow<()>> {
    let length = answer.body.len();
    let announced = match answer.delivery {
        Delivery::Never => {
            shared.hang();
            return Ok(ControlFlow::Break(()));
        }
        Delivery::Huge { .. } => None,
        Delivery::WrongLength => Some(length / 2),
        // An empty body is cut, too: one byte is announced and none is sent.
        Delivery::Cut => Some(length.max(1)),
        Delivery::Whole | Delivery::Drip { .. } => Some(length),
    };
    let mut out = head(answer, announced);
    if request.method == "HEAD" {
        stream.write_all(&out)?;
        return Ok(ControlFlow::Continue(()));
    }
    match answer.delivery {
        Delivery::Whole => {
            out.extend_from_slice(&answer.body);
            stream.write_all(&out)?;
            Ok(keep_alive(request))
        }
        Delivery::Drip { bytes_per_second } => {
            stream.write_all(&out)?;
            drip(stream, shared, &answer.body, bytes_per_second.max(1))?;
            Ok(keep_alive(request))
        }
        Delivery::Cut => {
            out.extend_from_slice(&answer.body[..length / 2]);
            stream.write_all(&out)?;
            Ok(ControlFlow::Break(()))
        }
        // The remaining bytes would be read as the next response, so the connection ends here.
        Delivery::WrongLength => {
            out.extend_from_slice(&answer.body);
            stream.write_all(&out)?;
            Ok(ControlFlow::Break(()))
        }
        Delivery::Huge { bytes } => {
            stream.write_all(&out)?;
            pour(stream, bytes)?;
            Ok(ControlFlow::Break(()))
        }
        Delivery::Never => unreachable!("returned above"),
    }
}

/// Returns status line and headers. Without a length, the end of the connection ends the body.
fn head(answer: &Answer, announced: Option<usize>) -> Vec<u8> {
    let mut head = format!("HTTP/1.1 {}\r\n", answer.status);
    for (name, value) in &answer.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    match announced {
        // RFC 9110, section 8.6: a 304 with length 0 would describe an empty page.
        Some(_) if answer.status.starts_with("304") => {}
        Some(length) => head.push_str(&format!("Content-Length: {length}\r\n")),
        None => head.push_str("Connection: close\r\n"),
    }
    head.push_str("\r\n");
    head.into_bytes()
}

fn keep_alive(request: &Request) -> ControlFlow<()> {
    match request.header("connection") {
        Some(value) if value.eq_ignore_ascii_case("close") => ControlFlow::Break(()),
        _ => ControlFlow::Continue(()),
    }
}

/// Writes at most twenty times per second, so that a fast drip does not occupy a core.
fn drip(
    mut stream: &TcpStream,
    shared: &Shared,
    body: &[u8],
    bytes_per_second: u32,
) -> io::Result<()> {
    let step = (bytes_per_second / 20).max(1);
    let pause = Duration::from_secs_f64(f64::from(step) / f64::from(bytes_per_second));
    for chunk in body.chunks(step as usize) {
        shared.pause(pause);
        stream.write_all(chunk)?;
    }
    Ok(())
}

/// Writes a generated JSON string with this number of bytes, including its quotes.
fn pour(mut stream: &TcpStream, bytes: u64) -> io::Result<()> {
    let letters = io::repeat(b'a').take(bytes.saturating_sub(2));
    stream.write_all(b"\"")?;
    io::copy(
        &mut BufReader::with_capacity(64 * 1024, letters),
        &mut stream,
    )?;
    stream.write_all(b"\"")
}
