//! URLs that untrusted third parties may put on a page, and their normal form.

mod public_ip;

use std::borrow::Cow;
use std::net::IpAddr;

use url::{Host, Url};

/// Returns the reason why a URL of a snippet is rejected, in words.
///
/// Accepts only `http` and `https`, without user or password, and publicly reachable servers.
pub fn check_web_url(text: &str) -> Option<String> {
    if is_plainly_public(text) {
        // Nearly every URL returns here; parsing one costs as much as checking the rest of a
        // snippet.
        return None;
    }
    let url = match parse_web(text) {
        Ok(url) => url,
        Err(fault) => return Some(fault),
    };
    let server = url.host()?;
    if !is_public_server(&server) {
        return Some(format!("`{server}` is not a public server"));
    }
    (!is_written_plainly(text, &server)).then(|| {
        format!(
            "expected the server `{server}`, found `{}`",
            written_server(text)
        )
    })
}

/// Returns the reason why a file is not fetched from its location in an index, in words.
///
/// An index may keep its files on another server. Files of a public index must be public and use
/// https.
pub fn check_file_url(index: &Url, file: &Url) -> Option<String> {
    if let Err(fault) = parse_web(file.as_str()) {
        return Some(fault);
    }
    let is_same = index.scheme() == file.scheme() && index.host() == file.host();
    if is_same || is_private_index(index) {
        None
    } else {
        fault_of_public_file(file)
    }
}

/// Returns the reason why a file is not fetched from an untrusted URL, in words. The URL must be
/// public and use https.
pub fn fault_of_public_file(file: &Url) -> Option<String> {
    if file.scheme() != "https" {
        return Some(format!(
            "`{}` is not reached over https",
            file.host_str().unwrap_or_default()
        ));
    }
    check_web_url(file.as_str())
}

/// Whether the name of an index is one of a private network or of this machine, so that its word is
/// the maintainer's own.
///
/// The server alone decides: a public index is no private one because it is reached over http. What
/// its name resolves to, the client knows.
pub fn is_private_index(index: &Url) -> bool {
    index
        .host()
        .is_some_and(|server| !is_public_server(&server))
}

fn is_public_server(server: &Host<&str>) -> bool {
    match server {
        Host::Domain(name) => !is_local_name(name),
        Host::Ipv4(address) => is_public_ip((*address).into()),
        Host::Ipv6(address) => is_public_ip((*address).into()),
    }
}

/// Returns the reason why a URL from the store's maintainer is rejected, in words.
pub fn check_maintainer_url(text: &str) -> Option<String> {
    parse_web(text).err()
}

/// Returns the reason why a contact of the maintainers is rejected, in words. Accepts a URL or
/// `mailto:`.
pub fn fault_of_contact(text: &str) -> Option<String> {
    let Some(mailbox) = text.strip_prefix("mailto:") else {
        return check_maintainer_url(text);
    };
    let has_both_sides = mailbox
        .split_once('@')
        .is_some_and(|(local, domain)| !local.is_empty() && domain.contains('.'));
    let is_plain = mailbox
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'<' | b'>' | b'"' | b'\'' | b'?'));
    (!has_both_sides || !is_plain).then(|| "this is no mail address".to_owned())
}

/// Whether the address is of a form that needs no parser: `https://`, a lower-case name with a
/// public ending, and a path of plain characters without `.` or `..` as a part. Such an address is
/// in its normal form, too.
fn is_plainly_public(text: &str) -> bool {
    let Some((host, path)) = text
        .strip_prefix("https://")
        .and_then(|rest| rest.split_once('/'))
    else {
        return false;
    };
    let Some((above, last)) = host.rsplit_once('.') else {
        return false;
    };
    let is_plain_label = |label: &[u8]| {
        let edges_are_plain =
            !label.starts_with(b"-") && !label.ends_with(b"-") && !label.starts_with(b"xn--");
        edges_are_plain
            && is_label(label)
            && label
                .iter()
                .all(|byte| !byte.is_ascii_uppercase() && *byte != b'_')
    };
    let is_public = !last.is_empty()
        && last.bytes().all(|byte| byte.is_ascii_lowercase())
        && !LOCAL_ENDINGS.contains(&last);
    let is_part = |part: &[u8]| {
        let is_plain = |byte: &u8| matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~');
        !matches!(part, b"." | b"..") && part.iter().all(is_plain)
    };
    // By bytes: all of them are ASCII, and the URL is checked for every snippet.
    let is_short = host.len() <= MAX_NAME && last.len() <= MAX_LABEL;
    is_public
        && is_short
        && above
            .as_bytes()
            .split(|byte| *byte == b'.')
            .all(is_plain_label)
        && path.as_bytes().split(|byte| *byte == b'/').all(is_part)
}

