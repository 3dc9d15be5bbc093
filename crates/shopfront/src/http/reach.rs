//! Which hosts a client may reach: that of its index, or also those where an index may keep its files.

use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::Arc;

use reqwest::blocking::ClientBuilder;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect;
use url::Url;

use crate::address;

/// Redirects that are followed.
const MAX_REDIRECTS: usize = 5;

/// The hosts that one client may reach.
#[derive(Clone, Copy, Debug)]
pub(super) enum Reach {
    /// The host of the index alone.
    Index,
    /// Any public host over https, too.
    PublicFiles,
    /// Any host, too: the index is a private one, and its word is the maintainer's.
    PrivateFiles,
}

impl Reach {
    /// Of a client that fetches the files that the index at `base` names.
    pub(super) fn of_files(base: &Url, addresses: &[SocketAddr]) -> Reach {
        let is_private = address::is_private_index(base) || addresses.iter().any(|it| address::is_private(it.ip()));
        if is_private { Reach::PrivateFiles } else { Reach::PublicFiles }
    }

    /// Why the client may not ask for `url`, which lies elsewhere than the index, in words. Redirects keep the same rule.
    pub(super) fn fault_of(self, url: &Url) -> Option<String> {
        match self {
            Reach::Index => Some(format!("`{}` is not the host that was named", url.host_str().unwrap_or_default())),
            Reach::PublicFiles => address::fault_of_public_file(url),
            Reach::PrivateFiles => address::fault_of_maintainer_address(url.as_str()),
        }
    }

    /// Gives a client its bounds.
    pub(super) fn bind(self, builder: ClientBuilder) -> ClientBuilder {
        let is_public = |url: &Url| address::fault_of_public_file(url).is_none();
        match self {
            Reach::Index => builder.redirect(followed(|_| false)),
            // A file may be a `.tar.gz` that a server calls compressed on the way: its bytes are left alone.
            Reach::PrivateFiles => builder.redirect(followed(is_public)).no_gzip(),
            // Behind a proxy only the proxy's own name is looked up here, and that one may well be private.
            Reach::PublicFiles if has_proxy() => builder.redirect(followed(is_public)).no_gzip(),
            Reach::PublicFiles => builder.redirect(followed(is_public)).no_gzip().dns_resolver(Arc::new(PublicOnly)),
        }
    }
}

/// Whether two addresses have scheme, host and port in common (RFC 6454).
pub(super) fn is_same_origin(one: &Url, two: &Url) -> bool {
    one.scheme() == two.scheme() && one.host() == two.host() && one.port_or_known_default() == two.port_or_known_default()
}

fn has_proxy() -> bool {
    ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"].iter().any(|name| std::env::var_os(name).is_some_and(|it| !it.is_empty()))
}

/// A registry that sends us elsewhere is not followed: what we ask, and the password, are for its host alone. Files
/// may move to another host, if `elsewhere` allows it; the client then leaves user and password behind.
fn followed(elsewhere: fn(&Url) -> bool) -> redirect::Policy {
    redirect::Policy::custom(move |attempt| {
        let stays = attempt.previous().last().is_some_and(|from| is_same_origin(from, attempt.url()));
        let too_many = attempt.previous().len() > MAX_REDIRECTS;
        if (stays || elsewhere(attempt.url())) && !too_many { attempt.follow() } else { attempt.error("a redirect that is not followed") }
    })
}

/// Looks up names, and forgets addresses of private networks: a public name may lead there.
struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found: Vec<SocketAddr> = (name.as_str(), 0).to_socket_addrs()?.filter(|it| !address::is_private(it.ip())).collect();
            if found.is_empty() {
                return Err("the name leads into a private network".into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}
