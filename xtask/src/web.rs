//! The web as a registry sees it: one request, one answer of bounded size; who carries it is not its business.

/// A way to the web; the door is [`crate::http`], tests may have another.
pub trait Web: Sync {
    /// Sends a request and reads the whole answer.
    ///
    /// # Errors
    /// When no answer came, in words, after every retry that made sense.
    fn get(&self, request: &Request<'_>) -> Result<Response, String>;
}

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
}

/// An answer that came whole.
pub struct Response {
    /// The status: 200, 304, 404, 410; all others are failures.
    pub status: u16,
    /// `Content-Type`, in lower case, without parameters.
    pub content_type: String,
    /// `ETag`
    pub etag: Option<String>,
    /// `Last-Modified`
    pub last_modified: Option<String>,
    /// The body, decompressed.
    pub body: Vec<u8>,
}
