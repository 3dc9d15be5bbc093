//! The files that hosts' released programs read, below `<host>/`.

use std::collections::{BTreeMap, BTreeSet};
use std::slice;

use crate::artifact::{Artifact, Sink};
use crate::merge::{Entry, ForeignEntry, Store, ledger_key};
use shopfront_check::schema::Schemas;
use shopfront_diagnostics::error::Error;
use shopfront_hosts as kinds;
use shopfront_model::adapter;
use shopfront_model::adapter::Content;
use shopfront_model::adapter::Document;
use shopfront_model::adapter::HostFilesInput;
use shopfront_model::adapter::HostVersions;
use shopfront_model::adapter::Installable;
use shopfront_model::adapter::LocalEntry;
use shopfront_model::adapter::Major;
use shopfront_model::adapter::OmittedEntry;
use shopfront_model::adapter::Why;
use shopfront_model::bundle;
use shopfront_model::catalogue::{Host, LifecycleState};
use shopfront_model::registry_rules;
use shopfront_text as text;
use shopfront_text::names;

use super::pretty;

/// Reads a package of the catalogue: its path from the root of the store.
pub type ReadPackage<'r> = dyn Fn(&str) -> Result<Vec<u8>, Error> + Sync + 'r;

/// Writes the documents of every host whose program reads some.
pub(super) fn documents(
    store: &Store<'_>,
    schemas: &Schemas,
    read: &ReadPackage<'_>,
    sink: &dyn Sink,
) -> Result<(), Error> {
    for (id, host) in &store.catalogue.hosts {
        let versions = &store.versions[id];
        let needs_fit = host.adapter.lists_only_what_fits();
        let mut entries = own_of(store, host);
        let foreign = store
            .foreign()
            .filter(|(upstream, entry)| upstream.install && entry.said.host == id.as_str());
        let foreign = foreign.filter(|(_, entry)| !needs_fit || is_safe(&entry.said, versions));
        for (_, entry) in foreign {
            let Some(entry) = foreign_installable(&entry.said) else {
                continue;
            };
            // What the host's program would stumble over is left out, and the rest of that store
            // stays.
            if fault_alone(store, host, &entry, schemas).is_none() {
                entries.push(entry);
            }
        }
        entries.sort_by(|a, b| a.id.cmp(b.id));
        packages(store, host, read, sink)?;
        let documents = host
            .adapter
            .documents(&desk(store, host, &entries))
            .documents;
        // Whatever an adapter thinks of it: files of third parties are published under names of
        // harmless files alone.
        let is_harmless = |document: &Document| match document.content {
            Content::Text(_) | Content::Member { .. } => adapter::may_be_served(&document.path),
            Content::Json { .. } | Content::Package(_) => true,
        };
        let documents: Vec<Document> = documents.into_iter().filter(is_harmless).collect();
        documents
            .iter()
            .try_for_each(|document| whole(host, document, schemas, read, sink))?;
        members(host, &documents, read, sink)?;
    }
    Ok(())
}

/// Every entry of this store that its host could be offered, and that is in no file of it; with its
/// position in the catalogue.
pub fn left_out(store: &Store<'_>, schemas: &Schemas) -> Vec<(usize, OmittedEntry)> {
    let mut all = Vec::new();
    for host in store.catalogue.hosts.values() {
        let mut entries = own_of(store, host);
        let mut given = host.adapter.documents(&desk(store, host, &entries));
        let mut left_out = Vec::new();
        // Nearly always all are sound; else each is looked at by itself, and what breaks the file
        // of all is left out of it.
        if given
            .documents
            .iter()
            .any(|document| fault(document, schemas).is_some())
        {
            entries.retain(|entry| {
                let fault = fault_alone(store, host, entry, schemas);
                left_out.extend(fault.clone().map(|(document, why)| OmittedEntry {
                    id: entry.id.to_owned(),
                    document,
                    why: Why::Useless(why),
                }));
                fault.is_none()
            });
            given = host.adapter.documents(&desk(store, host, &entries));
        }
        left_out.extend(given.left_out);
        all.extend(
            left_out
                .into_iter()
                .filter_map(|it| Some((store.position(&host.id, &it.id)?, it))),
        );
    }
    all
}

/// The entries of this store that `host` is offered, sorted by id.
fn own_of<'s>(store: &'s Store<'_>, host: &'s Host) -> Vec<Installable<'s>> {
    store
        .listed_of(&host.id)
        .filter(|entry| entry.card.offered)
        .map(|entry| installable(store, entry))
        .collect()
}

/// Writes a document that is no member of a package.
fn whole(
    host: &Host,
    document: &Document,
    schemas: &Schemas,
    read: &ReadPackage<'_>,
    sink: &dyn Sink,
) -> Result<(), Error> {
    let path = format!("{}/{}", host.id, document.path);
    let bytes = match &document.content {
        Content::Json { schema, value } => {
            schemas.get(schema)?.assert(&path, value)?;
            pretty(value)?
        }
        Content::Package(package) => read(package)?,
        Content::Text(text) => text.clone().into_bytes(),
        Content::Member { .. } => return Ok(()),
    };
    sink.put(Artifact::new(path, bytes))
}

