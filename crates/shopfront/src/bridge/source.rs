//! Location of the store: a URL or a directory, with the same files.

use std::path::PathBuf;

use jiff::Timestamp;
use url::Url;

use super::archive::MAX_PACKED;
use super::listed::{Listed, Snapshot};
use crate::files;
use shopfront_diagnostics::error::Error;
use shopfront_registry::http::{Credentials, Http, RetryPolicy};
use shopfront_registry::web::{BodyRange, HttpClient, Request};
use shopfront_text::one_line;

const LIST: &str = "api/v1/plugins.html";
const HEALTH: &str = "api/v1/health";

/// Maximum size of the list of plugins, in bytes.
const MAX_LIST: usize = 32 << 20;
/// The longest `health`.
const MAX_HEALTH: usize = 64 << 10;

/// Location of the store.
pub(super) enum Source {
    Web {
        /// URL of the host's directory, with a trailing slash.
        base: Url,
        /// Client for that server, and for servers on which a store may keep its archives.
        http: Box<Http>,
    },
    /// Directory on this machine.
    Folder {
        /// Directory of the host.
        path: PathBuf,
        /// Timeouts and retries for archives on servers.
        patience: RetryPolicy,
    },
}

impl Source {
    /// Returns the store at `named`: a URL if it begins with `http`, else a directory.
    pub(super) fn open(named: &str, patience: RetryPolicy) -> Result<Source, Error> {
        if !named.starts_with("http://") && !named.starts_with("https://") {
            return Ok(Source::Folder {
                path: files::root(named.trim_end_matches("/api/v1").as_ref())?,
                patience,
            });
        }
        // Shortened like the URL that the client gets.
        let named = named.trim_end_matches('/');
        let named = named.strip_suffix("/api/v1").unwrap_or(named);
        let (base, credentials) = Credentials::find(&format!("{named}/"), None)?;
        let http = Http::with_packages(&base, credentials, patience)?;
        Ok(Source::Web {
            base,
            http: Box::new(http),
        })
    }

    /// Returns the location as display text.
    pub(super) fn shown(&self) -> String {
        match self {
            Source::Web { base, .. } => base.to_string(),
            Source::Folder { path, .. } => path.display().to_string(),
        }
    }

    /// Queries the store.
    pub(super) fn ask(&self, now: Timestamp) -> Result<Snapshot, String> {
        let health = self.document(HEALTH, MAX_HEALTH)?;
        let list = self.document(LIST, MAX_LIST)?;
        Snapshot::of(&health, &list, now)
    }

    fn document(&self, path: &str, most: usize) -> Result<Vec<u8>, String> {
        let bytes = match self {
            Source::Web { base, http } => {
                let url = base
                    .join(path)
                    .map_err(|cause| format!("`{path}` is no address: {cause}"))?;
                let request = Request {
                    limit: most as u64,
                    ..Request::document(url.as_str(), "application/json")
                };
                let response = http
                    .get(&request)
                    .map_err(|why| format!("`{url}` can not be read: {why}"))?;
                if response.status != 200 {
                    return Err(format!(
                        "there is no `{url}`: name the store with the folder of its host, as in `https://store.example/oko/`"
                    ));
                }
                response.body
            }
            Source::Folder { path: folder, .. } => {
                let bytes =
                    files::read_plain(folder, path, most).map_err(|fault| fault.to_string())?;
                bytes.ok_or_else(|| {
                    format!(
                        "{} has no `{path}`: name the folder of the host, such as `dist/oko`",
                        folder.display()
                    )
                })?
            }
        };
        if bytes.len() > most {
            return Err(format!("`{path}` has more than {most} bytes"));
        }
        Ok(bytes)
    }

    /// Returns the bytes of the archive of `plugin`, unverified.
    pub(super) fn archive(&self, plugin: &Listed, snapshot: &Snapshot) -> Result<Vec<u8>, String> {
        let most = usize::try_from(MAX_PACKED).unwrap_or(usize::MAX);
        // The store's own files come from the location of the store, regardless of the URL at which
        // it was published.
        let below = plugin
            .url
            .strip_prefix(&snapshot.published_at)
            .filter(|_| snapshot.published_at.starts_with("http"));
        let below = below.filter(|below| {
            below.split('/').all(|part| {
                !part.is_empty()
                    && part != "."
                    && part != ".."
                    && !part.contains(['\\', '?', '#', '%'])
            })
        });
        match (self, below) {
            (Source::Web { base, http }, Some(below)) => {
                let url = base
                    .join(below)
                    .map_err(|cause| format!("`{below}` is no address: {cause}"))?;
                fetch(http, url.as_str())
            }
            (Source::Web { http, .. }, None) => fetch(http, &plugin.url),
            (Source::Folder { path, .. }, Some(below)) => {
                let bytes =
                    files::read_plain(path, below, most).map_err(|fault| fault.to_string())?;
                bytes.ok_or_else(|| format!("the store has no `{below}`"))
            }
            (Source::Folder { patience, .. }, None) => {
                let http = Http::of_public_files(*patience).map_err(|fault| fault.to_string())?;
                fetch(&http, &plugin.url)
            }
        }
    }
}

fn fetch(http: &Http, url: &str) -> Result<Vec<u8>, String> {
    let shown = one_line(url, 200);
    let response = http
        .get(&Request::file(url, BodyRange::File, MAX_PACKED))
        .map_err(|why| format!("`{shown}` can not be fetched: {why}"))?;
    if response.status != 200 {
        return Err(format!("`{shown}` is not there"));
    }
    Ok(response.body)
}
