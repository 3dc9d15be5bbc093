//! Other stores: what their `plugins.json` says. Nothing of it is used before it was held against
//! our published schema, and against the guards that entries of this store pass.

mod document;
mod guard;

use std::collections::BTreeMap;

use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use guard::Taken;
use shopfront_check::checks::refused_upstream_entry::Refused;
use shopfront_check::schema::{Schema, Schemas};
use shopfront_diagnostics::error::Error;
use shopfront_diagnostics::pointer::{Pointer, field_name};
use shopfront_json::{self as json, SpannedJson};
use shopfront_model::catalogue::{Lifecycle, Upstream};
use shopfront_model::register::Register;
use shopfront_text as text;
use shopfront_text::names::MAX_ID_LENGTH;
use shopfront_text::url_policy;

/// The longest account of a fault, in characters: it may quote keys of the other store.
const MAX_FAULT: usize = 200;

/// The most bytes of one entry: as many as a snippet may have.
const MAX_ENTRY: usize = 64 << 10;

/// The most entries of one store.
const MAX_ENTRIES: usize = 100_000;

/// What entries of other stores may take of ours, all of them together: the bytes of their lines in
/// `plugins.json`, which programs read up to 64 MiB of. What is made of them, pages and lists,
/// grows with that.
pub struct UpstreamBudget(usize);

impl Default for UpstreamBudget {
    fn default() -> UpstreamBudget {
        UpstreamBudget(MAX_BYTES)
    }
}

/// See [`UpstreamBudget`].
const MAX_BYTES: usize = 32 << 20;

impl UpstreamBudget {
    /// One of so many bytes.
    pub fn of(bytes: usize) -> UpstreamBudget {
        UpstreamBudget(bytes)
    }

    /// Takes `bytes` of it, where it has as many left.
    fn take(&mut self, bytes: usize) -> bool {
        let left = self.0.checked_sub(bytes);
        self.0 = left.unwrap_or(self.0);
        left.is_some()
    }
}

/// Another store.
pub struct UpstreamStore {
    /// Id in `store.json`.
    pub id: String,
    /// Title beside its entries.
    pub title: String,
    /// `true` if its entries go into the hosts' own files.
    pub install: bool,
    /// Entries that this store does not have itself.
    pub entries: Vec<UpstreamEntry>,
}

/// An entry of another store.
pub struct UpstreamEntry {
    /// What this program looks at of it.
    pub said: ForeignEntry,
    /// The entry as it will be published here, as JSON: its own words, under our name for its
    /// store. A tree of it takes ten times the memory.
    published: Box<str>,
}

impl UpstreamEntry {
    /// The entry as it will be published here.
    pub fn published(&self) -> Value {
        json::read(self.published.as_bytes()).expect("it was written as JSON here")
    }
}

/// What another store says of an entry that keeps to our published schema.
#[derive(Clone, Debug, Deserialize)]
pub struct ForeignEntry {
    /// The uid of its plugin, as the other store says it.
    pub uid: String,
    /// The id of its host.
    pub host: String,
    /// Id.
    pub id: String,
    /// Display name.
    pub display_name: String,
    /// Display description.
    pub display_description: String,
    /// Author.
    pub author: String,
    /// Where its releases are.
    pub source: ForeignSource,
    /// Module that the host imports.
    pub module_name: Option<String>,
    /// Newest release.
    pub version: Option<String>,
    /// When that was released.
    #[serde(deserialize_with = "time")]
    pub released_at: Option<Timestamp>,
    /// When it was first listed there.
    #[serde(deserialize_with = "time")]
    pub listed_at: Option<Timestamp>,
    /// For each major version of the host, the newest release that fits.
    pub compatible: BTreeMap<String, String>,
    /// License.
    pub license: Option<String>,
    /// Ids of categories.
    pub categories: Vec<String>,
    /// Words that people search for.
    pub keywords: Vec<String>,
    /// Said of a plugin that is no longer plainly alive.
    pub lifecycle: Option<Lifecycle>,
    /// Page.
    pub page: String,
}

