//! Changes of a branch: added, changed, renamed, withdrawn and removed entries.

mod fields;
mod taken;
mod verdict;

pub use fields::{FieldChange, fields};
pub use taken::TakenName;
pub use verdict::{Decision, Verdict, verdict};

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde_json::Value;

use taken::Names;

use shopfront_model::catalogue::{self, CatalogueSnapshot, EntryKey, Snippet};
use shopfront_site::merge::EntrySummary;

/// Catalogue before or after a change.
pub struct Side<'c> {
    /// Snapshot of the catalogue.
    pub snapshot: CatalogueSnapshot<'c>,
    /// Cards of the entries whose files differ, by path.
    pub cards: BTreeMap<String, EntrySummary>,
}

/// Differences between two sides.
#[derive(Debug, Default)]
pub struct Change {
    /// Entries, sorted by host, then id.
    pub entries: Vec<EntryChange>,
    /// Settings of the store and of hosts, sorted by path.
    pub settings: Vec<Settings>,
    /// Other files of the catalogue, such as images, sorted.
    pub files: Vec<String>,
    /// Files outside of the catalogue, sorted.
    pub outside: Vec<String>,
}

impl Change {
    /// Returns `true` if nothing differs.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
            && self.settings.is_empty()
            && self.files.is_empty()
            && self.outside.is_empty()
    }
}

/// Change of one entry.
#[derive(Debug)]
pub struct EntryChange {
    /// Key of the entry. The new one if it was renamed.
    pub key: EntryKey,
    /// Path of its file. The former one if it was removed.
    pub path: String,
    /// Former path of its file if it was moved.
    pub former_path: Option<String>,
    /// Kind of the change.
    pub kind: Kind,
    /// `true` if its file is valid. `false` for a removed entry.
    pub sound: bool,
    /// Whether what it says was compared with what it said: one that could not be read, then or now, is not known to say the same.
    pub is_compared: bool,
    /// The fields that differ, of an entry that was there before.
    pub fields: Vec<FieldChange>,
    /// Names that an existing entry newly claims.
    pub names: Vec<TakenName>,
    /// Release that the store shows, before and after.
    pub version: VersionChange,
    /// Preview of a valid and listed entry.
    pub brief: Option<EntryPreview>,
    /// GitHub logins of the maintainers before the change.
    pub maintainers: Vec<String>,
}

impl EntryChange {
    /// Whether it says what it said, in a file that is written in another way.
    pub fn is_only_of_form(&self) -> bool {
        self.kind == Kind::Changed && self.sound && self.is_compared && self.fields.is_empty()
    }
}

/// The kinds of what can happen to an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// New entry.
    Added,
    /// Entry with changed fields.
    Changed,
    /// Entry with a new id.
    Renamed {
        /// Former id.
        from: String,
    },
    /// Entry that becomes a tombstone.
    Withdrawn,
    /// Tombstone that is listed again.
    Revived,
    /// Removed entry.
    Removed,
}

/// Newest release, before and after.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VersionChange {
    /// Release before. `None` if there was none, or it is unknown.
    pub from: Option<String>,
    /// Release after. `None` if there is none, or it is unknown.
    pub to: Option<String>,
}

