//! Request parsing: a bounded head, and a path that is split and validated. All input is untrusted.

use std::net::IpAddr;
use std::time::Instant;

use super::connections::Connection;

/// Maximum size of the head of a request, in bytes.
const MAX_HEAD: usize = 16 * 1024;

/// Request of a client.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Request {
    /// `GET` or `HEAD`.
    pub(super) method: Method,
    /// Path as sent: begins with `/`, may contain escapes.
    pub(super) path: String,
    /// Decoded path segments. None is empty, `.` or `..`, or contains a separator.
    pub(super) parts: Vec<String>,
    /// `true` if the path ends with `/`.
    pub(super) is_folder: bool,
    /// Text after the path: empty, or `?` and more.
    pub(super) query: String,
    /// `If-None-Match`
    pub(super) known: Option<String>,
    /// `Origin`, if it is on loopback, too.
    pub(super) neighbour: Option<String>,
}

/// Methods for static files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    /// Head and body.
    Get,
    /// Head only.
    Head,
}

/// Reason for refusing a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// Invalid request, or a path out of the store.
    Malformed,
    /// Request for another host: a foreign page whose host name resolves to this machine (DNS
    /// rebinding).
    ForeignHost,
    /// A page of another site asks for it.
    ForeignSite,
    /// Neither `GET` nor `HEAD`.
    Method,
    /// Time limit exceeded.
    TooSlow,
    /// Head too long.
    TooLong,
}

/// Reads and parses the head of a request.
pub(super) fn read(connection: &Connection) -> Result<Request, Fault> {
    let (text, _) = text(connection)?;
    parse(&text)
}

/// Head of a message to this server, which names this machine as its host (RFC 9112, section 3.2).
pub(super) struct Head<'h> {
    /// Method as sent.
    pub(super) method: &'h str,
    /// Request target: a path, and a query after `?`.
    pub(super) target: &'h str,
    /// Fields in their order, with names in lower case and values without surrounding blanks.
    pub(super) fields: Vec<(String, &'h str)>,
}

impl<'h> Head<'h> {
    /// Parses the `text` of a head, without its empty line.
    pub(super) fn parse(text: &'h str) -> Result<Head<'h>, Fault> {
        let mut lines = text.split("\r\n");
        let first: Vec<&str> = lines.next().unwrap_or_default().split(' ').collect();
        let &[method, target, version] = first.as_slice() else {
            return Err(Fault::Malformed);
        };
        // A line ends with both: what others read as the end of one stands in no value.
        let is_odd = |line: &str| line.contains(|it: char| it.is_control() && it != '\t');
        if !version.starts_with("HTTP/1.") || text.split("\r\n").any(is_odd) {
            return Err(Fault::Malformed);
        }
        let field = |line: &'h str| {
            let (name, value) = line.split_once(':').filter(|(name, _)| is_token(name))?;
            Some((name.to_ascii_lowercase(), value.trim()))
        };
        let fields: Vec<(String, &str)> = lines
            .map(field)
            .collect::<Option<_>>()
            .ok_or(Fault::Malformed)?;
        let head = Head {
            method,
            target,
            fields,
        };
        match head.all("host").as_slice() {
            [host] if is_loopback(host) => Ok(head),
            [_] => Err(Fault::ForeignHost),
            _ => Err(Fault::Malformed),
        }
    }

    /// Returns the values of the field `name`.
    pub(super) fn all(&self, name: &str) -> Vec<&'h str> {
        self.fields
            .iter()
            .filter(|(own, _)| own == name)
            .map(|(_, value)| *value)
            .collect()
    }
}

