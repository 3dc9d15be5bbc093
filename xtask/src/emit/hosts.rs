//! The files that hosts' released programs read, below `<host>/`.

use crate::artifact::{Artifact, Sink};
use crate::error::Error;
use crate::kinds::Installable;
use crate::merge::{Entry, Store};
use crate::names;
use crate::schema::Schemas;

use super::pretty;

/// Writes the document of every host whose program reads one.
pub(super) fn documents(store: &Store<'_>, schemas: &Schemas, sink: &dyn Sink) -> Result<(), Error> {
    for (id, host) in &store.catalogue.hosts {
        let versions = &store.versions[id];
        let needs_fit = host.adapter.lists_only_what_fits();
        let own = store.listed_of(id).filter(|entry| entry.card.is_installable(entry.snippet, versions, needs_fit));
        let mut entries: Vec<Installable<'_>> = own.map(installable).collect();
        let foreign = store.foreign().filter(|(upstream, entry)| upstream.install && entry.host == id.as_str());
        entries.extend(foreign.filter_map(|(_, entry)| foreign_installable(&entry.published)));
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

/// An entry of another store, when it is whole enough to be installed and keeps to our rules for ids.
fn foreign_installable(published: &serde_json::Value) -> Option<Installable<'_>> {
    let text = |key: &str| published[key].as_str();
    let is_there = text("version").is_some() && published["source"]["kind"] == "pypi" && names::no_entry_id(text("id")?).is_none();
    is_there.then_some(Installable {
        id: text("id")?,
        project: published["source"]["name"].as_str()?,
        module_name: text("module_name")?,
        display_name: text("display_name")?,
        display_description: text("display_description")?,
        author: text("author")?,
    })
}
