//! The door to HTTP: one client with every limit, retries for what passes, and no way to any other host.

mod credentials;
mod patience;

pub use credentials::Credentials;
pub use patience::Patience;

use std::io::{ErrorKind, Read};
use std::net::ToSocketAddrs;
use std::sync::Once;
use std::thread::sleep;
use std::time::{Duration, Instant};

use reqwest::StatusCode;
use reqwest::blocking::{Client, ClientBuilder, RequestBuilder, Response as Answer};
use reqwest::header::{ACCEPT, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, RETRY_AFTER};
use reqwest::redirect;
use url::Url;

use crate::error::{Doing, Error};
use crate::web::{Request, Response, Web};

/// The largest body that is read, decompressed. The largest real document of a project has 4 MB.
pub const MAX_BODY: usize = 64 << 20;

/// Redirects within one host that are followed.
const MAX_REDIRECTS: usize = 5;

/// The name under which registries see this program.
const USER_AGENT: &str = concat!("shopfront/", env!("CARGO_PKG_VERSION"), " (+", env!("CARGO_PKG_REPOSITORY"), ")");

/// A client for one registry.
pub struct Http {
    client: Client,
    credentials: Option<Credentials>,
    patience: Patience,
}

impl Http {
    /// A client that talks to the host of `base` and to no other; user and password in `base` are taken out of it
    /// by [`Credentials::find`] before.
    ///
    /// # Errors
    /// When the system has no certificates, or a proxy's address is none.
    pub fn new(base: &Url, credentials: Option<Credentials>, patience: Patience) -> Result<Http, Error> {
        install_cryptography();
        let builder =
            Client::builder().user_agent(USER_AGENT).connect_timeout(patience.connect).timeout(patience.whole).redirect(same_host_only());
        let client = with_addresses(builder, base).build().doing(|| "preparing the HTTP client".to_owned());
        let client = client.map_err(|fault| fault.help("SSL_CERT_FILE or SSL_CERT_DIR must name certificates, when they are set"))?;
        Ok(Http { client, credentials, patience })
    }

    /// One attempt.
    fn attempt(&self, request: &Request<'_>) -> Result<Response, Attempt> {
        let begun = Instant::now();
        let answer = self.request(request).send().map_err(|cause| Attempt::of_transport(&cause))?;
        let status = answer.status();
        if !(matches!(status.as_u16(), 200 | 304 | 404 | 410)) {
            return Err(Attempt::of_status(status, answer.headers()));
        }
        let headers = answer.headers().clone();
        let body = if status == StatusCode::OK { read_capped(answer, begun + self.patience.whole)? } else { Vec::new() };
        Ok(Response {
            status: status.as_u16(),
            content_type: content_type(&headers),
            etag: text_of(&headers, ETAG),
            last_modified: text_of(&headers, LAST_MODIFIED),
            body,
        })
    }

    fn request(&self, request: &Request<'_>) -> RequestBuilder {
        let mut builder = self.client.get(request.url).header(ACCEPT, request.accept);
        if let Some(Credentials { user, password }) = &self.credentials {
            builder = builder.basic_auth(user, Some(password));
        }
        for (name, value) in [(IF_NONE_MATCH, request.etag), (IF_MODIFIED_SINCE, request.last_modified)] {
            if let Some(value) = value {
                builder = builder.header(name, value);
            }
        }
        builder
    }
}

impl Web for Http {
    fn get(&self, request: &Request<'_>) -> Result<Response, String> {
        let mut tries = 0;
        loop {
            let fault = match self.attempt(request) {
                Ok(response) => return Ok(response),
                Err(fault) => fault,
            };
            let Some(wait) = self.patience.wait(tries, fault.retry) else {
                return Err(if tries == 0 { fault.why } else { format!("{} ({} attempts)", fault.why, tries + 1) });
            };
            sleep(wait);
            tries += 1;
        }
    }
}

/// An attempt that failed.
struct Attempt {
    why: String,
    retry: Retry,
}

/// Whether another attempt may go better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// No: the same would come again.
    Never,
    /// Perhaps.
    Soon,
    /// Perhaps, after the time that the server asks for.
    After(Duration),
}

