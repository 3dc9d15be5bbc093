//! What a store listed, as far as it may be believed: a name is a name, a hash is a hash.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

/// The longest list that is read.
const MOST_PLUGINS: usize = 20_000;
/// The longest id and name.
const LONGEST: usize = 64;

/// What a store said at one time.
pub(super) struct Snapshot {
    /// When it was asked.
    pub(super) asked_at: Timestamp,
    /// The time of its own data, as it says it.
    pub(super) generated_at: Value,
    /// The address that it was published at: what lies below is the store's own.
    pub(super) published_at: String,
    /// Its plugins.
    pub(super) plugins: Vec<Listed>,
    /// `health` and the list as they came.
    raw: Value,
}

/// One plugin.
pub(super) struct Listed {
    /// Its id.
    pub(super) id: String,
    /// `PLUGIN_NAME`: the backend makes a folder of it, whatever it is.
    pub(super) name: String,
    /// Its version.
    pub(super) version: String,
    /// Where its archive lies.
    pub(super) url: String,
    /// What its archive has to be.
    pub(super) sha256: String,
    /// All of it, without what the client stumbles over.
    info: Map<String, Value>,
}

impl Snapshot {
    /// What `health` and `list` say. A plugin that can not be installed safely is left out.
    pub(super) fn of(health: Value, list: Value, asked_at: Timestamp) -> Result<Snapshot, String> {
        let plugins = list["plugins"]
            .as_array()
            .ok_or("its list of plugins has no `plugins`")?;
        let plugins = plugins
            .iter()
            .take(MOST_PLUGINS)
            .filter_map(Listed::of)
            .collect();
        Ok(Snapshot {
            asked_at,
            generated_at: health["generated_at"]
                .as_str()
                .map_or(Value::Null, |it| json!(shopfront_text::one_line(it, 40))),
            published_at: health["storage_path"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
            plugins,
            raw: json!({ "asked_at": asked_at.to_string(), "health": health, "list": list }),
        })
    }

    /// What was kept before; `None` when it is none.
    pub(super) fn kept(bytes: &[u8]) -> Option<Snapshot> {
        let mut raw = shopfront_json::read(bytes).ok()?;
        let asked_at = raw["asked_at"].as_str()?.parse().ok()?;
        Snapshot::of(raw["health"].take(), raw["list"].take(), asked_at).ok()
    }

    /// As it is kept.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        self.raw.to_string().into_bytes()
    }

    /// The plugin with this id.
    pub(super) fn find(&self, id: &str) -> Option<&Listed> {
        self.plugins.iter().find(|plugin| plugin.id == id)
    }
}

impl Listed {
    fn of(value: &Value) -> Option<Listed> {
        let text = |key: &str| value[key].as_str().map(str::to_owned);
        let plugin = Listed {
            id: text("id")?,
            name: text("name")?,
            version: text("version")?,
            url: text("source_url")?,
            sha256: value["metadata"]["sha256"].as_str()?.to_owned(),
            info: cleaned(value.as_object()?),
        };
        let is_hash = plugin.sha256.len() == 64
            && plugin
                .sha256
                .bytes()
                .all(|it| it.is_ascii_digit() || (b'a'..=b'f').contains(&it));
        (is_id(&plugin.id) && is_name(&plugin.name) && is_hash).then_some(plugin)
    }

    /// `PluginInfo`; `mark` is there when the store can not be reached, and says whether the plugin
    /// can be installed.
    pub(super) fn info(&self, mark: Option<bool>) -> Value {
        let mut info = Value::Object(self.info.clone());
        if let Some(is_kept) = mark {
            info["metadata"]["stale"] = json!(true);
            info["metadata"]["installable"] = json!(is_kept);
        }
        info
    }

    /// What the client asks before it installs.
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

/// Without `null`, at which the client's reading of lists ends.
fn cleaned(members: &Map<String, Value>) -> Map<String, Value> {
    let clean = |value: &Value| match value {
        Value::Object(inner) => Value::Object(cleaned(inner)),
        other => other.clone(),
    };
    members
        .iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(key, value)| (key.clone(), clean(value)))
        .collect()
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
