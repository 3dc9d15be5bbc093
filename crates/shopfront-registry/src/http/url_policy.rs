//! Servers that a client may connect to: that of its index, and those on which an index may keep
//! its files.

use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::Arc;

use reqwest::blocking::ClientBuilder;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect;
use url::Url;

use shopfront_text::url_policy;

/// Maximum number of redirects.
const MAX_REDIRECTS: usize = 5;

/// Servers that one client may connect to.
#[derive(Clone, Copy, Debug)]
pub(super) enum UrlPolicy {
    /// Server of the index only.
    Index,
    /// Also any public server over https.
    PublicFiles,
    /// Also any server: the index is private, and the maintainer trusts it.
    PrivateFiles,
}

impl UrlPolicy {
    /// Returns the policy of a client for the files of the index at `base`.
    pub(super) fn of_files(base: &Url, addresses: &[SocketAddr]) -> UrlPolicy {
        // One private IP address among public ones does not make an index private.
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

    /// Returns the reason why the client may not request `url` on another server, in words.
    /// Redirects obey the same rule.
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

    /// Applies the policy to a client.
    pub(super) fn bind(self, builder: ClientBuilder) -> ClientBuilder {
        let is_public = |url: &Url| UrlPolicy::PublicFiles.fault_of(url).is_none();
        match self {
            UrlPolicy::Index => builder.redirect(followed(|_| false)),
            // A server may declare a `.tar.gz` as a compressed transfer: its bytes must not be
            // changed.
            UrlPolicy::PrivateFiles => builder.redirect(followed(is_public)).no_gzip(),
            UrlPolicy::PublicFiles => builder
                .redirect(followed(is_public))
                .no_gzip()
                .dns_resolver(Arc::new(PublicOnly { proxies: proxies() })),
        }
    }
}

/// Returns `true` if two URLs have the same scheme, host and port (RFC 6454).
pub(super) fn is_same_origin(one: &Url, two: &Url) -> bool {
    one.scheme() == two.scheme()
        && one.host() == two.host()
        && one.port_or_known_default() == two.port_or_known_default()
}

/// Returns the proxy servers in the environment, as the client reads them.
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

/// Returns the server of a proxy, whose URL may lack a scheme.
fn proxy(value: &str) -> Option<String> {
    let value = value.trim();
    let whole = if value.contains("://") {
        value.to_owned()
    } else {
        format!("http://{value}")
    };
    Some(Url::parse(&whole).ok()?.host_str()?.to_owned())
}

/// Returns the reason why a file is not fetched from a proxy itself, whose IP address may be
/// private, in words.
fn fault_of_proxy(url: &Url) -> Option<String> {
    let server = url.host_str()?;
    proxies()
        .iter()
        .any(|it| it == server)
        .then(|| format!("`{server}` is a proxy"))
}

/// Returns the redirect policy. Redirects of a registry to another server are rejected: the
/// request and the password are for its server only. Files may move to another server if
/// `elsewhere` allows it; the client then omits user and password.
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

/// Resolver that looks up names once, and discards IP addresses outside the public internet: the
/// client connects only to the others.
///
/// A proxy resolves the names of servers itself. Its own name is resolved here, and may be in a
/// private network.
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
