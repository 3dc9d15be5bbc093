//! What an entry of another store may say, and which names it may take: what holds for snippets
//! holds for it.

use serde_json::{Map, Value};

use super::{ForeignEntry, ForeignSource};
use shopfront_check::schema::Schema;
use shopfront_diagnostics::pointer::Pointer;
use shopfront_diagnostics::pointer::field_name;
use shopfront_json as json;
use shopfront_model::answers::ProjectKey;
use shopfront_model::catalogue::{Uid, Upstream};
use shopfront_model::register::{Claim, HeldAs, Holder, Register};
use shopfront_model::registry_rules;
use shopfront_text::names::{self, NoId};
use shopfront_text::{self as text, NotPlain};

/// The longest text that no field of a snippet is, in characters.
const MAX_TEXT: usize = 2_000;

/// The most versions of a host that an entry names.
const MAX_VERSIONS: usize = 100;

/// The longest version, and the longest name of one, in characters.
const MAX_VERSION: usize = 100;

/// Fields that only a published entry has, and the most characters of each: they go into titles,
/// commands and menus.
const SHORT: &[(&str, usize)] = &[
    ("/version", MAX_VERSION),
    ("/module_name", 200),
    ("/license", 300),
    ("/requires_python", 200),
    ("/source/kind", 40),
    ("/source/name", 300),
];

/// Fields that mean the same in a snippet and in a published entry.
const SHARED: &[&str] = &[
    "display_name",
    "display_description",
    "author",
    "homepage",
    "documentation",
    "repository",
    "issues",
    "categories",
    "keywords",
];

/// Result of claiming the names of an entry.
pub(super) enum Taken {
    /// It holds them from now on.
    Held,
    /// The very plugin is listed already, under the same id: there is nothing to tell.
    SamePlugin,
    /// Somebody else holds one of them.
    Refused(String),
}

/// Why `published` cannot stand in this store: it says what no snippet may.
pub(super) fn fault_of_texts(published: &Value, snippet: &Schema) -> Option<String> {
    let mut fault = None;
    json::texts(published, &mut |at, _, text| {
        let name = || field_name(at);
        if let (None, Some(hidden)) = (&fault, text::first_hidden(text)) {
            fault = Some(format!(
                "{} contains U+{:04X}, which its readers do not see",
                name(),
                u32::from(hidden.character)
            ));
        }
    });
    let versions = published["compatible"].as_object();
    let count = versions.map_or(0, Map::len);
    if count > MAX_VERSIONS {
        return Some(format!(
            "`compatible` names {count} versions of its host; {MAX_VERSIONS} is the most"
        ));
    }
    let compatible = versions
        .into_iter()
        .flatten()
        .flat_map(|(major, version)| [Some(major.as_str()), version.as_str()]);
    let compatible = compatible
        .flatten()
        .map(|text| ("compatible", text, MAX_VERSION));
    let short = SHORT.iter().filter_map(|(at, most)| {
        Some((
            at.rsplit('/').next()?,
            published.pointer(at)?.as_str()?,
            *most,
        ))
    });
    let of_short = short
        .chain(compatible)
        .find_map(|(field, text, most)| fault_of_short(field, text, most));
    fault
        .or(of_short)
        .or_else(|| too_long(&Pointer::root(), published))
        .or_else(|| {
            let as_snippet = as_snippet(published);
            let found = snippet.check("", &as_snippet).into_iter().next();
            found.map(|found| found.message)
        })
}

fn fault_of_short(field: &str, text: &str, most: usize) -> Option<String> {
    match text::not_plain(text) {
        // Told by the caller, which names the character.
        Some(NotPlain::Hidden(_)) => None,
        Some(NotPlain::Markup(..)) => {
            Some(format!("`{field}` holds HTML: it is shown as plain text"))
        }
        Some(NotPlain::Blank) => Some(format!("`{field}` is blank")),
        None => (text.chars().count() > most)
            .then(|| format!("`{field}` has more than {most} characters")),
    }
}

/// The entry as its author would have written it, as far as both forms have the same fields.
fn as_snippet(published: &Value) -> Value {
    let filled = |value: &&Value| !value.is_null();
    let shared = SHARED.iter().filter_map(|field| {
        Some((
            (*field).to_owned(),
            published.get(field).filter(filled)?.clone(),
        ))
    });
    let mut fields: Map<String, Value> = shared.collect();
    // Where its releases are is told in another form, and looked at by those who install from it.
    fields.insert("source".to_owned(), Value::Object(Map::new()));
    if let Some(lifecycle) = published["lifecycle"].as_object() {
        let lifecycle = lifecycle
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(key, value)| (key.clone(), value.clone()));
        fields.insert("lifecycle".to_owned(), Value::Object(lifecycle.collect()));
    }
    Value::Object(fields)
}

fn too_long(at: &Pointer, value: &Value) -> Option<String> {
    match value {
        Value::String(text) if text.len() > MAX_TEXT && text.chars().count() > MAX_TEXT => Some(
            format!("{} has more than {MAX_TEXT} characters", field_name(at)),
        ),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .find_map(|(index, item)| too_long(&at.index(index), item)),
        Value::Object(members) => members
            .iter()
            .find_map(|(key, value)| too_long(&at.key(key), value)),
        _ => None,
    }
}