/// A project of a registry, as another store names it.
#[derive(Clone, Debug, Deserialize)]
pub struct ForeignSource {
    /// The id of the registry.
    pub kind: String,
    /// The project's name there.
    pub name: String,
    /// The registry that an installer has to be told; an older program does not say it.
    #[serde(default)]
    pub registry_url: Option<String>,
}

impl ForeignEntry {
    /// The word for its state, where it is no longer plainly alive.
    pub fn state(&self) -> Option<&'static str> {
        self.lifecycle.as_ref().map(|it| it.state.as_str())
    }
}

/// A time that can not be read is as good as none.
fn time<'d, D: Deserializer<'d>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    let text: Option<String> = Option::deserialize(deserializer)?;
    Ok(text.and_then(|text| text.parse().ok()))
}

/// What another store offers: the entries that are taken, and those that are not.
pub struct Offered {
    /// The store, with what is taken of it.
    pub store: UpstreamStore,
    /// What is not taken, and why, in the order of its document.
    pub refused: Vec<Refused>,
}

/// The schemas that documents of other stores are held against.
pub struct UpstreamSchemas<'s> {
    /// Of the document.
    document: &'s Schema,
    /// Of one entry.
    entry: Schema,
    /// Of snippets: what an author may write, another store may say.
    snippet: &'s Schema,
    /// The places of an entry that hold an address which only the maintainer of its store has to
    /// answer for.
    addresses: Vec<Pointer>,
}

