//! HTTP client with all limits, retries of transient failures, and a restriction to the allowed
//! servers.

mod body;
mod credentials;
mod retry_policy;
mod url_policy;

pub use credentials::Credentials;
pub use retry_policy::RetryPolicy;

use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::{Mutex, Once, PoisonError};
use std::thread::sleep;
use std::time::{Duration, Instant};

use reqwest::StatusCode;
use reqwest::blocking::{Client, RequestBuilder};
use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderMap, HeaderName,
    IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, RANGE, RETRY_AFTER,
};
use url::Url;

use crate::web::{BodyRange, HttpClient, Request, Response};
use shopfront_diagnostics::error::{Context, Error};
use shopfront_text::url_policy::check_maintainer_url;
use url_policy::{UrlPolicy, is_same_origin};

/// The name under which registries see this program.
const USER_AGENT: &str = concat!(
    "shopfront/",
    env!("CARGO_PKG_VERSION"),
    " (+",
    env!("CARGO_PKG_REPOSITORY"),
    ")"
);

/// Client for one registry, or for files at untrusted URLs.
pub struct Http {
    home: Option<Home>,
    files: Option<Files>,
    patience: RetryPolicy,
}

/// Server configured by a maintainer.
struct Home {
    client: Client,
    base: Url,
    credentials: Option<Credentials>,
    /// Rate-limit error from the server. Blocks further requests in this run.
    spent: Mutex<Option<String>>,
}

/// Client for package files.
struct Files {
    /// Client without decompression.
    client: Client,
    reach: UrlPolicy,
}