/// Writes the documents that are members of packages; each package is read once.
fn members(
    host: &Host,
    documents: &[Document],
    read: &ReadPackage<'_>,
    sink: &dyn Sink,
) -> Result<(), Error> {
    let mut by_package: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
    for document in documents {
        if let Content::Member { package, member } = &document.content {
            by_package
                .entry(package)
                .or_default()
                .push((&document.path, member));
        }
    }
    for (package, wanted) in by_package {
        let names: Vec<&str> = wanted.iter().map(|(_, member)| *member).collect();
        let mut put = |at: usize, bytes: &[u8]| {
            sink.put(Artifact::new(
                format!("{}/{}", host.id, wanted[at].0),
                bytes.to_vec(),
            ))
        };
        let form = kinds::form_of(package)
            .ok_or_else(|| Error::new(format!("{package} is no archive that is read")))?;
        bundle::members_of(package, form, &read(package)?, &names, &mut put)?;
    }
    Ok(())
}

/// The packages that the store serves itself, as they are: `<host>/packages/<file>`.
fn packages(
    store: &Store<'_>,
    host: &Host,
    read: &ReadPackage<'_>,
    sink: &dyn Sink,
) -> Result<(), Error> {
    let pins = store
        .listed_of(&host.id)
        .flat_map(|entry| &entry.snippet.locator.archive);
    let files: BTreeSet<&str> = pins.filter_map(|pin| pin.file.as_deref()).collect();
    files.into_iter().try_for_each(|file| {
        sink.put(Artifact::new(
            format!("{}/packages/{file}", host.id),
            read(&format!("catalogue/{}/packages/{file}", host.id))?,
        ))
    })
}

/// Returns the input of the documents of `host`.
pub(super) fn desk<'d>(
    store: &'d Store<'_>,
    host: &'d Host,
    entries: &'d [Installable<'d>],
) -> HostFilesInput<'d> {
    HostFilesInput {
        store: store.file,
        host,
        versions: &store.versions[&host.id],
        generated_at: store.generated_at,
        entries,
    }
}

/// What of the files of `host` would be broken when they had nothing but `entry`: which, and how.
fn fault_alone(
    store: &Store<'_>,
    host: &Host,
    entry: &Installable<'_>,
    schemas: &Schemas,
) -> Option<(String, String)> {
    let alone = host
        .adapter
        .documents(&desk(store, host, slice::from_ref(entry)));
    alone
        .documents
        .iter()
        .find_map(|document| fault(document, schemas))
}

/// The file that is broken, and how.
fn fault(document: &Document, schemas: &Schemas) -> Option<(String, String)> {
    match &document.content {
        Content::Json { schema, value } => {
            let broken = |fault: String| {
                (
                    document.path.clone(),
                    text::one_line(&format!("it would break the file: {fault}"), 200),
                )
            };
            schemas
                .get(schema)
                .map_or_else(
                    |cause| Some(cause.to_string()),
                    |schema| schema.first_fault(value),
                )
                .map(broken)
        }
        Content::Package(_) | Content::Member { .. } | Content::Text(_) => None,
    }
}

fn installable<'e>(store: &'e Store<'_>, entry: Entry<'e>) -> Installable<'e> {
    let body = &entry.snippet.body;
    let past = store.ledger.entries.get(&ledger_key(entry.snippet));
    Installable {
        id: &entry.snippet.id,
        project: &entry.snippet.source.name,
        module_name: body.module_name.as_deref().unwrap_or_default(),
        display_name: &body.display_name,
        display_description: &body.display_description,
        author: &body.author,
        own: past.map(|past| LocalEntry {
            snippet: entry.snippet,
            access: &entry.card.access,
            number: past.number,
            release_numbers: &past.releases,
            listed_at: past.listed_at,
            offers: &entry.card.offers,
        }),
    }
}

/// Returns `true` if an entry of another store would do no harm to a host whose program is harmed
/// by one that does not fit: the same rules that our own checks hold snippets against.
fn is_safe(entry: &ForeignEntry, versions: &HostVersions) -> bool {
    let fits = |major: &Major| entry.compatible.contains_key(&major.name);
    let module = entry.module_name.as_deref().map(names::normal_project);
    (versions.majors.is_empty() || versions.majors.iter().any(fits))
        && module == Some(names::normal_project(&entry.source.name))
}

/// An entry of another store, when it is whole enough to be installed and keeps to our rules for
/// ids and texts. Files of hosts that have packages of their own are made of what was read in
/// these, and that stands in no `plugins.json`.
fn foreign_installable(entry: &ForeignEntry) -> Option<Installable<'_>> {
    let texts = [
        &entry.id,
        &entry.display_name,
        &entry.display_description,
        &entry.author,
    ];
    let are_plain = texts
        .into_iter()
        .chain(&entry.version)
        .chain(&entry.module_name)
        .all(|text| text::not_plain(text).is_none());
    let has_source =
        entry.source.kind == registry_rules::pypi::ID && names::is_project(&entry.source.name);
    let is_withdrawn = entry
        .lifecycle
        .as_ref()
        .is_some_and(|it| it.state == LifecycleState::Withdrawn);
    // The files have no place for an index: a host would ask the public one, where anybody can take
    // the name.
    let is_public = entry.source.registry_url.is_none();
    let is_there = is_public
        && are_plain
        && entry.version.is_some()
        && has_source
        && !is_withdrawn
        && names::no_entry_id(&entry.id).is_none();
    Some(Installable {
        id: &entry.id,
        project: &entry.source.name,
        module_name: entry.module_name.as_deref().filter(|_| is_there)?,
        display_name: &entry.display_name,
        display_description: &entry.display_description,
        author: &entry.author,
        own: None,
    })
}
