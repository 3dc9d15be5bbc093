//! Validated listing of a store: names are names, hashes are hashes.

use std::fmt;

use jiff::Timestamp;
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, SeqAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use shopfront_text::one_line;

/// The longest list that is read.
const MOST_PLUGINS: usize = 20_000;
/// Maximum length of an id or name.
const LONGEST: usize = 64;
/// The longest plugin of a list, in bytes, as it was sent.
const LONGEST_PLUGIN: usize = 64 << 10;
/// The longest address.
const LONGEST_ADDRESS: usize = 2_000;
/// The most words of a list.
const MOST_WORDS: usize = 50;

/// The texts of a plugin and of its manifest that the client knows, with the most characters of
/// each.
const TEXTS: &[(&str, usize)] = &[
    ("id", LONGEST),
    ("name", LONGEST),
    ("version", 300),
    ("description", 4_000),
    ("author", 400),
    ("source", 40),
    ("source_url", LONGEST_ADDRESS),
    ("created_at", 40),
    ("updated_at", 40),
];
const MANIFEST_TEXTS: &[(&str, usize)] = &[
    ("name", LONGEST),
    ("version", 300),
    ("description", 4_000),
    ("author", 400),
    ("homepage", LONGEST_ADDRESS),
    ("license", 400),
];
const MANIFEST_LISTS: &[&str] = &["tags", "capabilities"];

/// Response of a store at one time.
pub(super) struct Snapshot {
    /// Time of the query.
    pub(super) asked_at: Timestamp,
    /// Time of the store's data, as the store states it.
    pub(super) generated_at: Value,
    /// URL at which the store is published. URLs below it are the store's own.
    pub(super) published_at: String,
    pub(super) plugins: Vec<Listed>,
}

/// Listed plugin.
pub(super) struct Listed {
    pub(super) id: String,
    /// `PLUGIN_NAME`. The backend creates a directory with this name, without validation.
    pub(super) name: String,
    pub(super) version: String,
    /// URL of its archive.
    pub(super) url: String,
    /// Expected SHA-256 of its archive.
    pub(super) sha256: String,
    /// What is known of it, and nothing else that was sent.
    info: Map<String, Value>,
}

/// The list of plugins; each is looked at by itself.
#[derive(Deserialize)]
struct List<'l> {
    #[serde(borrow)]
    plugins: Plugins<'l>,
}

/// The first [`MOST_PLUGINS`] of a list, as they were sent.
struct Plugins<'l>(Vec<&'l RawValue>);

/// What was kept before.
#[derive(Deserialize)]
struct Kept<'k> {
    asked_at: Timestamp,
    #[serde(borrow)]
    health: &'k RawValue,
    #[serde(borrow)]
    list: &'k RawValue,
}

impl<'de: 'l, 'l> Deserialize<'de> for Plugins<'l> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Plugins<'l>, D::Error> {
        struct OfList;
        impl<'de> Visitor<'de> for OfList {
            type Value = Plugins<'de>;

            fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
                to.write_str("a list of plugins")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Plugins<'de>, A::Error> {
                let mut kept = Vec::new();
                while kept.len() < MOST_PLUGINS {
                    let Some(plugin) = list.next_element()? else {
                        return Ok(Plugins(kept));
                    };
                    kept.push(plugin);
                }
                while list.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Plugins(kept))
            }
        }
        deserializer.deserialize_seq(OfList)
    }
}

impl Snapshot {
    /// What `health` and `list` say, both as they were sent. A plugin that cannot be installed
    /// safely is left out, and so is whatever nobody knows: it costs no memory, and is told to
    /// nobody.
    pub(super) fn of(health: &[u8], list: &[u8], asked_at: Timestamp) -> Result<Snapshot, String> {
        let health = shopfront_json::read(health)
            .map_err(|cause| format!("its `health` cannot be read: {cause}"))?;
        let list: List<'_> = serde_json::from_slice(list)
            .map_err(|cause| format!("its list of plugins cannot be read: {cause}"))?;
        Ok(Snapshot {
            asked_at,
            generated_at: health["generated_at"]
                .as_str()
                .map_or(Value::Null, |it| json!(one_line(it, 40))),
            published_at: health["storage_path"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
            plugins: list.plugins.0.into_iter().filter_map(Listed::of).collect(),
        })
    }

    /// Parses a saved snapshot. Returns `None` if it is invalid.
    pub(super) fn kept(bytes: &[u8]) -> Option<Snapshot> {
        let kept: Kept<'_> = serde_json::from_slice(bytes).ok()?;
        Snapshot::of(
            kept.health.get().as_bytes(),
            kept.list.get().as_bytes(),
            kept.asked_at,
        )
        .ok()
    }

    /// Returns the bytes to save.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let plugins: Vec<&Map<String, Value>> =
            self.plugins.iter().map(|plugin| &plugin.info).collect();
        let health =
            json!({ "generated_at": self.generated_at, "storage_path": self.published_at });
        json!({ "asked_at": self.asked_at.to_string(), "health": health, "list": { "plugins": plugins } }).to_string().into_bytes()
    }

