//! Other stores: what their `plugins.json` says. Nothing of it is used before it was held against
//! our published schema, and against the guards that entries of this store pass.

mod document;
mod guard;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use guard::Taken;
use shopfront_check::checks::refused_upstream_entry::Refused;
use shopfront_check::schema::{Schema, Schemas};
use shopfront_diagnostics::error::Error;
use shopfront_json as json;
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

/// Another store.
pub struct UpstreamStore {
    /// How `store.json` names it.
    pub id: String,
    /// What people read beside its entries.
    pub title: String,
    /// Whether its entries go into the hosts' own files.
    pub install: bool,
    /// Its entries that this store does not have itself.
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
    /// Its id.
    pub id: String,
    /// What people call it.
    pub display_name: String,
    /// What it does.
    pub display_description: String,
    /// Who makes it.
    pub author: String,
    /// Where its releases are.
    pub source: ForeignSource,
    /// What the host imports.
    pub module_name: Option<String>,
    /// Its newest release.
    pub version: Option<String>,
    /// When that was released.
    #[serde(deserialize_with = "time")]
    pub released_at: Option<Timestamp>,
    /// When it was first listed there.
    #[serde(deserialize_with = "time")]
    pub listed_at: Option<Timestamp>,
    /// For each major version of the host, the newest release that fits.
    pub compatible: BTreeMap<String, String>,
    /// Its licence.
    pub license: Option<String>,
    /// Ids of categories.
    pub categories: Vec<String>,
    /// Words that people search for.
    pub keywords: Vec<String>,
    /// Said of a plugin that is no longer plainly alive.
    pub lifecycle: Option<Lifecycle>,
    /// Its page.
    pub page: String,
}

/// A project of a registry, as another store names it.
#[derive(Clone, Debug, Deserialize)]
pub struct ForeignSource {
    /// The id of the registry.
    pub kind: String,
    /// The project's name there.
    pub name: String,
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
}

impl<'s> UpstreamSchemas<'s> {
    /// Those of `schemas`.
    ///
    /// # Errors
    /// When one of them is not there.
    pub fn of(schemas: &'s Schemas) -> Result<UpstreamSchemas<'s>, Error> {
        let document = schemas.get("api-plugins.schema.json")?;
        Ok(UpstreamSchemas {
            document,
            entry: document.part("/$defs/plugin")?,
            snippet: schemas.get("plugin.schema.json")?,
        })
    }
}

/// Reads the `plugins.json` of `upstream`. What holds a name in `register` keeps it, and what is
/// taken is held there from now on. An entry that is not taken harms no other one.
///
/// # Errors
/// Why the document is not one of ours, in words: its head is another one, or all of its entries
/// are.
pub fn read(
    upstream: &Upstream,
    bytes: &[u8],
    schemas: &UpstreamSchemas<'_>,
    register: &mut Register,
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
            return refused.push(Refused {
                entry: format!("entry {number}"),
                why,
            });
        }
        let mut published = json::read(text.as_bytes()).unwrap_or_default();
        let why = match read_entry(&published, schemas, upstream) {
            Ok(said) => match guard::take(&said, upstream, register) {
                Taken::Held => {
                    // An older program does not say it; what is absent is null here.
                    if let Some(source) = published["source"].as_object_mut() {
                        source.entry("registry_url").or_insert(Value::Null);
                    }
                    published["store"] =
                        serde_json::json!({ "id": upstream.id, "title": upstream.title });
                    entries.push(UpstreamEntry {
                        said,
                        published: published.to_string().into(),
                    });
                    return;
                }
                Taken::SamePlugin => return,
                Taken::Refused(why) => why,
            },
            Err(Fault::Format(why)) => {
                foreign += 1;
                why
            }
            Err(Fault::Text(why)) => why,
        };
        refused.push(Refused {
            entry: name_of(&published),
            why: text::one_line(&why, MAX_FAULT),
        });
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

/// Why an entry cannot be read.
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
    // A store of a private network may send its readers there; a public one may not.
    let is_private = url_policy::check_web_url(&upstream.url).is_some();
    let source = published["source"]["url"]
        .as_str()
        .filter(|_| !is_private)
        .and_then(url_policy::check_web_url);
    let fault = source.or_else(|| guard::fault_of_texts(published, schemas.snippet));
    fault.map_or(Ok(said), |why| Err(Fault::Text(why)))
}

/// `host/id`, of whatever stands there.
fn name_of(published: &Value) -> String {
    let part = |key: &str| text::one_line(published[key].as_str().unwrap_or("?"), MAX_ID_LENGTH);
    format!("{}/{}", part("host"), part("id"))
}
