//! Client of one registry: its base URL and HTTP client.

use super::resolve::Options;
use shopfront_diagnostics::error::Error;
use shopfront_registry::Registry;
use shopfront_registry::http::{Credentials, Http};
use shopfront_registry::resolve;
use shopfront_registry::web::HttpClient;

/// Client of one registry.
pub(super) enum RegistryClient {
    /// A server, or a mirror of the files.
    To {
        /// Base URL without a trailing slash.
        base: String,
        /// HTTP client for queries and packages.
        http: Box<Http>,
    },
    /// No server is queried. Files are at the URLs in snippets, see [`Http::of_public_files`].
    Files(Box<Http>),
}

impl RegistryClient {
    /// Creates the client of `registry` and its packages.
    ///
    /// # Errors
    /// Returns an error if the URL is invalid, or the system has no certificates.
    pub(super) fn to(registry: &dyn Registry, options: &Options) -> Result<RegistryClient, Error> {
        let named = options.addresses.get(registry.id()).map(String::as_str);
        let Some(address) = named.or_else(|| registry.default_address()) else {
            return Ok(RegistryClient::Files(Box::new(Http::of_public_files(
                options.patience,
            )?)));
        };
        let prefix = format!("SHOPFRONT_{}", registry.id().to_uppercase());
        let (url, credentials) = Credentials::find(address, Some(&prefix))?;
        let credentials = credentials.or_else(|| Credentials::of_token(registry.token_variable()?));
        let base = url.as_str().trim_end_matches('/').to_owned();
        Ok(RegistryClient::To {
            base,
            http: Box::new(Http::with_packages(&url, credentials, options.patience)?),
        })
    }

    /// Returns the URL of `registry` in `options` without user and password. Returns `None` for the
    /// public registry.
    ///
    /// # Errors
    /// Returns an error if the URL is invalid.
    pub(super) fn registry_url(
        registry: &dyn Registry,
        options: &Options,
    ) -> Result<Option<String>, Error> {
        let Some(address) = options.addresses.get(registry.id()) else {
            return Ok(None);
        };
        let (url, _) = Credentials::find(address, None)?;
        Ok(resolve::registry_url(registry, url.as_str()))
    }

    /// Returns the base URL without a trailing slash. Empty if no server is queried.
    pub(super) fn base(&self) -> &str {
        match self {
            RegistryClient::To { base, .. } => base,
            RegistryClient::Files(_) => "",
        }
    }

    /// Returns the HTTP client for queries and packages.
    pub(super) fn web(&self) -> &dyn HttpClient {
        match self {
            RegistryClient::To { http, .. } | RegistryClient::Files(http) => http.as_ref(),
        }
    }
}
