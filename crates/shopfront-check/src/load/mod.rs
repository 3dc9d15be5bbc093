//! From the files of `catalogue/` to a [`Catalogue`]: every fault of every file, none twice; what
//! is sound stays.

mod assets;
mod document;
mod layout;
mod packages;

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use serde_json::{Map, Value};

use crate::checks;
use crate::schema::Schemas;
use layout::Folder;
use shopfront_diagnostics::Diagnostic;
use shopfront_diagnostics::error::Error;
use shopfront_diagnostics::fix::{self, Edit};
use shopfront_hosts as kinds;
use shopfront_model::catalogue::{
    Catalogue, Host, HostBody, Snippet, SnippetBody, StoreFile, Uid, source_of,
};
use shopfront_text::digest;
use shopfront_text::names::HostId;

pub use document::{MAX_SETTINGS, MAX_SNIPPET};

/// An entry of a directory tree; directories themselves are not listed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct WalkEntry {
    /// Path from the root of the store, with `/`. A name that is not UTF-8 is converted lossily.
    pub path: String,
    /// Type of the entry.
    pub kind: EntryKind,
}

/// Type of a [`WalkEntry`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EntryKind {
    /// A plain file.
    File,
    /// A symbolic link, to a file, a directory or nothing.
    Link,
    /// A pipe, a socket, a device, or a name that is not UTF-8.
    Other,
}

/// Maximum number of files of a catalogue.
pub const MAX_FILES: usize = 200_000;

/// Snippets per batch: the next batch finds the memory of this one still warm.
const CHUNK: usize = 1_024;

/// The largest file of a library, in bytes.
const MAX_LIBRARY: usize = 512 << 10;

/// The largest text of a catalogue, in bytes, whatever it is.
pub const MAX_TEXT: usize = MAX_LIBRARY;

/// The settings of the whole store.
const STORE: &str = "catalogue/store.json";

/// Reads a file of the store: its path, and the most bytes that are wanted.
pub type Read<'r> = dyn Fn(&str, usize) -> Result<Vec<u8>, Error> + Sync + 'r;

/// Result of loading.
pub struct Loaded {
    /// The settings of the store, when they are sound.
    pub store: Option<StoreFile>,
    /// All that is sound.
    pub catalogue: Catalogue,
    /// All that is not.
    pub found: Vec<Diagnostic>,
}

/// Reads the catalogue that consists of `files`; `most_files` is [`MAX_FILES`] but in tests.
///
/// # Errors
/// When a file can not be read, or a schema is not there.
pub fn run(
    files: &[WalkEntry],
    most_files: usize,
    read: &Read<'_>,
    schemas: &Schemas,
) -> Result<Loaded, Error> {
    if let Some(first) = files.get(most_files) {
        // Nothing is read: what is there is not what anybody meant.
        let found = vec![checks::too_many_files::diagnostic(&first.path, most_files)];
        return Ok(Loaded {
            store: None,
            catalogue: Catalogue::default(),
            found,
        });
    }
    let (layout, mut found) = layout::sort(files);
    let store = read_store(layout.has_store, read, schemas, &mut found)?;
    if let Some(store) = &store {
        found.extend(assets::check_logo(store, &layout.site, read)?);
    }
    let megabytes = store
        .as_ref()
        .map_or(100, |store| store.policy.max_package_mb);
    let mut catalogue = Catalogue::default();
    for (id, folder) in &layout.hosts {
        let Some(path) = &folder.host_file else {
            continue;
        };
        let assets = folder.assets.keys().cloned().collect();
        let Some(mut host) = read_host(id, path, assets, read, schemas, &mut found)? else {
            continue;
        };
        host.library = library(&host, folder, read, &mut found)?;
        let read_one =
            |(path, stem): &(String, String)| read_snippet(&host, path, stem, read, schemas);
        let first = catalogue.snippets.len();
        catalogue.snippets.reserve(folder.snippets.len());
        for chunk in folder.snippets.chunks(CHUNK) {
            let read: Vec<Result<Sound, Error>> = chunk.par_iter().map(read_one).collect();
            for sound in read {
                let (snippet, faults) = sound?;
                found.extend(faults);
                catalogue.snippets.extend(snippet);
            }
        }
        let sound = &mut catalogue.snippets[first..];
        sound.sort_by(|a, b| a.id.cmp(&b.id).then_with(|| a.path.cmp(&b.path)));
        found.extend(assets::check(&host, sound, folder, read)?);
        found.extend(packages::check(&host, sound, folder, megabytes, read)?);
        found.extend(host.adapter.check_files(&host, sound));
        catalogue.hosts.insert(id.clone(), host);
    }
    Ok(Loaded {
        store,
        catalogue,
        found,
    })
}