/// Short form of an entry as the store shows it.
#[derive(Clone, Debug)]
pub struct EntryPreview {
    /// Display name.
    pub display_name: String,
    /// Short description.
    pub display_description: String,
    /// Author.
    pub author: String,
    /// Public page at its registry.
    pub source: String,
    /// Newest release.
    pub version: Option<String>,
    /// Upload time of that release.
    pub released_at: Option<Timestamp>,
    /// License.
    pub license: Option<String>,
    /// Links, each with the name of its field.
    pub links: Vec<(&'static str, String)>,
}

/// Changed settings file.
#[derive(Debug)]
pub struct Settings {
    /// `catalogue/store.json`, or the `host.json` of a host.
    pub path: String,
    /// Changed fields.
    pub fields: Vec<FieldChange>,
}

/// Returns the differences between `before` and `after`. `changed` are the differing paths below
/// `catalogue/`, and `outside` those elsewhere.
pub fn between(
    before: &Side<'_>,
    after: &Side<'_>,
    changed: &BTreeSet<String>,
    outside: &BTreeSet<String>,
) -> Change {
    let mut change = Change {
        outside: outside.iter().cloned().collect(),
        ..Change::default()
    };
    let mut keys = BTreeSet::new();
    for path in changed {
        // A path alone makes no entry: it may be a link, another repository, or a second file of one that has its own.
        let is_entry = |key: &EntryKey| {
            [before, after]
                .iter()
                .any(|side| side.snapshot.entries.get(key) == Some(path))
        };
        match catalogue::entry_of(path)
            .map(|(host, id)| EntryKey::new(host, id))
            .filter(is_entry)
        {
            Some(key) => {
                keys.insert(key);
            }
            None if path.ends_with("/host.json") || path == "catalogue/store.json" => change
                .settings
                .push(settings(path, &before.snapshot, &after.snapshot)),
            None => change.files.push(path.clone()),
        }
    }
    let renamed: BTreeSet<EntryKey> = keys
        .iter()
        .filter_map(|key| former_key(key, &before.snapshot, &after.snapshot))
        .collect();
    // The old id of a renamed entry is reported with the new one.
    let names = Names::of(&before.snapshot, &after.snapshot);
    change.entries = keys
        .iter()
        .filter(|key| !renamed.contains(*key))
        .map(|key| entry(key, before, after, &names))
        .collect();
    change
}

/// Returns the id that the new entry `key` had before.
fn former_key(
    key: &EntryKey,
    before: &CatalogueSnapshot<'_>,
    after: &CatalogueSnapshot<'_>,
) -> Option<EntryKey> {
    if before.entries.contains_key(key) {
        return None;
    }
    let formerly = after.document(key)?.get("formerly")?.as_array()?;
    let former = formerly
        .iter()
        .filter_map(Value::as_str)
        .map(|id| EntryKey {
            host: key.host.clone(),
            id: id.to_owned(),
        });
    former
        .into_iter()
        .find(|it| before.entries.contains_key(it) && !after.entries.contains_key(it))
}

fn settings(path: &str, before: &CatalogueSnapshot<'_>, after: &CatalogueSnapshot<'_>) -> Settings {
    let document =
        |side: &CatalogueSnapshot<'_>| side.documents.get(path).cloned().unwrap_or(Value::Null);
    Settings {
        path: path.to_owned(),
        fields: fields(&document(before), &document(after)),
    }
}

fn entry(
    key: &EntryKey,
    before_side: &Side<'_>,
    after_side: &Side<'_>,
    names: &Names,
) -> EntryChange {
    let (before, after) = (&before_side.snapshot, &after_side.snapshot);
    let former = former_key(key, before, after);
    let old = former.as_ref().unwrap_or(key);
    let kind = match (
        &former,
        before.entries.contains_key(old),
        after.entries.contains_key(key),
    ) {
        (_, _, false) => Kind::Removed,
        (_, false, true) => Kind::Added,
        (Some(former), true, true) => Kind::Renamed {
            from: former.id.clone(),
        },
        (None, true, true) => match (before.is_withdrawn(key), after.is_withdrawn(key)) {
            (false, true) => Kind::Withdrawn,
            // An invalid file has no known state.
            (true, false) if after.snippet(key).is_some() => Kind::Revived,
            _ => Kind::Changed,
        },
    };
    let snippet = after.snippet(key);
    let path = after
        .entries
        .get(key)
        .or_else(|| before.entries.get(old))
        .cloned()
        .unwrap_or_default();
    let card_of = |side: &Side<'_>, key: &EntryKey| {
        side.snapshot
            .entries
            .get(key)
            .and_then(|path| side.cards.get(path))
            .cloned()
    };
    let card = card_of(after_side, key);
    let documents = before.document(old).zip(after.document(key));
    let fields = documents
        .map(|(before, after)| fields(before, after))
        .unwrap_or_default();
    EntryChange {
        names: names.taken(&fields, old, key),
        fields,
        version: VersionChange {
            from: card_of(before_side, old).and_then(|card| card.version),
            to: card.as_ref().and_then(|card| card.version.clone()),
        },
        brief: snippet
            .filter(|it| !it.is_withdrawn())
            .map(|snippet| brief(snippet, card.as_ref())),
        maintainers: before
            .snippet(old)
            .map(|it| it.body.maintainers.clone())
            .unwrap_or_default(),
        sound: snippet.is_some(),
        is_compared: documents.is_some(),
        former_path: before
            .entries
            .get(old)
            .filter(|former| **former != path)
            .cloned(),
        key: key.clone(),
        path,
        kind,
    }
}

fn brief(snippet: &Snippet, card: Option<&EntrySummary>) -> EntryPreview {
    let body = &snippet.body;
    let links = [
        ("homepage", &body.homepage),
        ("documentation", &body.documentation),
        ("repository", &body.repository),
        ("issues", &body.issues),
    ];
    EntryPreview {
        display_name: body.display_name.clone(),
        display_description: body.display_description.clone(),
        author: body.author.clone(),
        source: card.map_or_else(
            || shopfront_model::registry_rules::page(&snippet.source),
            |card| card.access.shown(&snippet.source),
        ),
        version: card.and_then(|card| card.version.clone()),
        released_at: card
            .filter(|card| card.version.is_some())
            .and_then(|card| card.released_at),
        license: card
            .and_then(|card| card.license.clone())
            .or_else(|| body.license.clone()),
        links: links
            .into_iter()
            .filter_map(|(field, url)| Some((field, url.clone()?)))
            .collect(),
    }
}
