//! HTTP responses: headers, bodies, and the reload script that is added to pages.

use std::fs::File;
use std::hash::{DefaultHasher, Hasher};
use std::io::{self, Cursor, Read, Seek, Write};
use std::path::Path;

use super::connections::Connection;
use super::events::SCRIPT_PATH;
use super::request::{Fault, Method, Request};
use shopfront_text::xml;

/// Maximum size of a page that gets the script, in bytes.
const MAX_PAGE: u64 = 64 << 20;

const POLICY_HEADER: &str = "Content-Security-Policy";

/// Of our own pages: nothing of what they quote can do anything.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'";

/// Of every other answer: pages keep to it by themselves (`base.html`), and what is no page needs
/// less.
const STRICT: &str = "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Of pages of the store: what `base.html` says, and what it can not.
const OF_PAGES: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// An answer, ready to be written.
pub(super) struct Answer {
    status: &'static str,
    headers: Vec<(&'static str, String)>,
    length: u64,
    body: Option<Box<dyn Read>>,
}

impl Answer {
    /// Writes headers and body.
    pub(super) fn write(self, mut connection: &Connection) -> io::Result<()> {
        let mut head = format!("HTTP/1.1 {}\r\n", self.status);
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if !self.headers.iter().any(|(name, _)| *name == POLICY_HEADER) {
            head.push_str(&format!("{POLICY_HEADER}: {STRICT}\r\n"));
        }
        head.push_str("X-Content-Type-Options: nosniff\r\n");
        if !self.status.starts_with("304") {
            head.push_str(&format!("Content-Length: {}\r\n", self.length));
        }
        // No page of another site learns from an image or a script what there is.
        head.push_str("Cross-Origin-Resource-Policy: same-origin\r\nConnection: close\r\n\r\n");
        connection.write_all(head.as_bytes())?;
        match self.body {
            // At most the announced length, in case the file grows.
            Some(body) => io::copy(&mut body.take(self.length), &mut connection).map(|_| ()),
            None => Ok(()),
        }
    }
}

/// Returns a file, or the status "not modified". Pages get the reload script.
pub(super) fn file(
    request: &Request,
    status: &'static str,
    path: &Path,
    file: File,
    build: &str,
) -> Answer {
    let content_type = content_type(path);
    let mut is_page = content_type.starts_with("text/html");
    let content = if is_page {
        page(file, build, &mut is_page)
    } else {
        whole(file)
    };
    let Ok((tag, length, body)) = content else {
        // The file vanished or changed between two accesses: a build replaces the directory.
        return fault_page(
            request,
            "503 Service Unavailable",
            "<h1>Swapped just now</h1>\n<p>Load the page again.</p>",
            build,
        );
    };
    // `no-cache`: the client stores it, and revalidates it every time.
    let mut headers = vec![
        ("Content-Type", content_type.to_owned()),
        ("ETag", tag.clone()),
        ("Cache-Control", "no-cache".to_owned()),
    ];
    headers.extend(is_page.then(|| (POLICY_HEADER, OF_PAGES.to_owned())));
    // Pages lets every site read; what is not published yet is for programs of the same machine
    // only.
    headers.push(("Vary", "Origin".to_owned()));
    headers.extend(
        request
            .neighbour
            .iter()
            .map(|origin| ("Access-Control-Allow-Origin", origin.clone())),
    );
    if status.starts_with("200")
        && request
            .known
            .as_deref()
            .is_some_and(|known| knows(known, &tag))
    {
        return Answer {
            status: "304 Not Modified",
            headers,
            length: 0,
            body: None,
        };
    }
    let body = (request.method == Method::Get).then_some(body);
    Answer {
        status,
        headers,
        length,
        body,
    }
}

/// Returns a redirect to a path of this server.
pub(super) fn redirect(status: &'static str, path: &str) -> Answer {
    let headers = vec![
        ("Location", path.to_owned()),
        ("Cache-Control", "no-cache".to_owned()),
    ];
    Answer {
        status,
        headers,
        length: 0,
        body: None,
    }
}

/// Returns a short text of the server.
pub(super) fn text(request: &Request, content_type: &'static str, text: &'static str) -> Answer {
    let headers = vec![
        ("Content-Type", content_type.to_owned()),
        ("Cache-Control", "no-cache".to_owned()),
    ];
    let body = (request.method == Method::Get).then(|| Box::new(text.as_bytes()) as Box<dyn Read>);
    Answer {
        status: "200 OK",
        headers,
        length: u64::try_from(text.len()).unwrap_or_default(),
        body,
    }
}

/// Returns the response for a refused request.
pub(super) fn fault(fault: Fault) -> Answer {
    let (status, said) = match fault {
        Fault::Malformed => (
            "400 Bad Request",
            "this is no request for a file of the store\n",
        ),
        Fault::ForeignHost => (
            "403 Forbidden",
            "this store is served on loopback: open it as 127.0.0.1 or localhost\n",
        ),
        Fault::ForeignSite => ("403 Forbidden", "pages of other sites are not answered\n"),
        Fault::Method => (
            "405 Method Not Allowed",
            "a static store knows GET and HEAD\n",
        ),
        Fault::TooSlow => ("408 Request Timeout", "the request did not come in time\n"),
        Fault::TooLong => (
            "431 Request Header Fields Too Large",
            "the head of the request is too long\n",
        ),
    };
    let mut headers = vec![("Content-Type", "text/plain; charset=utf-8".to_owned())];
    if fault == Fault::Method {
        headers.push(("Allow", "GET, HEAD".to_owned()));
    }
    Answer {
        status,
        headers,
        length: u64::try_from(said.len()).unwrap_or_default(),
        body: Some(Box::new(said.as_bytes())),
    }
}

/// Returns the response for a missing page of a store without a 404 page.
pub(super) fn missing(request: &Request, build: &str) -> Answer {
    fault_page(
        request,
        "404 Not Found",
        "<h1>Nothing here</h1>\n<p>The store has no such file, and no <code>404.html</code>.</p>",
        build,
    )
}

/// Returns the response for a path outside of the store. GitHub Pages would show its own page
/// there.
pub(super) fn outside(request: &Request, base_path: &str, build: &str) -> Answer {
    let base = xml::escaped(base_path);
    let inner = format!(
        "<h1>Not part of the store</h1>\n<p>By the <code>url</code> in <code>catalogue/store.json</code> it is at <a href=\"{base}\">{base}</a>.</p>"
    );
    fault_page(request, "404 Not Found", &inner, build)
}

/// Returns the response while no store exists, with the reason.
pub(super) fn empty(request: &Request, why: Option<String>, build: &str) -> Answer {
    let inner = match why {
        Some(why) => {
            format!(
                "<h1>The store could not be built</h1>\n<pre>{}</pre>\n<p>This page is loaded again when a file changes.</p>",
                xml::escaped(&why)
            )
        }
        None => {
            "<h1>The store is being built</h1>\n<p>This page is loaded again when it is there.</p>"
                .to_owned()
        }
    };
    fault_page(request, "503 Service Unavailable", &inner, build)
}

fn fault_page(request: &Request, status: &'static str, inner: &str, build: &str) -> Answer {
    const STYLE: &str = ":root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:3rem auto;padding:0 1rem}pre{overflow:auto;line-height:1.3}";
    let html = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>Shopfront</title>\n<style>{STYLE}</style>\n{inner}\n{}</html>\n",
        script(build)
    );
    let headers = vec![
        ("Content-Type", "text/html; charset=utf-8".to_owned()),
        (POLICY_HEADER, POLICY.to_owned()),
        ("Cache-Control", "no-store".to_owned()),
    ];
    let length = u64::try_from(html.len()).unwrap_or_default();
    let body = (request.method == Method::Get)
        .then(|| Box::new(Cursor::new(html.into_bytes())) as Box<dyn Read>);
    Answer {
        status,
        headers,
        length,
        body,
    }
}