/// Gives `entry` of `upstream` its names, unless somebody holds one of them, or there is no room
/// for it.
pub(super) fn take(
    entry: &ForeignEntry,
    upstream: &Upstream,
    register: &mut Register,
    has_room: &mut dyn FnMut() -> bool,
) -> Taken {
    if let Some(why) = fault_of_ids(entry) {
        return Taken::Refused(why);
    }
    if let Some(host) = register.host_like(&entry.host) {
        return Taken::Refused(format!(
            "its host `{}` looks like the host `{host}`",
            entry.host
        ));
    }
    if let Some(host) = register.host_with_title(&entry.display_name) {
        return Taken::Refused(format!("it is called like the host `{host}`"));
    }
    let key = match project_of(&entry.source) {
        Ok(key) => key,
        Err(why) => return Taken::Refused(why),
    };
    // What names no registry of ours has the uid that it says; what does has one that everybody can
    // compute.
    let computed = key
        .as_ref()
        .map(|key| Uid::new(key, entry.module_name.as_deref()).0);
    let uid = computed.as_ref().unwrap_or(&entry.uid);
    let project = key.filter(ProjectKey::has_registry);
    if project.is_some() && is_listed(entry, uid, register) {
        return Taken::SamePlugin;
    }
    let holder = |held_as, name: &str| Holder {
        host: entry.host.clone(),
        id: entry.id.clone(),
        store: Some(upstream.id.clone()),
        held_as,
        name: name.to_owned(),
    };
    let claims = [
        (Register::id(&entry.id), holder(HeldAs::Id, &entry.id)),
        (
            register.display_name(&entry.host, &entry.display_name),
            holder(HeldAs::DisplayName, &entry.display_name),
        ),
        (Claim::Uid(uid.clone()), holder(HeldAs::Plugin, uid)),
    ];
    let project = project.map(Claim::Project);
    let held = claims
        .iter()
        .map(|(claim, _)| claim)
        .chain(&project)
        .find_map(|claim| register.holders(&entry.host, claim).next());
    // What was withdrawn does not come back below another host, and no host is a plugin.
    let is_for_all =
        |it: &&Holder| matches!(it.held_as, HeldAs::WithdrawnProject | HeldAs::HostProject);
    let held = held.or_else(|| register.anywhere(project.as_ref()?).find(is_for_all));
    // Whoever says another uid than that of its project and module names a plugin that is not its
    // own, whatever its host.
    let foreign =
        Some(Claim::Uid(entry.uid.clone())).filter(|_| computed.as_ref() != Some(&entry.uid));
    let held = held.or_else(|| {
        foreign
            .as_ref()
            .and_then(|claim| register.anywhere(claim).next())
    });
    if let Some(held) = held {
        return Taken::Refused(format!("it takes {}, or what looks like it", held.words()));
    }
    if !has_room() {
        return Taken::Refused(
            "the entries of other stores are more than this one has room for".to_owned(),
        );
    }
    register.hold(claims);
    // A store may have computed the uid of an entry before its project or module changed.
    let stated = (
        Claim::Uid(entry.uid.clone()),
        holder(HeldAs::Plugin, &entry.uid),
    );
    register.hold(Some(stated).filter(|_| *uid != entry.uid));
    Taken::Held
}

/// Returns `true` where the plugin with this uid is listed under the id of `entry`.
fn is_listed(entry: &ForeignEntry, uid: &str, register: &Register) -> bool {
    let is_it = |it: &Holder| it.id == entry.id && it.held_as == HeldAs::Plugin;
    register
        .holders(&entry.host, &Claim::Uid(uid.to_owned()))
        .any(is_it)
}

/// The project that `source` names; `None` for one of a registry that this program does not know.
///
/// Installers read more into a name than it should say, and find the project all the same.
fn project_of(source: &ForeignSource) -> Result<Option<ProjectKey>, String> {
    let look = names::skeleton(source.kind.trim());
    let Some(registry) = registry_rules::ALL
        .iter()
        .find(|it| names::skeleton(it.id()) == look)
    else {
        return Ok(None);
    };
    if registry.id() != source.kind {
        return Err(format!(
            "its registry `{}` looks like `{}`",
            source.kind,
            registry.id()
        ));
    }
    if !registry.is_name(&source.name) {
        return Err(format!(
            "`{}` is no name of a project of the registry `{}`",
            source.name, source.kind
        ));
    }
    Ok(ProjectKey::new(registry.id(), &source.name))
}

fn fault_of_ids(entry: &ForeignEntry) -> Option<String> {
    let words = |what: &str, id: &str, no: NoId| match no {
        NoId::Malformed => format!("`{id}` cannot be the id of {what}"),
        NoId::Reserved => format!("`{id}` is reserved, and cannot be the id of {what}"),
    };
    let host = names::no_host_id(&entry.host).map(|no| words("a host", &entry.host, no));
    host.or_else(|| names::no_entry_id(&entry.id).map(|no| words("a plugin", &entry.id, no)))
}
