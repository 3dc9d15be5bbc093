//! Published stores: read from a folder or over http, held against the published schemas, kept for
//! an hour and longer where nobody answers.

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

/// A copy that is younger is not asked for again.
const FRESH_SECONDS: i64 = 3_600;
/// Where copies lie, below [`files::CACHE`] of the folder that a command names.
const COPIES: &str = "stores";

const HOSTS: (&str, &str) = ("api/v1/hosts.json", "api-hosts.schema.json");
const PLUGINS: (&str, &str) = ("plugins.json", "api-plugins.schema.json");
const PLUGIN: &str = "api-plugin.schema.json";

/// How stores are read.
pub(super) struct Reading {
    /// Where copies are kept.
    pub(super) cache: PathBuf,
    /// Whether copies that are fresh are asked for again.
    pub(super) refresh: bool,
    /// Whether nobody is asked.
    pub(super) offline: bool,
    /// With servers.
    pub(super) patience: RetryPolicy,
}

/// Stores in the order in which they were named: of one key, the earliest counts.
pub(super) struct Stores {
    pub(super) all: Vec<Published>,
    schemas: Schemas,
    reading: Reading,
}

/// One published store.
pub(super) struct Published {
    /// Its address without user and password, or its folder.
    pub(super) address: String,
    /// What it says; `None` when it could not be read.
    pub(super) store: Option<client::Store>,
    /// What is to be told of it.
    pub(super) note: StoreNote,
    way: Transport,
}

enum Transport {
    Folder(PathBuf),
    /// With a mark that it does not answer: it is not asked twice in one run.
    Web(Box<Http>, AtomicBool),
}

/// A copy of a document.
#[derive(Serialize, Deserialize)]
struct Kept {
    format: u32,
    url: String,
    checked_at: Timestamp,
    etag: Option<String>,
    document: Box<RawValue>,
}

/// A document, with what is to be said of its age.
struct Read {
    value: Value,
    checked_at: Option<Timestamp>,
    trouble: Option<String>,
}

impl Stores {
    /// Reads the stores at `addresses`. One that can not be read is in the result all the same,
    /// with the reason.
    ///
    /// # Errors
    /// When an address is none.
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

    /// Every host by its id, as the earliest store that has it says.
    pub(super) fn hosts(&self) -> BTreeMap<&str, &client::Host> {
        let known = self.all.iter().rev().filter_map(|it| it.store.as_ref());
        known
            .flat_map(|store| store.hosts.iter())
            .map(|(id, host)| (id.as_str(), host))
            .collect()
    }

    /// Every entry of `host` by its id, each with the store that it counts for.
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

    /// The entry `key`; `None` when no store has it.
    ///
    /// # Errors
    /// When a store that could not be read stands before the one that has it: its own entry of that
    /// id might be another.
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

    /// Every release of `plugin`, which `published` lists. What that store took over from another,
    /// the other tells.
    ///
    /// # Errors
    /// When the document can not be read.
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
                // What was sent is held against the schema before it is kept: a copy that breaks it
                // was not written here.
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

    /// The document at `url`, or its copy: when that is fresh, and when no better one can be had.
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
        // What breaks the format never takes the place of a good copy.
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

    /// A copy that can not be read is no copy.
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

/// Where the copy of the document at `url` lies, below [`files::CACHE`].
fn place_of(url: &str) -> String {
    format!("{COPIES}/{}.json", &digest::sha256(url.as_bytes())[..16])
}

/// The bytes of a document, when they were read, and why they could not be read again.
type Fetched = (Vec<u8>, Option<Timestamp>, Option<String>);

/// What a server sent.
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

/// The fields that are read of a published document.
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

/// The published schemas, less their word that there are no other fields, and less the fields that
/// nobody reads here: below the same `v1` a newer store may add some, and an older one has fewer.
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
