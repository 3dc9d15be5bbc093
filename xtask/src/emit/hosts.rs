//! The files that hosts' released programs read, below `<host>/`.

use std::slice;

use serde_json::Value;

use crate::artifact::{Artifact, Sink};
use crate::error::Error;
use crate::kinds::{HostVersions, Installable, Major};
use crate::merge::{Entry, Store};
use crate::names;
use crate::schema::Schemas;
use crate::text;

use super::pretty;

/// Writes the document of every host whose program reads one.
pub(super) fn documents(store: &Store<'_>, schemas: &Schemas, sink: &dyn Sink) -> Result<(), Error> {
    for (id, host) in &store.catalogue.hosts {
        let versions = &store.versions[id];
        let needs_fit = host.adapter.lists_only_what_fits();
        let own = store.listed_of(id).filter(|entry| entry.card.offered);
        let mut entries: Vec<Installable<'_>> = own.map(installable).collect();
        let foreign = store.foreign().filter(|(upstream, entry)| upstream.install && entry.host == id.as_str());
        let foreign = foreign.filter(|(_, entry)| !needs_fit || is_safe(&entry.published, versions));
        for (_, entry) in foreign {
            let Some(entry) = foreign_installable(&entry.published) else { continue };
            // What the host's program would stumble over is left out, and the rest of that store stays.
            let Some(alone) = host.adapter.document(store.file, slice::from_ref(&entry)) else { continue };
            if schemas.get(alone.schema)?.first_fault(&alone.value).is_none() {
                entries.push(entry);
            }
        }
        entries.sort_by(|a, b| a.id.cmp(b.id));
        let Some(document) = host.adapter.document(store.file, &entries) else { continue };
        let path = format!("{id}/{}", document.path);
        schemas.get(document.schema)?.assert(&path, &document.value)?;
        sink.put(Artifact::new(path, pretty(&document.value)))?;
    }
    Ok(())
}

fn installable<'e>(entry: Entry<'e>) -> Installable<'e> {
    let body = &entry.snippet.body;
    Installable {
        id: &entry.snippet.id,
        project: &entry.snippet.source.name,
        module_name: body.module_name.as_deref().unwrap_or_default(),
        display_name: &body.display_name,
        display_description: &body.display_description,
        author: &body.author,
    }
}

/// Whether an entry of another store would do no harm to a host whose program is harmed by one that does not fit: the
/// same rules that our own checks hold snippets against.
fn is_safe(published: &Value, versions: &HostVersions) -> bool {
    let fits = |major: &Major| !published["compatible"][major.number.to_string()].is_null();
    let project = published["source"]["name"].as_str().map(names::normal_project);
    let module = published["module_name"].as_str().map(names::normal_project);
    (versions.majors.is_empty() || versions.majors.iter().any(fits)) && project == module
}

/// An entry of another store, when it is whole enough to be installed and keeps to our rules for ids and texts.
fn foreign_installable(published: &Value) -> Option<Installable<'_>> {
    let text = |key: &str| published[key].as_str().filter(|text| text::not_plain(text).is_none());
    let has_source = published["source"]["kind"] == "pypi" && names::is_project(published["source"]["name"].as_str()?);
    let is_withdrawn = published["lifecycle"]["state"] == "withdrawn";
    let is_there = text("version").is_some() && has_source && !is_withdrawn && names::no_entry_id(text("id")?).is_none();
    is_there.then_some(Installable {
        id: text("id")?,
        project: published["source"]["name"].as_str()?,
        module_name: text("module_name")?,
        display_name: text("display_name")?,
        display_description: text("display_description")?,
        author: text("author")?,
    })
}
