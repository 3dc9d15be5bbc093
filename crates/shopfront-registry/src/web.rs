//! HTTP interface of the registries: one request, one response of limited size, independent of
//! the transport.

use url::Url;

use shopfront_model::answers::Validators;
use shopfront_text::url_policy;

/// HTTP client; the implementation is [`crate::http`], tests may use another one.
pub trait HttpClient: Sync {
    /// Sends a request and reads the complete response.
    ///
    /// # Errors
    /// Returns the reason, in words, if there is no response after all useful retries.
    fn get(&self, request: &Request<'_>) -> Result<Response, String>;

    /// Returns the reason why no more requests are sent, after the server reported a rate limit.
    fn refusal(&self) -> Option<String> {
        None
    }

    /// Why a file that the index at `index` names is not fetched from `file`, in words: the same
    /// word as that of [`get`](HttpClient::get).
    fn check_file_url(&self, index: &Url, file: &Url) -> Option<String> {
        url_policy::check_file_url(index, file)
    }
}

/// Maximum size of a decompressed document in bytes. The largest real document of a project has 4
/// MB.
pub const MAX_DOCUMENT: u64 = 64 << 20;

/// GET request.
pub struct Request<'r> {
    /// Absolute URL.
    pub url: &'r str,
    /// Value of `Accept`.
    pub accept: &'r str,
    /// Value of `If-None-Match`.
    pub etag: Option<&'r str>,
    /// Value of `If-Modified-Since`.
    pub last_modified: Option<&'r str>,
    /// Requested part.
    pub part: BodyRange,
    /// Maximum size of the body in bytes.
    pub limit: u64,
}

/// Requested part of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyRange {
    /// Document in any content encoding.
    Document,
    /// File, byte for byte.
    File,
    /// Last bytes of a file (RFC 9110, section 14.1.2); a server may send the whole file instead.
    Last(u64),
    /// Byte range of a file, first to last, both included and counted from 0.
    Between(u64, u64),
}

impl<'r> Request<'r> {
    /// Returns an unconditional request for a document.
    pub fn document(url: &'r str, accept: &'r str) -> Request<'r> {
        Request {
            url,
            accept,
            etag: None,
            last_modified: None,
            part: BodyRange::Document,
            limit: MAX_DOCUMENT,
        }
    }

    /// Returns a request for a file, or a part of it, of at most `limit` bytes.
    pub fn file(url: &'r str, part: BodyRange, limit: u64) -> Request<'r> {
        Request {
            url,
            accept: "*/*",
            etag: None,
            last_modified: None,
            part,
            limit,
        }
    }
}

/// Complete response.
pub struct Response {
    /// Status: 200, 304, 404, 410; 206 and 416 for byte ranges; all others are failures.
    pub status: u16,
    /// Final URL of the response, the base of its relative URLs.
    pub url: String,
    /// Value of `Content-Type`, in lower case, without parameters.
    pub content_type: String,
    /// Value of `Content-Range`.
    pub content_range: Option<String>,
    /// Value of `ETag`.
    pub etag: Option<String>,
    /// Value of `Last-Modified`.
    pub last_modified: Option<String>,
    /// Body; for a document, decompressed.
    pub body: Vec<u8>,
}

impl Response {
    /// Returns the validators for the next conditional request; `None` if the response has none.
    pub fn validators(&self) -> Option<Validators> {
        let kept = Validators {
            etag: self.etag.clone(),
            last_modified: self.last_modified.clone(),
        };
        (kept != Validators::default()).then_some(kept)
    }
}