impl<'s> UpstreamSchemas<'s> {
    /// Those of `schemas`.
    ///
    /// # Errors
    /// When one of them is not there.
    pub fn of(schemas: &'s Schemas) -> Result<UpstreamSchemas<'s>, Error> {
        let document = schemas.get("api-plugins.schema.json")?;
        let entry = document.part("/$defs/plugin")?;
        let addresses = entry.places_of_format("maintainer-url");
        Ok(UpstreamSchemas {
            document,
            entry,
            snippet: schemas.get("plugin.schema.json")?,
            addresses,
        })
    }
}

/// Reads the `plugins.json` of `upstream`, which was fetched at `upstream_at`. What holds a name in
/// `register` keeps it, and what is taken is held there from now on. An entry that is not taken
/// harms no other one.
///
/// # Errors
/// Why the document is not one of ours, in words: its head is another one, or all of its entries
/// are.
pub fn read(
    upstream: &Upstream,
    bytes: &[u8],
    upstream_at: Option<Timestamp>,
    schemas: &UpstreamSchemas<'_>,
    (register, budget): (&mut Register, &mut UpstreamBudget),
) -> Result<Offered, String> {
    let no_json = |cause| {
        format!(
            "its `plugins.json` is no JSON: {}",
            text::one_line(&format!("{cause}"), MAX_FAULT)
        )
    };
    let broken = |fault: &str| {
        format!(
            "its `plugins.json` breaks the format: {}",
            text::one_line(fault, MAX_FAULT)
        )
    };
    let (head, count) = document::head(bytes).map_err(no_json)?;
    if count > MAX_ENTRIES {
        return Err(format!(
            "its `plugins.json` lists {count} entries; {MAX_ENTRIES} is the most"
        ));
    }
    if let Some(fault) = schemas.document.first_fault(&head) {
        return Err(broken(&fault));
    }
    let (mut entries, mut refused, mut foreign) = (Vec::with_capacity(count), Vec::new(), 0);
    let mut number = 0;
    document::entries(bytes, &mut |text| {
        number += 1;
        if text.len() > MAX_ENTRY {
            foreign += 1;
            let why = format!("it has {} bytes; {MAX_ENTRY} is the most", text.len());
            return refused.push(Refused { entry: format!("entry {number}"), why, is_shown: false });
        }
        let mut published: Value = json::read(text.as_bytes()).unwrap_or_default();
        forget_times_to_come(&mut published, upstream_at);
        let why = match read_entry(&published, schemas, upstream) {
            Ok(said) => {
                // An older program does not say it; what is absent is null here.
                if let Some(source) = published["source"].as_object_mut() {
                    source.entry("registry_url").or_insert(Value::Null);
                }
                published["store"] = serde_json::json!({ "id": upstream.id, "title": upstream.title });
                let line = SpannedJson::compact(&published).map(SpannedJson::into_text).unwrap_or_default();
                match guard::take(&said, upstream, register, &mut || budget.take(line.len())) {
                    Taken::Held => {
                        if upstream.install && said.source.registry_url.is_some() {
                            let why = "its releases are in an index of their own, which hosts are not told".to_owned();
                            refused.push(Refused { entry: name_of(&published), why, is_shown: true });
                        }
                        entries.push(UpstreamEntry { said, published: line.into() });
                        return;
                    }
                    Taken::SamePlugin => return,
                    Taken::Refused(why) => why,
                }
            }
            Err(Fault::Format(why)) => {
                foreign += 1;
                why
            }
            Err(Fault::Text(why)) => why,
        };
        refused.push(Refused { entry: name_of(&published), why: text::one_line(&why, MAX_FAULT), is_shown: false });
    })
    .map_err(no_json)?;
    match refused.first() {
        // Not one bad entry, but another format: the copy that was good stays.
        Some(first) if foreign == count => Err(broken(&first.why)),
        _ => {
            let store = UpstreamStore {
                id: upstream.id.clone(),
                title: upstream.title.clone(),
                install: upstream.install,
                entries,
            };
            Ok(Offered { store, refused })
        }
    }
}

/// Times that had not come when the document was fetched, but for a day, are as good as none: their
/// entries would be the newest of all.
fn forget_times_to_come(published: &mut Value, fetched_at: Option<Timestamp>) {
    let Some(latest) = fetched_at.and_then(|at| at.checked_add(24.hours()).ok()) else {
        return;
    };
    for field in ["released_at", "listed_at"] {
        let Some(text) = published[field].as_str() else {
            continue;
        };
        // The last day of the year 9999 is beyond what can be read, and is written as a time all
        // the same.
        let is_to_come = text
            .parse()
            .map_or_else(|_| text.starts_with("9999-"), |at: Timestamp| at > latest);
        if is_to_come {
            published[field] = Value::Null;
        }
    }
}

/// Returns the reason why an entry cannot be read.
enum Fault {
    /// It breaks the published schema.
    Format(String),
    /// It says what no snippet may.
    Text(String),
}

fn read_entry(
    published: &Value,
    schemas: &UpstreamSchemas<'_>,
    upstream: &Upstream,
) -> Result<ForeignEntry, Fault> {
    if let Some(fault) = schemas.entry.first_fault(published) {
        return Err(Fault::Format(fault));
    }
    let said =
        ForeignEntry::deserialize(published).map_err(|cause| Fault::Format(cause.to_string()))?;
    let fault = fault_of_addresses(published, schemas, upstream)
        .or_else(|| guard::fault_of_texts(published, schemas.snippet));
    fault.map_or(Ok(said), |why| Err(Fault::Text(why)))
}

/// Why readers of this store are not sent where `published` says: they are sent to public servers
/// alone, and below the address that the maintainer of this store wrote for the other one. That may
/// be in a private network, which its entries need not name otherwise.
fn fault_of_addresses(
    published: &Value,
    schemas: &UpstreamSchemas<'_>,
    upstream: &Upstream,
) -> Option<String> {
    let base = format!(
        "{}/",
        url_policy::normal(&upstream.url).trim_end_matches('/')
    );
    schemas.addresses.iter().find_map(|at| {
        let text = published.pointer(at.as_str())?.as_str()?;
        let why = url_policy::check_web_url(text)
            .filter(|_| !url_policy::normal(text).starts_with(&base))?;
        Some(format!("{}: {why}", field_name(at)))
    })
}

/// `host/id`, of whatever stands there.
fn name_of(published: &Value) -> String {
    let part = |key: &str| text::one_line(published[key].as_str().unwrap_or("?"), MAX_ID_LENGTH);
    format!("{}/{}", part("host"), part("id"))
}