impl Home {
    fn refusal(&self) -> Option<String> {
        self.spent
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Http {
    /// Creates a client that connects only to the server of `base`. [`Credentials::find`] must
    /// have removed user and password from `base`.
    ///
    /// # Errors
    /// Returns an error if the system has no certificates, or if the URL of a proxy is invalid.
    pub fn new(
        base: &Url,
        credentials: Option<Credentials>,
        patience: RetryPolicy,
    ) -> Result<Http, Error> {
        let client = client(Some((base, &addresses(base))), patience, UrlPolicy::Index)?;
        Ok(Http {
            home: Some(Home {
                client,
                base: base.clone(),
                credentials,
                spent: Mutex::default(),
            }),
            files: None,
            patience,
        })
    }

    /// As [`Http::new`]; and packages are fetched from whatever host an index may name: a public
    /// host over https, or any, where the index is of a private network by its name or by every
    /// address of it. User and password still go to the host of `base` alone.
    ///
    /// # Errors
    /// Returns the errors of [`Http::new`].
    pub fn with_packages(
        base: &Url,
        credentials: Option<Credentials>,
        patience: RetryPolicy,
    ) -> Result<Http, Error> {
        let addresses = addresses(base);
        let reach = UrlPolicy::of_files(base, &addresses);
        let files = Files {
            client: client(Some((base, &addresses)), patience, reach)?,
            reach,
        };
        Ok(Http {
            files: Some(files),
            ..Http::new(base, credentials, patience)?
        })
    }

    /// Creates a client for files only, at untrusted URLs: from public servers, over https,
    /// without user and password.
    ///
    /// # Errors
    /// Returns the errors of [`Http::new`].
    pub fn of_public_files(patience: RetryPolicy) -> Result<Http, Error> {
        let reach = UrlPolicy::PublicFiles;
        Ok(Http {
            home: None,
            files: Some(Files {
                client: client(None, patience, reach)?,
                reach,
            }),
            patience,
        })
    }

    /// One attempt, which may take `time`.
    fn attempt(&self, request: &Request<'_>, time: Duration) -> Result<Response, Attempt> {
        let begun = Instant::now();
        let at_home = self.home.as_ref().filter(|home| {
            Url::parse(request.url).is_ok_and(|url| is_same_origin(&url, &home.base))
        });
        if let Some(why) = at_home.and_then(Home::refusal) {
            return Err(Attempt::never(why));
        }
        let answer = self
            .request(request)?
            .timeout(time)
            .send()
            .map_err(|cause| Attempt::of_transport(&cause))?;
        let status = answer.status();
        let of_a_part = matches!(request.part, BodyRange::Last(_) | BodyRange::Between(..))
            && matches!(status.as_u16(), 206 | 416);
        if !matches!(status.as_u16(), 200 | 304 | 404 | 410) && !of_a_part {
            let spent =
                |home: &Home| RateLimit::of(status, answer.headers(), home.credentials.is_some());
            if let Some((home, RateLimit { why, wait })) =
                at_home.and_then(|home| Some((home, spent(home)?)))
            {
                if let Some(wait) = wait.filter(|wait| *wait <= self.patience.max_retry_after) {
                    return Err(Attempt {
                        why,
                        retry: Retryable::After(wait),
                    });
                }
                // Clients that continue to send requests despite a rate limit are blocked for
                // longer.
                *home.spent.lock().unwrap_or_else(PoisonError::into_inner) = Some(why.clone());
                return Err(Attempt::never(why));
            }
            return Err(Attempt::of_status(status, answer.headers()));
        }
        let headers = answer.headers().clone();
        let url = answer.url().to_string();
        let has_body = matches!(status, StatusCode::OK | StatusCode::PARTIAL_CONTENT);
        let body = if has_body {
            body::read(answer, body::limit(request, status), begun, time)?
        } else {
            Vec::new()
        };
        Ok(Response {
            status: status.as_u16(),
            url,
            content_type: content_type(&headers),
            content_range: text_of(&headers, CONTENT_RANGE),
            etag: text_of(&headers, ETAG),
            last_modified: text_of(&headers, LAST_MODIFIED),
            body,
        })
    }

    fn request(&self, request: &Request<'_>) -> Result<RequestBuilder, Attempt> {
        let url = Url::parse(request.url)
            .map_err(|cause| Attempt::never(format!("this is no address: {cause}")))?;
        let home = self
            .home
            .as_ref()
            .filter(|home| is_same_origin(&url, &home.base));
        let client = match (&self.files, home) {
            (Some(files), _) if request.part != BodyRange::Document => {
                if let (None, Some(fault)) = (home, files.reach.fault_of(&url)) {
                    return Err(Attempt::never(fault));
                }
                &files.client
            }
            (_, Some(home)) => &home.client,
            (_, None) => {
                return Err(Attempt::never(format!(
                    "`{}` is not the host that was named",
                    url.host_str().unwrap_or_default()
                )));
            }
        };
        let mut builder = client.get(url).header(ACCEPT, request.accept);
        if let Some(Credentials { user, password }) =
            home.and_then(|home| home.credentials.as_ref())
        {
            builder = builder.basic_auth(user, Some(password));
        }
        if request.part != BodyRange::Document {
            // A range of a compressed representation contains other bytes (RFC 9110, section
            // 14.2).
            builder = builder.header(ACCEPT_ENCODING, "identity");
        }
        let range = match request.part {
            BodyRange::Document | BodyRange::File => None,
            BodyRange::Last(count) => Some(format!("bytes=-{count}")),
            BodyRange::Between(first, last) => Some(format!("bytes={first}-{last}")),
        };
        let conditions = [
            (IF_NONE_MATCH, request.etag),
            (IF_MODIFIED_SINCE, request.last_modified),
            (RANGE, range.as_deref()),
        ];
        for (name, value) in conditions {
            if let Some(value) = value {
                builder = builder.header(name, value);
            }
        }
        Ok(builder)
    }
}

impl HttpClient for Http {
    fn get(&self, request: &Request<'_>) -> Result<Response, String> {
        let (begun, mut tries) = (Instant::now(), 0);
        loop {
            let left = self.patience.all.saturating_sub(begun.elapsed());
            let fault = match self.attempt(request, self.patience.request_timeout.min(left)) {
                Ok(response) => return Ok(response),
                Err(fault) => fault,
            };
            let Some(wait) = self.patience.wait(tries, fault.retry, begun.elapsed()) else {
                return Err(if tries == 0 {
                    fault.why
                } else {
                    format!("{} ({} attempts)", fault.why, tries + 1)
                });
            };
            sleep(wait);
            tries += 1;
        }
    }

    fn refusal(&self) -> Option<String> {
        self.home.as_ref()?.refusal()
    }

    fn check_file_url(&self, _: &Url, file: &Url) -> Option<String> {
        let reach = self
            .files
            .as_ref()
            .map_or(UrlPolicy::Index, |files| files.reach);
        let is_at_home = self
            .home
            .as_ref()
            .is_some_and(|home| is_same_origin(file, &home.base));
        check_maintainer_url(file.as_str()).or_else(|| {
            if is_at_home {
                None
            } else {
                reach.fault_of(file)
            }
        })
    }
}

/// Exceeded rate limit of the server.
struct RateLimit {
    why: String,
    /// Requested waiting time, if the server states one.
    wait: Option<Duration>,
}

impl RateLimit {
    /// Detects a rate limit as signaled by the API of GitHub, and by other servers in the same
    /// way.
    fn of(status: StatusCode, headers: &HeaderMap, is_signed_in: bool) -> Option<RateLimit> {
        let text = |name: &'static str| text_of(headers, HeaderName::from_static(name));
        if !matches!(status.as_u16(), 403 | 429) || text("x-ratelimit-remaining")?.trim() != "0" {
            return None;
        }
        let until = text("x-ratelimit-reset")
            .and_then(|at| jiff::Timestamp::from_second(at.trim().parse().ok()?).ok());
        let asked =
            text_of(headers, RETRY_AFTER).and_then(|text| match retry_policy::retry_after(&text) {
                Retryable::After(wait) => Some(wait),
                Retryable::Never | Retryable::Soon => None,
            });
        let to_reset = |at: jiff::Timestamp| {
            Duration::from_secs(
                u64::try_from(at.as_second() - jiff::Timestamp::now().as_second())
                    .unwrap_or_default(),
            )
        };
        let wait = asked.or_else(|| until.map(to_reset));
        let until = until.map(|at| format!(" until {at}")).unwrap_or_default();
        let cure = if is_signed_in {
            ""
        } else {
            "; who signs in may ask more: see docs/maintainers.md"
        };
        Some(RateLimit {
            why: format!("asked too often{until}{cure}"),
            wait,
        })
    }
}

/// Failed attempt.
struct Attempt {
    why: String,
    retry: Retryable,
}

/// Retry decision for a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retryable {
    /// Permanent failure.
    Never,
    /// Transient failure.
    Soon,
    /// Transient failure, with the waiting time that the server requests.
    After(Duration),
}

impl Attempt {
    fn never(why: String) -> Attempt {
        Attempt {
            why,
            retry: Retryable::Never,
        }
    }

