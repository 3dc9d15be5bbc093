//! User and password for a private index: from its URL, the environment or netrc. They are never
//! printed.

use std::fmt;

use url::Url;

use shopfront_diagnostics::error::{Context, Error};

/// User and password.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// User name.
    pub user: String,
    /// Password of the user.
    pub password: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Credentials({}, …)", self.user)
    }
}

impl Credentials {
    /// Returns the URL without its user and password, and the credentials to send. The
    /// credentials come from the URL, otherwise from the environment, if `prefix` is set
    /// (`<prefix>_USERNAME`, `<prefix>_PASSWORD`). Otherwise they come from the netrc entry of
    /// its server.
    ///
    /// # Errors
    /// Returns an error if `address` is not an http or https URL. The message does not repeat it:
    /// it may contain a password.
    pub fn find(address: &str, prefix: Option<&str>) -> Result<(Url, Option<Credentials>), Error> {
        let mut url = Url::parse(address)
            .with_context(|| "reading the address of an index or a store".to_owned())?;
        if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
            return Err(Error::new(
                "the address of an index or a store begins with `https://` or `http://`",
            ));
        }
        let written = in_address(&url);
        // Both fail only for URLs without a host.
        let _ = url.set_username("");
        let _ = url.set_password(None);
        let found = written
            .or_else(|| in_environment(prefix?))
            .or_else(|| in_netrc(&url));
        Ok((url, found))
    }
}

impl Credentials {
    /// Returns the token in the environment variable `name`, as the password of `x-access-token`.
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
    // A missing or unreadable netrc is the normal case.
    let netrc = netrc::Netrc::new().ok()?;
    let entry = netrc.hosts.get(url.host_str()?)?;
    Some(Credentials {
        user: entry.login.clone(),
        password: entry.password.clone(),
    })
}