/// The files of `library/`, where the kind of the host has such; each as text.
fn library(
    host: &Host,
    folder: &Folder,
    read: &Read<'_>,
    found: &mut Vec<Diagnostic>,
) -> Result<BTreeMap<String, String>, Error> {
    let mut library = BTreeMap::new();
    for (name, path) in &folder.library {
        if !host.adapter.has_library() {
            found.push(checks::stray_file::diagnostic(
                path,
                "hosts of this kind have no `library`",
                None,
            ));
            continue;
        }
        let bytes = read(path, MAX_LIBRARY + 1)?;
        if bytes.len() > MAX_LIBRARY {
            found.push(checks::too_large::diagnostic(path, MAX_LIBRARY));
            continue;
        }
        match String::from_utf8(bytes) {
            Ok(text) => drop(library.insert(name.clone(), text)),
            Err(fault) => found.push(checks::not_utf8::diagnostic(
                path,
                fault.utf8_error().valid_up_to(),
            )),
        }
    }
    Ok(library)
}

fn read_store(
    is_there: bool,
    read: &Read<'_>,
    schemas: &Schemas,
    found: &mut Vec<Diagnostic>,
) -> Result<Option<StoreFile>, Error> {
    if !is_there {
        found.push(checks::missing_store::diagnostic());
        return Ok(None);
    }
    let bytes = read(STORE, MAX_SETTINGS)?;
    let schema = schemas.get("store.schema.json")?;
    let parsed = document::parse(STORE, &bytes, MAX_SETTINGS);
    let checked = parsed.and_then(|(text, value)| {
        document::check(STORE, text, &value, schema).map(|notes| (value, notes))
    });
    let value = match checked {
        Ok((value, notes)) => {
            found.extend(notes);
            value
        }
        Err(faults) => {
            found.extend(faults);
            return Ok(None);
        }
    };
    let mut store: StoreFile = typed(STORE, with_whole_numbers(value))?;
    if !store.url.ends_with('/') {
        store.url.push('/');
    }
    Ok(Some(store))
}

fn read_host(
    id: &HostId,
    path: &str,
    assets: BTreeSet<String>,
    read: &Read<'_>,
    schemas: &Schemas,
    found: &mut Vec<Diagnostic>,
) -> Result<Option<Host>, Error> {
    let bytes = read(path, MAX_SETTINGS)?;
    let (text, value) = match document::parse(path, &bytes, MAX_SETTINGS) {
        Ok(parsed) => parsed,
        Err(faults) => {
            found.extend(faults);
            return Ok(None);
        }
    };
    let named = value.get("kind").and_then(Value::as_str);
    let kind = named.and_then(kinds::find);
    if let (Some(name), None) = (named, kind) {
        let known: Vec<&str> = kinds::ALL.iter().map(|kind| kind.name).collect();
        found.push(checks::unknown_kind::diagnostic(path, name, &known));
        return Ok(None);
    }
    // Without a kind, the schema that all kinds share says what is missing.
    let schema = schemas.get(kind.map_or("host.schema.json", |kind| kind.host_schema))?;
    match (document::check(path, text, &value, schema), kind) {
        (Ok(notes), Some(kind)) => {
            found.extend(notes);
            let value = with_whole_numbers(value);
            let adapter = (kind.open)(value.as_object().unwrap_or(&Map::new()));
            let body: HostBody = typed(path, value)?;
            Ok(Some(Host {
                id: id.clone(),
                path: path.to_owned(),
                kind,
                adapter,
                body,
                assets,
                library: BTreeMap::new(),
            }))
        }
        (Ok(_), None) => Ok(None),
        (Err(faults), _) => {
            found.extend(faults);
            Ok(None)
        }
    }
}