    fn of_transport(cause: &reqwest::Error) -> Attempt {
        let (why, retry) = if cause.is_timeout() {
            ("no answer in time".to_owned(), Retryable::Soon)
        } else if cause.is_redirect() {
            (
                "the answer leads to another host, or round in a circle".to_owned(),
                Retryable::Never,
            )
        } else if cause.is_connect() {
            (
                format!("no connection: {}", innermost(cause)),
                Retryable::Soon,
            )
        } else {
            (
                format!("the answer broke off: {}", innermost(cause)),
                Retryable::Soon,
            )
        };
        Attempt { why, retry }
    }

    fn of_status(status: StatusCode, headers: &HeaderMap) -> Attempt {
        let retry = match status.as_u16() {
            408 | 425 | 429 | 500 | 502 | 503 | 504 => text_of(headers, RETRY_AFTER)
                .map_or(Retryable::Soon, |text| retry_policy::retry_after(&text)),
            _ => Retryable::Never,
        };
        let why = match status.as_u16() {
            401 | 403 => {
                format!("status {status}: check user and password, see docs/maintainers.md")
            }
            _ => format!("status {status}"),
        };
        Attempt { why, retry }
    }
}

/// Returns the last cause of a chain, which describes the problem. The outer ones only repeat the
/// URL, which may contain a password.
fn innermost(cause: &reqwest::Error) -> String {
    let mut deepest: &dyn std::error::Error = cause;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    deepest.to_string()
}

fn text_of(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned)
}

fn content_type(headers: &HeaderMap) -> String {
    let text = text_of(headers, CONTENT_TYPE).unwrap_or_default();
    text.split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}

/// Creates a client that connects to the resolved IP addresses of `home`.
fn client(
    home: Option<(&Url, &[SocketAddr])>,
    patience: RetryPolicy,
    reach: UrlPolicy,
) -> Result<Client, Error> {
    install_cryptography();
    let mut builder = Client::builder()
        .user_agent(USER_AGENT)
        .connect_timeout(patience.connect)
        .timeout(patience.request_timeout);
    if let Some((base, addresses)) = home
        && let (Some(host), false) = (base.host_str(), addresses.is_empty())
    {
        builder = builder.resolve_to_addrs(host, addresses);
    }
    let client = reach
        .bind(builder)
        .build()
        .with_context(|| "preparing the HTTP client".to_owned());
    client.map_err(|fault| {
        fault.help("SSL_CERT_FILE or SSL_CERT_DIR must name certificates, when they are set")
    })
}

/// Resolves the server once: many lookups for many connections make resolvers stall for seconds.
///
/// The result is empty behind a proxy if only the proxy can resolve the name.
fn addresses(base: &Url) -> Vec<SocketAddr> {
    let (Some(host), Some(port)) = (base.host_str(), base.port_or_known_default()) else {
        return Vec::new();
    };
    // The brackets of an IPv6 address belong to the URL, not to the host.
    let host = host.trim_start_matches('[').trim_end_matches(']');
    (host, port)
        .to_socket_addrs()
        .map(Iterator::collect)
        .unwrap_or_default()
}

fn install_cryptography() {
    static ONCE: Once = Once::new();
    // An error means that a provider has been installed already.
    ONCE.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
}
