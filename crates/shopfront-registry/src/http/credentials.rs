//! User and password for a private index: from its address, the environment or netrc; never
//! printed.

use std::fmt;

use url::Url;

use shopfront_diagnostics::error::{Context, Error};

/// A user and a password.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The user.
    pub user: String,
    /// The password.
    pub password: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Credentials({}, …)", self.user)
    }
}

impl Credentials {
    /// The address without its user and password, and what to send to it: what the address held,
    /// else what the environment holds under `prefix` (`<prefix>_USERNAME`,
    /// `<prefix>_PASSWORD`) where there is one, else the entry of netrc for its host.
    ///
    /// # Errors
    /// When `address` is no http or https address. The message does not repeat it: it may hold a
    /// password.
    pub fn find(address: &str, prefix: Option<&str>) -> Result<(Url, Option<Credentials>), Error> {
        let mut url = Url::parse(address)
            .with_context(|| "reading the address of an index or a store".to_owned())?;
        if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
            return Err(Error::new(
                "the address of an index or a store begins with `https://` or `http://`",
            ));
        }
        let written = in_address(&url);
        // Both fail only for addresses without a host.
        let _ = url.set_username("");
        let _ = url.set_password(None);
        let found = written
            .or_else(|| in_environment(prefix?))
            .or_else(|| in_netrc(&url));
        Ok((url, found))
    }
}

impl Credentials {
    /// The token that the variable `name` of the environment holds, as the password of whoever it
    /// is of.
    pub fn of_token(name: &str) -> Option<Credentials> {
        let password = std::env::var(name).ok().filter(|token| !token.is_empty())?;
        Some(Credentials {
            user: "x-access-token".to_owned(),
            password,
        })
    }
}

fn in_address(url: &Url) -> Option<Credentials> {
    if url.username().is_empty() && url.password().is_none() {
        return None;
    }
    let decoded = |text: &str| {
        percent_encoding::percent_decode_str(text)
            .decode_utf8_lossy()
            .into_owned()
    };
    Some(Credentials {
        user: decoded(url.username()),
        password: decoded(url.password().unwrap_or_default()),
    })
}

fn in_environment(prefix: &str) -> Option<Credentials> {
    let user = std::env::var(format!("{prefix}_USERNAME")).ok()?;
    let password = std::env::var(format!("{prefix}_PASSWORD")).unwrap_or_default();
    Some(Credentials { user, password })
}

fn in_netrc(url: &Url) -> Option<Credentials> {
    // No netrc, or one that can not be read, is the normal case.
    let netrc = netrc::Netrc::new().ok()?;
    let entry = netrc.hosts.get(url.host_str()?)?;
    Some(Credentials {
        user: entry.login.clone(),
        password: entry.password.clone(),
    })
}
