//! Which web addresses a stranger may put on a page, and how an address is written.

use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// Why an address of a snippet is refused, in words.
///
/// Only `http` and `https`, no user or password, and no address that means something else on every machine.
pub fn fault_of_web_address(text: &str) -> Option<String> {
    if is_plainly_public(text) {
        // Nearly every address ends here; parsing one costs as much as checking the rest of a snippet.
        return None;
    }
    let url = match parse_web(text) {
        Ok(url) => url,
        Err(fault) => return Some(fault),
    };
    let private = match url.host()? {
        Host::Domain(name) => is_local_name(name),
        Host::Ipv4(address) => is_private_v4(address),
        Host::Ipv6(address) => is_private_v6(address),
    };
    private.then(|| format!("`{}` is an address of a private network or of the reader's own machine", url.host_str().unwrap_or_default()))
}

/// Why a file is not fetched from where an index says that it lies, in words.
///
/// An index may keep its files on another host; that of a public one is public, and reached over https.
pub fn fault_of_file(index: &Url, file: &Url) -> Option<String> {
    if let Err(fault) = parse_web(file.as_str()) {
        return Some(fault);
    }
    let is_same = index.scheme() == file.scheme() && index.host() == file.host();
    if is_same || is_private_index(index) { None } else { fault_of_public_file(file) }
}

/// Why a file is not fetched from an address that a stranger wrote, in words: it is public, and reached over https.
pub fn fault_of_public_file(file: &Url) -> Option<String> {
    if file.scheme() != "https" {
        return Some(format!("`{}` is not reached over https", file.host_str().unwrap_or_default()));
    }
    fault_of_web_address(file.as_str())
}

/// Whether an index is one of a private network or of this machine, so that its word is the maintainer's own.
pub fn is_private_index(index: &Url) -> bool {
    index.scheme() == "http" || fault_of_web_address(index.as_str()).is_some()
}

/// Why an address that the maintainer of the store wrote is refused, in words.
pub fn fault_of_maintainer_address(text: &str) -> Option<String> {
    parse_web(text).err()
}

/// Why a way to reach the maintainers is refused, in words: a web address or `mailto:`.
pub fn fault_of_contact(text: &str) -> Option<String> {
    let Some(mailbox) = text.strip_prefix("mailto:") else {
        return fault_of_maintainer_address(text);
    };
    let has_both_sides = mailbox.split_once('@').is_some_and(|(local, domain)| !local.is_empty() && domain.contains('.'));
    let is_plain = mailbox.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'<' | b'>' | b'"' | b'\'' | b'?'));
    (!has_both_sides || !is_plain).then(|| "this is no mail address".to_owned())
}

/// Whether the address is of a form that needs no parser: `https://`, a lower-case name with a public ending, and a
/// path of plain characters without `.` or `..` as a part. Such an address is in its normal form, too.
fn is_plainly_public(text: &str) -> bool {
    let Some((host, path)) = text.strip_prefix("https://").and_then(|rest| rest.split_once('/')) else { return false };
    let Some((above, last)) = host.rsplit_once('.') else { return false };
    let is_label = |label: &[u8]| {
        let edges_are_plain = !label.starts_with(b"-") && !label.ends_with(b"-") && !label.starts_with(b"xn--");
        let is_plain = |byte: &u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
        !label.is_empty() && edges_are_plain && label.iter().all(is_plain)
    };
    let is_public = !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_lowercase()) && !LOCAL_ENDINGS.contains(&last);
    let is_part = |part: &[u8]| {
        let is_plain = |byte: &u8| matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~');
        !matches!(part, b"." | b"..") && part.iter().all(is_plain)
    };
    // By bytes: all of them are ASCII, and the address is looked at for every snippet.
    is_public && above.as_bytes().split(|byte| *byte == b'.').all(is_label) && path.as_bytes().split(|byte| *byte == b'/').all(is_part)
}

/// The address as the URL standard writes it; unchanged when it does not parse.
pub fn normal(text: &str) -> Cow<'_, str> {
    if is_plainly_public(text) {
        return Cow::Borrowed(text);
    }
    Url::parse(text).map_or(Cow::Borrowed(text), |url| Cow::Owned(url.into()))
}

fn parse_web(text: &str) -> Result<Url, String> {
    if let Some(odd) = text.chars().find(|it| it.is_whitespace() || it.is_control()) {
        return Err(format!("an address can not hold U+{:04X}", u32::from(odd)));
    }
    let url = Url::parse(text).map_err(|cause| match cause {
        url::ParseError::RelativeUrlWithoutBase => "an address begins with `https://`".to_owned(),
        other => format!("this is no web address: {other}"),
    })?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!("`{}:` addresses are not shown: only http and https are", url.scheme()));
    }
    // The URL standard forgives `https:/a` and `https:\\a`; readers of the published JSON may not.
    let slashes = text.get(url.scheme().len() + 1..).unwrap_or_default();
    if !slashes.starts_with("//") || text.contains('\\') {
        return Err(format!("an address begins with `{}://`", url.scheme()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("the address holds a user name or a password".to_owned());
    }
    if url.host().is_none() {
        return Err("the address names no host".to_owned());
    }
    Ok(url)
}

/// Whether an address that a name resolved to is one of a private network or of this machine.
pub fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_private_v4(address),
        IpAddr::V6(address) => is_private_v6(address),
    }
}

/// Last labels of names that never leave a machine or a network (RFC 6761, RFC 6762, RFC 9476).
const LOCAL_ENDINGS: &[&str] = &["localhost", "local", "internal", "home", "lan", "intranet", "localdomain"];

/// Names with one of [`LOCAL_ENDINGS`], and names without a dot.
fn is_local_name(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let last = name.rsplit('.').next().unwrap_or_default();
    !name.contains('.') || LOCAL_ENDINGS.contains(&last)
}

fn is_private_v4(address: Ipv4Addr) -> bool {
    let [a, b, ..] = address.octets();
    address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_unspecified()
        || address.is_broadcast()
        || address.is_multicast()
        || a == 0
        || (a == 100 && (64..128).contains(&b)) // RFC 6598: carrier-grade NAT.
        || (a == 198 && (18..20).contains(&b)) // RFC 2544: benchmarks.
        || a >= 240
}

fn low_half(segments: [u16; 8]) -> Ipv4Addr {
    let [a, b] = segments[6].to_be_bytes();
    let [c, d] = segments[7].to_be_bytes();
    Ipv4Addr::new(a, b, c, d)
}

fn is_private_v6(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    // RFC 4291: mapped and compatible addresses; RFC 6052: those of a translator.
    let carried = address.to_ipv4().or_else(|| (segments[..6] == [0x64, 0xff9b, 0, 0, 0, 0]).then(|| low_half(segments)));
    if let Some(inner) = carried {
        return is_private_v4(inner);
    }
    let first = segments[0];
    address.is_loopback()
        || address.is_unspecified()
        || address.is_multicast()
        || (first & 0xfe00) == 0xfc00 // RFC 4193: unique local.
        || (first & 0xffc0) == 0xfe80 // RFC 4291: link local.
}