type Sound = (Option<Snippet>, Vec<Diagnostic>);

fn read_snippet(
    host: &Host,
    path: &str,
    stem: &str,
    read: &Read<'_>,
    schemas: &Schemas,
) -> Result<Sound, Error> {
    let bytes = read(path, MAX_SNIPPET)?;
    let schema = schemas.get(host.kind.snippet_schema)?;
    let checked = document::parse(path, &bytes, MAX_SNIPPET).and_then(|(text, value)| {
        document::check(path, text, &value, schema).map(|notes| (value, notes))
    });
    let (value, notes) = match checked {
        Ok(sound) => sound,
        Err(faults) => return Ok((None, faults)),
    };
    let Some((source, locator)) = value
        .as_object()
        .and_then(|body| source_of(body, host.id.as_str(), stem))
    else {
        return Ok((
            None,
            vec![checks::unclear_source::diagnostic(path, &value["source"])],
        ));
    };
    let faults: Vec<Diagnostic> =
        checks::incomplete_archive::diagnostic(path, &locator.archive).collect();
    if !faults.is_empty() {
        return Ok((None, faults));
    }
    let body: SnippetBody = typed(path, value)?;
    let uid = Uid::new(&source, body.module_name.as_deref());
    let digest = digest::sha256(&bytes)[..16].to_owned();
    let snippet = Snippet {
        path: path.to_owned(),
        host: host.id.clone(),
        id: stem.to_owned(),
        uid,
        digest,
        source,
        locator,
        body,
    };
    Ok((Some(snippet), notes))
}

/// `value` with an integer for every number that is whole: to JSON Schema `100.0` and `1e2` are the integer 100.
fn with_whole_numbers(value: Value) -> Value {
    /// Beyond it not every integer is a number of JSON for everybody (RFC 8259, section 6).
    const LARGEST: f64 = 9_007_199_254_740_991.0;
    match value {
        Value::Number(number) => match number
            .as_f64()
            .filter(|it| number.is_f64() && it.fract() == 0.0 && it.abs() <= LARGEST)
        {
            // The text of a whole number without an exponent is that of an integer.
            Some(whole) => format!("{whole:.0}")
                .parse::<i64>()
                .map_or(Value::Number(number), Value::from),
            None => Value::Number(number),
        },
        Value::Array(items) => items.into_iter().map(with_whole_numbers).collect(),
        Value::Object(fields) => fields
            .into_iter()
            .map(|(name, value)| (name, with_whole_numbers(value)))
            .collect(),
        other => other,
    }
}

/// The typed form of a document that passed its schema.
fn typed<T: serde::de::DeserializeOwned>(path: &str, value: Value) -> Result<T, Error> {
    serde_json::from_value(value).map_err(|cause| {
        Error::new(format!(
            "{path}: the schema lets pass what the program can not read: {cause}"
        ))
    })
}

/// The file at `path` with `edits`, in its canonical form; `None` where nobody can be certain of
/// it: it is no JSON, says two things under one key, or belongs to a host that is not sound.
///
/// # Errors
/// When there is no schema for it.
pub fn mended(
    path: &str,
    bytes: &[u8],
    edits: &[Edit],
    catalogue: &Catalogue,
    schemas: &Schemas,
) -> Result<Option<String>, Error> {
    let Some(mut value) = document::same_values(bytes) else {
        return Ok(None);
    };
    fix::apply(&mut value, edits);
    let kind = match (
        shopfront_model::catalogue::entry_of(path),
        path.ends_with("/host.json"),
    ) {
        (Some((host, _)), _) => catalogue
            .hosts
            .get(&HostId::new(host))
            .map(|host| host.kind.snippet_schema),
        (None, true) => value
            .get("kind")
            .and_then(Value::as_str)
            .and_then(kinds::find)
            .map(|kind| kind.host_schema),
        (None, false) => (path == STORE).then_some("store.schema.json"),
    };
    let Some(name) = kind else { return Ok(None) };
    Ok(Some(schemas.get(name)?.canonical(&value)))
}