impl Attempt {
    fn of_transport(cause: &reqwest::Error) -> Attempt {
        let (why, retry) = if cause.is_timeout() {
            ("no answer in time".to_owned(), Retry::Soon)
        } else if cause.is_redirect() {
            ("the answer leads to another host, or round in a circle".to_owned(), Retry::Never)
        } else if cause.is_connect() {
            (format!("no connection: {}", innermost(cause)), Retry::Soon)
        } else {
            (format!("the answer broke off: {}", innermost(cause)), Retry::Soon)
        };
        Attempt { why, retry }
    }

    fn of_status(status: StatusCode, headers: &HeaderMap) -> Attempt {
        let retry = match status.as_u16() {
            408 | 425 | 429 | 500 | 502 | 503 | 504 => {
                text_of(headers, RETRY_AFTER).map_or(Retry::Soon, |text| patience::retry_after(&text))
            }
            _ => Retry::Never,
        };
        let why = match status.as_u16() {
            401 | 403 => format!("status {status}: check user and password, see docs/maintainers.md"),
            _ => format!("status {status}"),
        };
        Attempt { why, retry }
    }
}

/// The last cause of a chain says what happened; those above only repeat the address, which may hold a password.
fn innermost(cause: &reqwest::Error) -> String {
    let mut deepest: &dyn std::error::Error = cause;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    deepest.to_string()
}

/// The body, of bounded size and in bounded time.
///
/// The client's own time limit begins anew with every piece of a body: a drip would never end.
fn read_capped(mut answer: Answer, deadline: Instant) -> Result<Vec<u8>, Attempt> {
    let mut body = Vec::new();
    let mut piece = vec![0; 1 << 16];
    loop {
        let read = match answer.read(&mut piece) {
            Ok(0) => return Ok(body),
            Ok(read) => read,
            Err(cause) if cause.kind() == ErrorKind::Interrupted => continue,
            Err(cause) => return Err(Attempt { why: broken_off(&cause).to_owned(), retry: Retry::Soon }),
        };
        body.extend_from_slice(&piece[..read]);
        if body.len() > MAX_BODY {
            return Err(Attempt { why: format!("the answer is larger than {} MiB", MAX_BODY >> 20), retry: Retry::Never });
        }
        if Instant::now() > deadline {
            return Err(Attempt { why: OUT_OF_TIME.to_owned(), retry: Retry::Soon });
        }
    }
}

const OUT_OF_TIME: &str = "the answer did not end in time";

fn broken_off(cause: &std::io::Error) -> &'static str {
    let is_timeout = cause.get_ref().and_then(|inner| inner.downcast_ref::<reqwest::Error>()).is_some_and(reqwest::Error::is_timeout);
    if is_timeout || cause.kind() == ErrorKind::TimedOut { OUT_OF_TIME } else { "the answer broke off" }
}

fn text_of(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

fn content_type(headers: &HeaderMap) -> String {
    let text = text_of(headers, CONTENT_TYPE).unwrap_or_default();
    text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// A registry that sends us elsewhere is not followed: what we ask, and the password, are for its host alone.
fn same_host_only() -> redirect::Policy {
    redirect::Policy::custom(|attempt| {
        let is_same = |from: &Url| {
            from.host() == attempt.url().host()
                && from.port_or_known_default() == attempt.url().port_or_known_default()
                && from.scheme() == attempt.url().scheme()
        };
        let stays = attempt.previous().last().is_some_and(is_same);
        let too_many = attempt.previous().len() > MAX_REDIRECTS;
        if stays && !too_many { attempt.follow() } else { attempt.error("a redirect that is not followed") }
    })
}

/// Looks the host up once: a burst of look-ups for a burst of connections makes resolvers stall for seconds.
fn with_addresses(builder: ClientBuilder, base: &Url) -> ClientBuilder {
    let (Some(host), Some(port)) = (base.host_str(), base.port_or_known_default()) else { return builder };
    match (host, port).to_socket_addrs() {
        Ok(addresses) => builder.resolve_to_addrs(host, &addresses.collect::<Vec<_>>()),
        // Behind a proxy the name may be known to the proxy alone.
        Err(_) => builder,
    }
}

fn install_cryptography() {
    static ONCE: Once = Once::new();
    // An error means that somebody installed a provider before: then there is one.
    ONCE.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
}