    /// Returns the plugin with this id.
    pub(super) fn find(&self, id: &str) -> Option<&Listed> {
        self.plugins.iter().find(|plugin| plugin.id == id)
    }
}

impl Listed {
    fn of(sent: &RawValue) -> Option<Listed> {
        if sent.get().len() > LONGEST_PLUGIN {
            return None;
        }
        let sent = shopfront_json::read(sent.get().as_bytes()).ok()?;
        let text = |key: &str| sent[key].as_str().map(str::to_owned);
        let plugin = Listed {
            id: text("id")?,
            name: text("name")?,
            version: text("version")?,
            url: text("source_url").filter(|url| url.len() <= LONGEST_ADDRESS)?,
            sha256: sent["metadata"]["sha256"].as_str()?.to_owned(),
            info: known(&sent),
        };
        let is_hash = plugin.sha256.len() == 64
            && plugin
                .sha256
                .bytes()
                .all(|it| it.is_ascii_digit() || (b'a'..=b'f').contains(&it));
        (is_id(&plugin.id) && is_name(&plugin.name) && is_hash).then_some(plugin)
    }

    /// Returns the `PluginInfo`. `mark` is set if the store cannot be reached, and states if the
    /// plugin can be installed.
    pub(super) fn info(&self, mark: Option<bool>) -> Value {
        let mut info = Value::Object(self.info.clone());
        if let Some(is_kept) = mark {
            info["metadata"]["stale"] = json!(true);
            info["metadata"]["installable"] = json!(is_kept);
        }
        info
    }

    /// Returns the document that the client requests before it installs.
    pub(super) fn manifest_document(&self) -> Value {
        let manifest = self
            .info
            .get("manifest")
            .cloned()
            .unwrap_or_else(|| json!({}));
        let mut document =
            json!({ "plugin_id": self.id, "name": self.name, "version": self.version });
        for key in ["description", "author"] {
            if let Some(value) = self.info.get(key) {
                document[key] = value.clone();
            }
        }
        for key in ["homepage", "license", "tags", "capabilities"] {
            if let Some(value) = manifest.get(key) {
                document[key] = value.clone();
            }
        }
        document["manifest"] = manifest;
        document
    }
}

/// What the client knows of a plugin, each text cut; without `null`, at which the client's reading
/// of lists ends.
fn known(sent: &Value) -> Map<String, Value> {
    let mut info = texts(sent, TEXTS);
    if let Value::Object(_) = sent["manifest"] {
        let mut manifest = texts(&sent["manifest"], MANIFEST_TEXTS);
        for key in MANIFEST_LISTS {
            if let Some(words) = sent["manifest"][key].as_array() {
                let words = words
                    .iter()
                    .filter_map(Value::as_str)
                    .take(MOST_WORDS)
                    .map(|word| json!(one_line(word, 200)));
                manifest.insert((*key).to_owned(), words.collect());
            }
        }
        info.insert("manifest".to_owned(), Value::Object(manifest));
    }
    let mut metadata = Map::new();
    metadata.extend(
        sent["metadata"]["sha256"]
            .as_str()
            .map(|hash| ("sha256".to_owned(), json!(one_line(hash, 64)))),
    );
    metadata.extend(
        sent["metadata"]["size"]
            .as_u64()
            .map(|size| ("size".to_owned(), json!(size))),
    );
    info.insert("metadata".to_owned(), Value::Object(metadata));
    info
}

fn texts(sent: &Value, known: &[(&str, usize)]) -> Map<String, Value> {
    let text = |(key, most): &(&str, usize)| {
        Some((
            (*key).to_owned(),
            json!(one_line(sent[key].as_str()?, *most)),
        ))
    };
    known.iter().filter_map(text).collect()
}

fn is_id(id: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    !id.is_empty() && id.len() <= LONGEST && id.bytes().all(is_plain) && !id.starts_with('.')
}

fn is_name(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    name.len() <= LONGEST
        && name.starts_with(|it: char| it.is_ascii_alphanumeric())
        && name.bytes().all(is_plain)
}
