//! Published stores: read from a directory or over HTTP, validated against the published schemas,
//! and cached for an hour, or longer if the server fails.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::client::{self, Plugin, Releases, StoreNote};
use crate::clock;
use crate::files;
use shopfront_check::schema::Schemas;
use shopfront_diagnostics::error::{Context, Error};
use shopfront_json as json;
use shopfront_registry::http::{Credentials, Http, RetryPolicy};
use shopfront_registry::web::{HttpClient, MAX_DOCUMENT, Request};
use shopfront_text::digest;
use shopfront_text::one_line;

/// Age below which a copy is fresh, in seconds.
const FRESH_SECONDS: i64 = 3_600;
/// Directory of the copies, below [`files::CACHE`] of the directory that a command names.
const COPIES: &str = "stores";

const HOSTS: (&str, &str) = ("api/v1/hosts.json", "api-hosts.schema.json");
const PLUGINS: (&str, &str) = ("plugins.json", "api-plugins.schema.json");
const PLUGIN: &str = "api-plugin.schema.json";

/// Options for reading stores.
pub(super) struct Reading {
    /// Directory of the copies.
    pub(super) cache: PathBuf,
    /// Fetches documents even if their copies are fresh.
    pub(super) refresh: bool,
    /// Fetches nothing.
    pub(super) offline: bool,
    /// Timeouts and retries of requests.
    pub(super) patience: RetryPolicy,
}

/// Stores in the order in which they were named. For each key, the earliest store takes precedence.
pub(super) struct Stores {
    pub(super) all: Vec<Published>,
    schemas: Schemas,
    reading: Reading,
}

/// Published store.
pub(super) struct Published {
    /// URL without user and password, or the directory.
    pub(super) address: String,
    /// Contents of the store. `None` if it could not be read.
    pub(super) store: Option<client::Store>,
    /// Note about the state of the store.
    pub(super) note: StoreNote,
    way: Transport,
}

enum Transport {
    Folder(PathBuf),
    /// The flag marks a server that failed to respond: it is not queried again in this run.
    Web(Box<Http>, AtomicBool),
}

/// Copy of a document.
#[derive(Serialize, Deserialize)]
struct Kept {
    format: u32,
    url: String,
    checked_at: Timestamp,
    etag: Option<String>,
    document: Box<RawValue>,
}

/// Document with its age and the reason why it is not newer.
struct Read {
    value: Value,
    checked_at: Option<Timestamp>,
    trouble: Option<String>,
}

impl Stores {
    /// Reads the stores at `addresses`. An unreadable store is in the result with the reason.
    ///
    /// # Errors
    /// Returns an error if a URL is invalid.
    pub(super) fn open(addresses: &[String], reading: Reading) -> Result<Stores, Error> {
        let mut stores = Stores {
            all: Vec::new(),
            schemas: schemas()?,
            reading,
        };
        for address in addresses {
            let (address, way) = way(address, stores.reading.patience)?;
            let published = stores.published(address, way);
            stores.all.push(published);
        }
        Ok(stores)
    }

    /// Returns every host by its id, from the earliest store that has it.
    pub(super) fn hosts(&self) -> BTreeMap<&str, &client::Host> {
        let known = self.all.iter().rev().filter_map(|it| it.store.as_ref());
        known
            .flat_map(|store| store.hosts.iter())
            .map(|(id, host)| (id.as_str(), host))
            .collect()
    }

    /// Returns every entry of `host` by its id, each with the earliest store that has it.
    pub(super) fn plugins_of(&self, host: &str) -> BTreeMap<&str, (&Published, &Plugin)> {
        let known = self
            .all
            .iter()
            .rev()
            .filter_map(|published| Some((published, published.store.as_ref()?)));
        let entries = known.flat_map(|(published, store)| {
            store
                .plugins
                .values()
                .map(move |plugin| (published, plugin))
        });
        entries
            .filter(|(_, plugin)| plugin.host == host)
            .map(|(published, plugin)| (plugin.id.as_str(), (published, plugin)))
            .collect()
    }

    /// Returns the entry `key`, or `None` if no store has it.
    ///
    /// # Errors
    /// Returns an error if an unreadable store comes before the one that has the entry: it might
    /// have another entry with that id.
    pub(super) fn find(&self, key: &str) -> Result<Option<(&Published, &Plugin)>, Error> {
        for published in &self.all {
            let Some(store) = &published.store else {
                let why = published.note.trouble.clone().unwrap_or_default();
                let message = format!(
                    "{} could not be read, and may have `{key}`: {why}",
                    published.address
                );
                return Err(Error::new(message)
                    .help("try again later, or name other stores with `--store`"));
            };
            if let Some(plugin) = store.plugins.get(key) {
                return Ok(Some((published, plugin)));
            }
        }
        Ok(None)
    }

