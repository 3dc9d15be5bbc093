//! Which hosts a client may reach: that of its index, or also those where an index may keep its
//! files.

use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::Arc;

use reqwest::blocking::ClientBuilder;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect;
use url::Url;

use shopfront_text::url_policy;

/// Redirects that are followed.
const MAX_REDIRECTS: usize = 5;

/// The hosts that one client may reach.
#[derive(Clone, Copy, Debug)]
pub(super) enum UrlPolicy {
    /// The host of the index alone.
    Index,
    /// Any public host over https, too.
    PublicFiles,
    /// Any host, too: the index is a private one, and its word is the maintainer's.
    PrivateFiles,
}

impl UrlPolicy {
    /// Of a client that fetches the files that the index at `base` names.
    pub(super) fn of_files(base: &Url, addresses: &[SocketAddr]) -> UrlPolicy {
        // One private address among public ones gives nobody the word of a private index.
        let is_private = url_policy::is_private_index(base)
            || (!addresses.is_empty()
                && addresses
                    .iter()
                    .all(|it| !url_policy::is_public_ip(it.ip())));
        if is_private {
            UrlPolicy::PrivateFiles
        } else {
            UrlPolicy::PublicFiles
        }
    }

    /// Why the client may not ask for `url`, which lies elsewhere than the index, in words.
    /// Redirects keep the same rule.
    pub(super) fn fault_of(self, url: &Url) -> Option<String> {
        match self {
            UrlPolicy::Index => Some(format!(
                "`{}` is not the host that was named",
                url.host_str().unwrap_or_default()
            )),
            UrlPolicy::PublicFiles => {
                url_policy::fault_of_public_file(url).or_else(|| fault_of_proxy(url))
            }
            UrlPolicy::PrivateFiles => url_policy::check_maintainer_url(url.as_str()),
        }
    }

    /// Gives a client its bounds.
    pub(super) fn bind(self, builder: ClientBuilder) -> ClientBuilder {
        let is_public = |url: &Url| UrlPolicy::PublicFiles.fault_of(url).is_none();
        match self {
            UrlPolicy::Index => builder.redirect(followed(|_| false)),
            // A file may be a `.tar.gz` that a server calls compressed on the way: its bytes are
            // left alone.
            UrlPolicy::PrivateFiles => builder.redirect(followed(is_public)).no_gzip(),
            UrlPolicy::PublicFiles => builder
                .redirect(followed(is_public))
                .no_gzip()
                .dns_resolver(Arc::new(PublicOnly { proxies: proxies() })),
        }
    }
}

/// Whether two addresses have scheme, host and port in common (RFC 6454).
pub(super) fn is_same_origin(one: &Url, two: &Url) -> bool {
    one.scheme() == two.scheme()
        && one.host() == two.host()
        && one.port_or_known_default() == two.port_or_known_default()
}

/// The servers that the environment names as proxies, as the client reads it.
fn proxies() -> Vec<String> {
    let named = [
        "HTTPS_PROXY",
        "https_proxy",
        "HTTP_PROXY",
        "http_proxy",
        "ALL_PROXY",
        "all_proxy",
    ];
    named
        .iter()
        .filter_map(|name| proxy(&std::env::var(name).ok()?))
        .collect()
}

/// The server of a proxy, which may be written without a scheme.
fn proxy(value: &str) -> Option<String> {
    let value = value.trim();
    let whole = if value.contains("://") {
        value.to_owned()
    } else {
        format!("http://{value}")
    };
    Some(Url::parse(&whole).ok()?.host_str()?.to_owned())
}

/// Why a file is not fetched from a proxy itself, whose address may be private, in words.
fn fault_of_proxy(url: &Url) -> Option<String> {
    let server = url.host_str()?;
    proxies()
        .iter()
        .any(|it| it == server)
        .then(|| format!("`{server}` is a proxy"))
}

/// A registry that sends us elsewhere is not followed: what we ask, and the password, are for its
/// host alone. Files may move to another host, if `elsewhere` allows it; the client then leaves
/// user and password behind.
fn followed(elsewhere: fn(&Url) -> bool) -> redirect::Policy {
    redirect::Policy::custom(move |attempt| {
        let stays = attempt
            .previous()
            .last()
            .is_some_and(|from| is_same_origin(from, attempt.url()));
        let too_many = attempt.previous().len() > MAX_REDIRECTS;
        if (stays || elsewhere(attempt.url())) && !too_many {
            attempt.follow()
        } else {
            attempt.error("a redirect that is not followed")
        }
    })
}

/// Looks up names once, and drops what is not of the public internet: connections go to what is
/// left.
///
/// A proxy looks up the names of servers by itself; its own name is looked up here, and may lead
/// into a private network.
struct PublicOnly {
    proxies: Vec<String>,
}

impl PublicOnly {
    fn keep(&self, name: &str, found: impl Iterator<Item = SocketAddr>) -> Vec<SocketAddr> {
        let is_proxy = self.proxies.iter().any(|it| it == name);
        found
            .filter(|it| is_proxy || url_policy::is_public_ip(it.ip()))
            .collect()
    }
}

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        let found = (name.as_str(), 0)
            .to_socket_addrs()
            .map(|found| self.keep(name.as_str(), found));
        Box::pin(async move {
            match found {
                Ok(found) if found.is_empty() => Err("the server has no public IP address".into()),
                Ok(found) => Ok(Box::new(found.into_iter()) as Addrs),
                Err(cause) => Err(cause.into()),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use super::{PublicOnly, proxy};

    #[test]
    fn connections_go_to_the_public_addresses_of_a_name_alone() {
        let found = ["10.0.0.8:0", "1.1.1.1:0", "[::1]:0", "[2002:7f00:1::]:0"];
        let found: Vec<SocketAddr> = found.iter().filter_map(|it| it.parse().ok()).collect();
        let resolver = PublicOnly {
            proxies: vec!["proxy.internal".to_owned()],
        };
        assert_eq!(
            resolver.keep("files.example", found.clone().into_iter()),
            [found[1]]
        );
        assert_eq!(
            resolver.keep("proxy.internal.example", found.clone().into_iter()),
            [found[1]]
        );
        assert_eq!(
            resolver.keep("proxy.internal", found.clone().into_iter()),
            found
        );
    }

    #[test]
    fn a_proxy_is_known_by_its_name_however_it_is_written() {
        for value in [
            "http://mira:secret@proxy.internal:3128/",
            "proxy.internal:3128",
            " proxy.internal ",
            "socks5://PROXY.internal",
        ] {
            assert_eq!(
                proxy(value)
                    .as_deref()
                    .map(str::to_ascii_lowercase)
                    .as_deref(),
                Some("proxy.internal"),
                "{value}"
            );
        }
        assert_eq!(proxy(""), None);
    }
}
