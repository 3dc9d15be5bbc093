//! The way to one registry: its address, and who carries questions there.

use super::resolve::Options;
use crate::error::Error;
use crate::http::{Credentials, Http};
use crate::registry::Registry;
use crate::web::{Request, Response, Web};

/// The way to one registry.
pub(super) struct Way {
    /// Without a slash at its end; empty where nobody is asked and no mirror is named.
    base: String,
    http: Option<Http>,
    nobody: Nobody,
}

impl Way {
    /// The way to `registry`, and to its packages.
    ///
    /// # Errors
    /// When its address is none, or the system has no certificates.
    pub(super) fn to(registry: &dyn Registry, options: &Options) -> Result<Way, Error> {
        let named = options.addresses.get(registry.id()).map(String::as_str);
        let Some(address) = named.or_else(|| registry.default_address()) else {
            return Ok(Way { base: String::new(), http: None, nobody: Nobody });
        };
        let prefix = format!("SHOPFRONT_{}", registry.id().to_uppercase());
        let (url, credentials) = Credentials::find(address, Some(&prefix))?;
        let credentials = credentials.or_else(|| Credentials::of_token(registry.token_variable()?));
        let base = url.as_str().trim_end_matches('/').to_owned();
        Ok(Way { base, http: Some(Http::with_packages(&url, credentials, options.patience)?), nobody: Nobody })
    }

    /// The base address, without a slash at its end.
    pub(super) fn base(&self) -> &str {
        &self.base
    }

    /// Who carries questions.
    pub(super) fn web(&self) -> &dyn Web {
        match &self.http {
            Some(http) => http,
            None => &self.nobody,
        }
    }

    /// Who fetches files of a registry that is asked nothing, whose addresses stand in snippets: see [`Http::of_public_files`].
    ///
    /// # Errors
    /// When the system has no certificates.
    pub(super) fn to_public_files(options: &Options) -> Result<Http, Error> {
        Http::of_public_files(options.patience)
    }
}

/// Nobody is there to be asked.
struct Nobody;

impl Web for Nobody {
    fn get(&self, request: &Request<'_>) -> Result<Response, String> {
        Err(format!("nobody is asked for `{}`", request.url))
    }
}
