//! The way to one registry: its address, and who carries questions there.

use super::resolve::Options;
use shopfront_diagnostics::error::Error;
use shopfront_registry::Registry;
use shopfront_registry::http::{Credentials, Http};
use shopfront_registry::resolve;
use shopfront_registry::web::HttpClient;

/// The way to one registry.
pub(super) enum RegistryClient {
    /// Somebody is asked, or a mirror has the files.
    To {
        /// Without a slash at its end.
        base: String,
        /// Who carries questions, and fetches packages.
        http: Box<Http>,
    },
    /// Nobody is asked: files lie where snippets say, see [`Http::of_public_files`].
    Files(Box<Http>),
}

impl RegistryClient {
    /// The way to `registry`, and to its packages.
    ///
    /// # Errors
    /// When its address is none, or the system has no certificates.
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

    /// The address of `registry` as `options` name it, where it is not the public one: without user
    /// and password.
    ///
    /// # Errors
    /// When it is none.
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

    /// The base address, without a slash at its end; empty where nobody is asked.
    pub(super) fn base(&self) -> &str {
        match self {
            RegistryClient::To { base, .. } => base,
            RegistryClient::Files(_) => "",
        }
    }

    /// Who carries questions, and fetches packages.
    pub(super) fn web(&self) -> &dyn HttpClient {
        match self {
            RegistryClient::To { http, .. } | RegistryClient::Files(http) => http.as_ref(),
        }
    }
}