    /// Returns every release of `plugin`, which `published` lists. For a merged entry, returns the
    /// releases in the list of entries: its own store has the full document.
    ///
    /// # Errors
    /// Returns an error if the document cannot be read.
    pub(super) fn releases(
        &self,
        published: &Published,
        plugin: &Plugin,
    ) -> Result<Releases, Error> {
        if published
            .store
            .as_ref()
            .is_none_or(|store| store.id != plugin.store)
        {
            return Ok(Releases::told(plugin));
        }
        let path = format!("api/v1/plugins/{}/{}.json", plugin.host, plugin.id);
        let read = self.read(&published.address, &published.way, &path, PLUGIN)?;
        Ok(Releases::of(&read.value))
    }

    fn published(&self, address: String, way: Transport) -> Published {
        let hosts = self.read(&address, &way, HOSTS.0, HOSTS.1);
        let plugins =
            hosts.and_then(|hosts| Ok((hosts, self.read(&address, &way, PLUGINS.0, PLUGINS.1)?)));
        let note = StoreNote {
            address: address.clone(),
            title: None,
            generated_at: None,
            checked_at: None,
            trouble: None,
        };
        match plugins {
            Ok((hosts, plugins)) => {
                let store = client::Store::of(&hosts.value, &plugins.value);
                let note = StoreNote {
                    title: Some(store.title.clone()),
                    generated_at: store.generated_at,
                    checked_at: hosts.checked_at.min(plugins.checked_at),
                    trouble: hosts.trouble.or(plugins.trouble),
                    ..note
                };
                Published {
                    address,
                    store: Some(store),
                    note,
                    way,
                }
            }
            Err(fault) => {
                let cure = fault
                    .cure()
                    .map(|cure| format!("; {cure}"))
                    .unwrap_or_default();
                Published {
                    address,
                    store: None,
                    note: StoreNote {
                        trouble: Some(format!("{fault}{cure}")),
                        ..note
                    },
                    way,
                }
            }
        }
    }

    fn read(
        &self,
        address: &str,
        way: &Transport,
        path: &str,
        schema: &str,
    ) -> Result<Read, Error> {
        let (bytes, checked_at, trouble) = match way {
            Transport::Folder(folder) => {
                let Some(bytes) = files::read_optional(folder, path, most())? else {
                    let fault = Error::new(format!(
                        "{} is no published store: there is no `{path}` in it",
                        folder.display()
                    ));
                    return Err(fault.help(format!(
                        "build it with `{} build`, or name another with `--store`",
                        shopfront_diagnostics::program::name()
                    )));
                };
                (bytes, None, None)
            }
            Transport::Web(http, is_silent) => {
                let url = format!("{}/{path}", address.trim_end_matches('/'));
                let fetched = self.fetched(http, is_silent, &url, schema)?;
                // Responses are validated before they are cached: an invalid copy was not written
                // by this program.
                if self.checked(&fetched.0, path, schema).is_err() {
                    files::remove(
                        &self.reading.cache,
                        &format!("{}/{}", files::CACHE, place_of(&url)),
                    )?;
                    self.fetched(http, is_silent, &url, schema)?
                } else {
                    fetched
                }
            }
        };
        Ok(Read {
            value: self.checked(&bytes, path, schema)?,
            checked_at,
            trouble,
        })
    }

    /// Returns the document at `url`. Uses the copy if it is fresh, or if the fetch fails.
    fn fetched(
        &self,
        http: &Http,
        is_silent: &AtomicBool,
        url: &str,
        schema: &str,
    ) -> Result<Fetched, Error> {
        let place = place_of(url);
        let kept = self.kept(&place, url)?;
        let now = clock::now();
        let age = kept
            .as_ref()
            .map(|kept| now.as_second() - kept.checked_at.as_second());
        let is_fresh = age.is_some_and(|age| (0..FRESH_SECONDS).contains(&age));
        let fault = if is_fresh && !self.reading.refresh {
            None
        } else if self.reading.offline {
            Some("nobody was asked: --offline".to_owned())
        } else if is_silent.load(Ordering::Relaxed) {
            Some("it did not answer before".to_owned())
        } else {
            match self.ask((http, is_silent), url, schema, kept.as_ref()) {
                Ok(bytes) => {
                    self.keep(&place, url, &bytes)?;
                    return Ok((bytes.body.into_bytes(), Some(now), None));
                }
                Err(why) => Some(why),
            }
        };
        match (kept, fault) {
            (Some(kept), fault) => Ok((
                kept.document.get().as_bytes().to_vec(),
                Some(kept.checked_at),
                fault,
            )),
            (None, fault) => Err(Error::new(format!(
                "asking for {url}: {}",
                fault.unwrap_or_default()
            ))),
        }
    }