type Content = (String, u64, Box<dyn Read>);

/// Returns a file unchanged. It is read twice rather than kept in memory: once for its tag, and
/// once for the response.
fn whole(mut file: File) -> io::Result<Content> {
    let mut hasher = DefaultHasher::new();
    let mut piece = vec![0_u8; 64 << 10];
    let mut length = 0;
    loop {
        let count = file.read(&mut piece)?;
        if count == 0 {
            break;
        }
        hasher.write(&piece[..count]);
        length += u64::try_from(count).unwrap_or_default();
    }
    file.rewind()?;
    Ok((tag(&hasher, length), length, Box::new(file)))
}

/// A page with the script in it, before the end of its body.
fn page(file: File, build: &str, is_page: &mut bool) -> io::Result<Content> {
    let mut bytes = Vec::new();
    file.take(MAX_PAGE).read_to_end(&mut bytes)?;
    // A document for a program may be called like a page, so that file servers find it without its
    // ending.
    *is_page = !matches!(bytes.trim_ascii_start().first(), Some(b'{' | b'['));
    if *is_page {
        let end = b"</body>";
        let at = bytes
            .windows(end.len())
            .rposition(|window| window.eq_ignore_ascii_case(end))
            .unwrap_or(bytes.len());
        bytes.splice(at..at, script(build).into_bytes());
    }
    let mut hasher = DefaultHasher::new();
    hasher.write(&bytes);
    let length = u64::try_from(bytes.len()).unwrap_or_default();
    Ok((tag(&hasher, length), length, Box::new(Cursor::new(bytes))))
}

/// Returns the script element. The stores' pages allow scripts of the same origin, but no inline
/// ones.
fn script(build: &str) -> String {
    format!("<script src=\"{SCRIPT_PATH}\" data-build=\"{build}\" defer></script>\n")
}

fn tag(hasher: &DefaultHasher, length: u64) -> String {
    format!("\"{:016x}-{length:x}\"", hasher.finish())
}

/// Returns `true` if `If-None-Match` contains the tag. It compares weakly (RFC 9110, section
/// 13.1.2).
fn knows(known: &str, tag: &str) -> bool {
    known
        .split(',')
        .map(str::trim)
        .any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag)
}

/// Returns the content type for the file extension, as GitHub Pages sends it.
fn content_type(path: &Path) -> &'static str {
    let ending = path
        .extension()
        .and_then(|it| it.to_str())
        .unwrap_or_default()
        .to_ascii_lowercase();
    match ending.as_str() {
        "html" | "htm" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "application/javascript; charset=utf-8",
        "json" | "map" => "application/json; charset=utf-8",
        "webmanifest" => "application/manifest+json; charset=utf-8",
        "xml" => "application/xml",
        "txt" => "text/plain; charset=utf-8",
        "md" => "text/markdown; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "gif" => "image/gif",
        "ico" => "image/vnd.microsoft.icon",
        "woff" => "font/woff",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}
