//! The web as a registry sees it: one request, one answer of bounded size; who carries it is not
//! its business.

use url::Url;

use shopfront_model::answers::Validators;
use shopfront_text::url_policy;

/// A way to the web; the door is [`crate::http`], tests may have another.
pub trait HttpClient: Sync {
    /// Sends a request and reads the whole answer.
    ///
    /// # Errors
    /// When no answer came, in words, after every retry that made sense.
    fn get(&self, request: &Request<'_>) -> Result<Response, String>;

    /// Why nothing more is asked on this way, once the other side said that it was asked too often.
    fn refusal(&self) -> Option<String> {
        None
    }

    /// Why a file that the index at `index` names is not fetched from `file`, in words: the same
    /// word as that of [`get`](HttpClient::get).
    fn check_file_url(&self, index: &Url, file: &Url) -> Option<String> {
        url_policy::check_file_url(index, file)
    }
}

/// The largest document that is read, decompressed, in bytes. The largest real one of a project has
/// 4 MB.
pub const MAX_DOCUMENT: u64 = 64 << 20;

/// A GET request.
pub struct Request<'r> {
    /// The whole address.
    pub url: &'r str,
    /// `Accept`
    pub accept: &'r str,
    /// `If-None-Match`
    pub etag: Option<&'r str>,
    /// `If-Modified-Since`
    pub last_modified: Option<&'r str>,
    /// What is wanted of it.
    pub part: BodyRange,
    /// The largest body that is read, in bytes.
    pub limit: u64,
}

/// What is wanted of what lies at an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyRange {
    /// A document, in whatever encoding it travels.
    Document,
    /// A file, byte for byte.
    File,
    /// The last bytes of a file (RFC 9110, section 14.1.2); a server may send all of it instead.
    Last(u64),
    /// The bytes of a file from the first to the last, both included and counted from 0.
    Between(u64, u64),
}

impl<'r> Request<'r> {
    /// A request for a document, whatever was asked before.
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

    /// A request for a file, or a part of it, of at most `limit` bytes.
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

/// An answer that came whole.
pub struct Response {
    /// The status: 200, 304, 404, 410; 206 and 416 where bytes were asked for; all others are
    /// failures.
    pub status: u16,
    /// Where the answer came from in the end: what is relative in it is so to this address.
    pub url: String,
    /// `Content-Type`, in lower case, without parameters.
    pub content_type: String,
    /// `Content-Range`
    pub content_range: Option<String>,
    /// `ETag`
    pub etag: Option<String>,
    /// `Last-Modified`
    pub last_modified: Option<String>,
    /// The body; of a document, decompressed.
    pub body: Vec<u8>,
}

impl Response {
    /// What a conditional request sends the next time; `None` where the answer gave nothing for
    /// that.
    pub fn validators(&self) -> Option<Validators> {
        let kept = Validators {
            etag: self.etag.clone(),
            last_modified: self.last_modified.clone(),
        };
        (kept != Validators::default()).then_some(kept)
    }
}