/// Returns the URL in the form of the URL standard; unchanged if it does not parse.
pub fn normal(text: &str) -> Cow<'_, str> {
    if is_plainly_public(text) {
        return Cow::Borrowed(text);
    }
    Url::parse(text).map_or(Cow::Borrowed(text), |url| Cow::Owned(url.into()))
}

fn parse_web(written: &str) -> Result<Url, String> {
    // Invisible characters would be dropped from the server name, but displayed as if they were
    // in it.
    let odd = written
        .chars()
        .find(|it| it.is_whitespace())
        .or_else(|| Some(crate::first_hidden(written)?.character));
    if let Some(odd) = odd {
        return Err(format!("an address can not hold U+{:04X}", u32::from(odd)));
    }
    let url = Url::parse(written).map_err(|cause| match cause {
        url::ParseError::RelativeUrlWithoutBase => "an address begins with `https://`".to_owned(),
        other => format!("this is no web address: {other}"),
    })?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!(
            "`{}:` addresses are not shown: only http and https are",
            url.scheme()
        ));
    }
    // The URL standard accepts `https:/a` and `https:\\a`; consumers of the published JSON may
    // not.
    let slashes = written.get(url.scheme().len() + 1..).unwrap_or_default();
    if !slashes.starts_with("//") || written.contains('\\') {
        return Err(format!("an address begins with `{}://`", url.scheme()));
    }
    // `https://@tides.example` has neither a user nor a password, but looks as if it had.
    if authority(written).contains('@') {
        return Err("the address holds a user name or a password".to_owned());
    }
    // The standard parses `https:///tides.example` with the server `tides.example`.
    let Some(server) = url.host().filter(|_| !authority(written).is_empty()) else {
        return Err("the address names no server".to_owned());
    };
    if matches!(server, Host::Domain(name) if !is_server_name(name)) {
        return Err(format!("`{server}` is not a valid server name"));
    }
    if url.port() == Some(0) {
        return Err("port 0 is reserved".to_owned());
    }
    Ok(url)
}

/// Returns `true` if a resolved IP address is in the public internet.
pub fn is_public_ip(address: IpAddr) -> bool {
    public_ip::is_public(address)
}

/// Last labels of names outside the public DNS.
const LOCAL_ENDINGS: &[&str] = &[
    // RFC 6761, RFC 6762, RFC 7686, RFC 9476.
    "alt",
    "invalid",
    "local",
    "localhost",
    "onion",
    "test",
    // RFC 3172: names of the infrastructure, including `home.arpa` and `ipv4only.arpa`.
    "arpa",
    // Reserved for private networks by ICANN; used in them (RFC 6762, appendix G); configured by
    // systems.
    "internal",
    "corp",
    "home",
    "intranet",
    "lan",
    "localdomain",
    "private",
];

/// Returns `true` for names with one of [`LOCAL_ENDINGS`], and for names without a dot.
fn is_local_name(name: &str) -> bool {
    name.strip_suffix('.')
        .unwrap_or(name)
        .rsplit_once('.')
        .is_none_or(|(_, last)| LOCAL_ENDINGS.contains(&last))
}

/// Returns `true` if `name` can be looked up: labels of letters, digits, `-` and `_` (RFC 1035,
/// section 2.3.4). The URL standard accepts more.
fn is_server_name(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    name.len() <= MAX_NAME && name.split('.').all(|label| is_label(label.as_bytes()))
}

fn is_label(label: &[u8]) -> bool {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (1..=MAX_LABEL).contains(&label.len()) && label.iter().all(is_plain)
}

/// Maximum length in bytes of a name without its trailing dot, and of one label.
const MAX_NAME: usize = 253;
const MAX_LABEL: usize = 63;

/// Returns the text between the slashes and the path (RFC 3986, section 3.2).
fn authority(text: &str) -> &str {
    let rest = text.split_once("://").map_or("", |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}

/// Returns the server as written in the URL, without the port.
fn written_server(text: &str) -> &str {
    let authority = authority(text);
    let port = authority
        .rfind(':')
        .filter(|at| !authority[*at..].contains(']'));
    &authority[..port.unwrap_or(authority.len())]
}

/// Returns `true` if parsers other than browsers find the same server in the URL: no `%2e`,
/// `0x7f.1` or full-width letters.
fn is_written_plainly(text: &str, server: &Host<&str>) -> bool {
    let written = written_server(text);
    match server {
        Host::Domain(name) if !written.is_ascii() => {
            name.split('.').any(|label| label.starts_with("xn--"))
        }
        Host::Domain(name) => written.eq_ignore_ascii_case(name),
        Host::Ipv4(address) => written == address.to_string(),
        Host::Ipv6(address) => written.trim_matches(['[', ']']).parse() == Ok(*address),
    }
}