/// A name of a field (RFC 9110, section 5.6.2): no blank, not even before the colon or as a
/// continuation of the line above.
fn is_token(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

/// Reads what stands before the empty line; gives it with what came behind.
pub(super) fn text(connection: &Connection) -> Result<(String, Vec<u8>), Fault> {
    // One time limit for the whole head: slow bytes do not extend it.
    let deadline = Instant::now() + connection.limits().head;
    let mut head = Vec::with_capacity(1024);
    let mut piece = [0_u8; 1024];
    loop {
        let count = connection.read(&mut piece, deadline)?;
        head.extend_from_slice(&piece[..count]);
        if let Some(end) = head.windows(4).position(|four| four == b"\r\n\r\n") {
            let behind = head.split_off(end + 4);
            head.truncate(end);
            return Ok((
                String::from_utf8(head).map_err(|_| Fault::Malformed)?,
                behind,
            ));
        }
        if head.len() > MAX_HEAD {
            return Err(Fault::TooLong);
        }
    }
}

/// Parses a head without its empty line.
fn parse(text: &str) -> Result<Request, Fault> {
    let head = Head::parse(text)?;
    let method = match head.method {
        "GET" => Method::Get,
        "HEAD" => Method::Head,
        _ => return Err(Fault::Method),
    };
    let target = head.target;
    let (path, query) = target
        .find('?')
        .map_or((target, ""), |at| target.split_at(at));
    let parts = parts(path).ok_or(Fault::Malformed)?;
    let last = |name: &str| head.all(name).last().map(|value| (*value).to_owned());
    let neighbour = match head.all("origin").as_slice() {
        [origin] if origin.strip_prefix("http://").is_some_and(is_loopback) => {
            Some((*origin).to_owned())
        }
        _ => None,
    };
    if neighbour.is_none() && is_of_another_site(&head) {
        return Err(Fault::ForeignSite);
    }
    let (path, query, is_folder) = (path.to_owned(), query.to_owned(), path.ends_with('/'));
    Ok(Request {
        method,
        path,
        parts,
        is_folder,
        query,
        known: last("if-none-match"),
        neighbour,
    })
}

/// Whether a page of another site asks, for an image say: it could learn what there is. A person
/// who follows a link comes from another site, too, and the page that had the link learns nothing.
fn is_of_another_site(head: &Head<'_>) -> bool {
    let is_followed =
        head.all("sec-fetch-mode") == ["navigate"] && head.all("sec-fetch-dest") == ["document"];
    head.all("sec-fetch-site").contains(&"cross-site") && !is_followed
}

/// The parts of a path, each decoded once; `None` when they could mean anything but a file below
/// the folder.
pub(super) fn parts(path: &str) -> Option<Vec<String>> {
    let inner = path.strip_prefix('/')?;
    let inner = inner.strip_suffix('/').unwrap_or(inner);
    if inner.is_empty() {
        return (path == "/").then(Vec::new);
    }
    inner
        .split('/')
        .map(|part| decode(part).filter(|part| is_plain(part)))
        .collect()
}

/// Returns `true` for a plain name on every system. On Windows, a colon separates drives and
/// streams.
fn is_plain(part: &str) -> bool {
    !part.is_empty()
        && part != "."
        && part != ".."
        && !part.contains(|it: char| matches!(it, '/' | '\\' | ':') || it.is_control())
}

/// Decodes percent-encoding (RFC 3986, section 2.1). Returns `None` for an invalid escape or
/// invalid UTF-8.
fn decode(part: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
        let (high, low) = (digit(rest.next())?, digit(rest.next())?);
        bytes.push(u8::try_from(high * 16 + low).ok()?);
    }
    String::from_utf8(bytes).ok()
}