    fn ask(
        &self,
        (http, is_silent): (&Http, &AtomicBool),
        url: &str,
        schema: &str,
        kept: Option<&Kept>,
    ) -> Result<Sent, String> {
        let request = Request::document(url, "application/json");
        let response = http.get(&Request {
            etag: kept.and_then(|kept| kept.etag.as_deref()),
            ..request
        });
        is_silent.fetch_or(response.is_err(), Ordering::Relaxed);
        let response = response?;
        if let (304, Some(kept)) = (response.status, kept) {
            return Ok(Sent {
                etag: kept.etag.clone(),
                body: kept.document.get().to_owned(),
            });
        }
        if response.status != 200 {
            return Err(format!("status {}", response.status));
        }
        // An invalid response never replaces a valid copy.
        self.checked(&response.body, url, schema)
            .map_err(|fault| fault.to_string())?;
        let body = String::from_utf8(response.body).map_err(|_| "it is not UTF-8".to_owned())?;
        Ok(Sent {
            etag: response.etag,
            body,
        })
    }

    fn checked(&self, bytes: &[u8], path: &str, schema: &str) -> Result<Value, Error> {
        let value = json::read(bytes).with_context(|| format!("reading {path}"))?;
        match self.schemas.get(schema)?.first_fault(&value) {
            None => Ok(value),
            Some(fault) => Err(Error::new(format!(
                "{path} breaks the format: {}",
                one_line(&fault, 200)
            ))),
        }
    }

    /// Returns the copy. An unreadable copy is ignored.
    fn kept(&self, place: &str, url: &str) -> Result<Option<Kept>, Error> {
        let bytes = files::read_optional(
            &self.reading.cache,
            &format!("{}/{place}", files::CACHE),
            most(),
        )?;
        let kept: Option<Kept> = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        Ok(kept.filter(|kept| kept.url == url && kept.format == 1))
    }

    fn keep(&self, place: &str, url: &str, sent: &Sent) -> Result<(), Error> {
        let document = RawValue::from_string(sent.body.trim().to_owned())
            .with_context(|| format!("keeping {url}"))?;
        let kept = Kept {
            format: 1,
            url: url.to_owned(),
            checked_at: clock::now(),
            etag: sent.etag.clone(),
            document,
        };
        let bytes = serde_json::to_vec(&kept).with_context(|| format!("keeping {url}"))?;
        files::replace_cached(&self.reading.cache, place, &bytes).map(drop)
    }
}

/// Returns the path of the copy of the document at `url`, below [`files::CACHE`].
fn place_of(url: &str) -> String {
    format!("{COPIES}/{}.json", &digest::sha256(url.as_bytes())[..16])
}

/// Bytes of a document, the time when they were fetched, and the reason why they are not newer.
type Fetched = (Vec<u8>, Option<Timestamp>, Option<String>);

/// Response of a server.
struct Sent {
    etag: Option<String>,
    body: String,
}

fn most() -> usize {
    usize::try_from(MAX_DOCUMENT).unwrap_or(usize::MAX)
}

fn way(address: &str, patience: RetryPolicy) -> Result<(String, Transport), Error> {
    if !address.starts_with("http://") && !address.starts_with("https://") {
        let cure = || {
            format!(
                "build it with `{} build`, or name a published store with `--store`",
                shopfront_diagnostics::program::name()
            )
        };
        let folder = files::root(Path::new(address)).map_err(|fault| fault.help(cure()))?;
        return Ok((folder.display().to_string(), Transport::Folder(folder)));
    }
    let (base, credentials) = Credentials::find(address, None)?;
    let http = Http::new(&base, credentials, patience)?;
    Ok((
        base.to_string(),
        Transport::Web(Box::new(http), AtomicBool::new(false)),
    ))
}

/// Fields of a published document that the client reads.
const READ: &[&str] = &[
    "author",
    "compatible",
    "display_name",
    "format",
    "generated_at",
    "host",
    "hosts",
    "id",
    "kind",
    "lifecycle",
    "majors",
    "module_name",
    "name",
    "plugins",
    "project",
    "registry_url",
    "released_at",
    "releases",
    "requires_python",
    "source",
    "state",
    "status",
    "store",
    "title",
    "version",
    "vulnerabilities",
    "yanked",
    "yanked_reason",
];

/// Returns the published schemas with relaxed rules: additional fields are allowed, and only fields
/// that the client reads are required. Below the same `v1`, a newer store may add fields, and an
/// older one has fewer.
fn schemas() -> Result<Schemas, Error> {
    let mut texts = BTreeMap::new();
    for (name, text) in shopfront_check::schema::embedded::schemas()
        .into_iter()
        .filter(|(name, _)| [HOSTS.1, PLUGINS.1, PLUGIN].contains(name))
    {
        let mut schema: Value =
            serde_json::from_str(text).with_context(|| format!("reading schema/{name}"))?;
        open(&mut schema);
        texts.insert((*name).to_owned(), schema.to_string());
    }
    Schemas::new(&texts)
}

fn open(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            if members.get("additionalProperties") == Some(&Value::Bool(false)) {
                members.remove("additionalProperties");
            }
            if let Some(Value::Array(required)) = members.get_mut("required") {
                required.retain(|field| field.as_str().is_some_and(|field| READ.contains(&field)));
            }
            members.values_mut().for_each(open);
        }
        Value::Array(items) => items.iter_mut().for_each(open),
        _ => {}
    }
}