/// Returns `true` if a host, with or without a port, can only be this machine.
pub(super) fn is_loopback(host: &str) -> bool {
    let (name, behind) = match host.strip_prefix('[').map(|inner| inner.split_once(']')) {
        Some(Some(whole)) => whole,
        Some(None) => return false,
        None => host.split_at(host.find(':').unwrap_or(host.len())),
    };
    let is_port =
        |port: &str| port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok();
    if !behind.is_empty() && !behind.strip_prefix(':').is_some_and(is_port) {
        return false;
    }
    match name.parse::<IpAddr>() {
        Ok(address) => address.is_loopback() && address.is_ipv6() == host.starts_with('['),
        Err(_) => name.eq_ignore_ascii_case("localhost") && !host.starts_with('['),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_could_leave_the_folder_has_no_parts() {
        for path in [
            "/..",
            "/../",
            "/a/../b",
            "/%2e%2e/",
            "/a/%2E%2e/b",
            "/a%2fb",
            "/a%5cb",
            "/a\\..\\b",
            "/a%00b",
            "/a//b",
            "//",
            "//host/",
            "/./a",
            "/%",
            "/%4",
            "/%zz",
            "/%ff",
            "/c:/a",
            "a",
            "",
            "http://127.0.0.1/",
            "/a%0d%0ab",
        ] {
            assert_eq!(parts(path), None, "{path}");
        }
        assert_eq!(parts("/"), Some(vec![]));
        assert_eq!(
            parts("/a/b%20c/"),
            Some(vec!["a".to_owned(), "b c".to_owned()])
        );
        // Decoded once: the rest of a double escape is a name.
        assert_eq!(
            parts("/%252e%252e/x"),
            Some(vec!["%2e%2e".to_owned(), "x".to_owned()])
        );
        assert_eq!(parts("/..."), Some(vec!["...".to_owned()]));
    }

    #[test]
    fn only_names_of_this_machine_are_its_own() {
        for host in [
            "127.0.0.1:8420",
            "127.0.0.1",
            "localhost",
            "LocalHost:1",
            "[::1]:8420",
            "127.9.9.9",
        ] {
            assert!(is_loopback(host), "{host}");
        }
        for host in [
            "",
            "shop.example",
            "127.0.0.1.shop.example",
            "192.168.0.2:8420",
            "0.0.0.0",
            "[::2]",
            "localhost.shop.example",
        ] {
            assert!(!is_loopback(host), "{host}");
        }
        for host in [
            "[::1]shop.example",
            "[::1",
            "[localhost]",
            "[127.0.0.1]",
            "127.0.0.1:x.shop.example",
            "localhost:",
            "localhost:70000",
            "localhost:+1",
            "localhost:\nX: y",
            "shop@127.0.0.1",
            "127.1",
        ] {
            assert!(!is_loopback(host), "{host}");
        }
    }

    #[test]
    fn a_page_of_another_site_gets_nothing_but_what_a_person_follows() {
        let asked = |fields: &str| {
            parse(&format!(
                "GET /card.png HTTP/1.1\r\nHost: localhost{fields}"
            ))
        };
        let cross = "\r\nSec-Fetch-Site: cross-site";
        for (fields, is_answered) in [
            ("", true),
            ("\r\nSec-Fetch-Site: same-origin", true),
            (cross, false),
            (
                "\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: image",
                false,
            ),
            (
                "\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: iframe",
                false,
            ),
            (
                "\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document",
                true,
            ),
            (
                "\r\nSec-Fetch-Site: cross-site\r\nOrigin: http://localhost:3000",
                true,
            ),
            (
                "\r\nSec-Fetch-Site: cross-site\r\nOrigin: https://shop.example",
                false,
            ),
        ] {
            let expected = if is_answered {
                None
            } else {
                Some(Fault::ForeignSite)
            };
            assert_eq!(asked(fields).err(), expected, "{fields}");
        }
    }

    #[test]
    fn a_field_ends_at_the_end_of_its_line_and_nowhere_before() {
        let neighbour = |fields: &str| {
            parse(&format!("GET / HTTP/1.1\r\nHost: localhost{fields}"))
                .map(|request| request.neighbour)
        };
        assert_eq!(
            neighbour("\r\nOrigin: http://localhost:3000"),
            Ok(Some("http://localhost:3000".to_owned()))
        );
        assert_eq!(
            neighbour("\r\nOrigin: http://localhost:x.shop.example"),
            Ok(None)
        );
        assert_eq!(
            neighbour("\r\nOrigin: http://localhost\r\nOrigin: http://localhost"),
            Ok(None)
        );
        for fields in [
            "\r\nOrigin: http://localhost:\nX: y",
            "\nX: y",
            "\rX: y",
            "\r\nX : y",
            "\r\nX: a\r\n b: c",
            "\r\n: y",
        ] {
            assert_eq!(neighbour(fields), Err(Fault::Malformed), "{fields:?}");
        }
    }
}
