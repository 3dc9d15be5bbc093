//! The pages: templates and a store in, artifacts out.

mod browse;
mod common;
mod context;
mod for_machines;
mod guides;
mod listing;
mod identicon;
mod news;
mod notes;
mod paging;
mod plugin_page;
mod publication;
mod related_entries;
mod status;
mod structured;
mod templates;
mod topic_pages;
mod topics;

pub use common::Common;
pub use plugin_page::{PageInput, page as plugin_page};
pub use related_entries::RelatedEntries;
pub use templates::Templates;

use std::collections::BTreeMap;

use crate::artifact::{Artifact, Sink};
use crate::emit;
use crate::merge::Store;
use shopfront_diagnostics::error::Error;

/// Reads an image of the catalogue by its path.
pub type ReadImage<'r> = dyn Fn(&str) -> Result<Vec<u8>, Error> + Sync + 'r;

/// Writes every page but those of single entries, which are [`plugin_page`], and what pages load.
///
/// # Errors
/// When a template has a fault, or a file can not be kept.
pub fn run(
    store: &Store<'_>,
    templates: &Templates,
    languages: &[Common<'_>],
    read: &ReadImage<'_>,
    sink: &dyn Sink,
) -> Result<(), Error> {
    for common in languages {
        pages(store, templates, common, &common.sink(sink))?;
        sink.put(common.script())?;
    }
    assets(store, templates, read, sink)?;
    for_machines::run(store, languages, sink)
}

/// The pages of one language.
fn pages(
    store: &Store<'_>,
    templates: &Templates,
    common: &Common<'_>,
    sink: &dyn Sink,
) -> Result<(), Error> {
    listing::front(store, templates, common, sink)?;
    listing::hosts(store, templates, common, sink)?;
    browse::plugins(store, templates, common, sink)?;
    topic_pages::all(store, templates, common, sink)?;
    news::page(store, templates, common, sink)?;
    status::page(store, templates, common, sink)?;
    let kinds = store
        .catalogue
        .hosts
        .values()
        .map(|host| host.kind.name)
        .collect();
    guides::pages(&kinds, templates, common, sink)?;
    notes::codes(templates, common, sink)?;
    notes::not_found(templates, common, sink)?;
    notes::redirects(store, templates, common, sink)
}

/// Styles, scripts and images.
fn assets(
    store: &Store<'_>,
    templates: &Templates,
    read: &ReadImage<'_>,
    sink: &dyn Sink,
) -> Result<(), Error> {
    for (name, text) in &templates.assets {
        sink.put(Artifact::new(format!("assets/{name}"), text.as_bytes()))?;
    }
    if let Some(accent) = &store.file.accent {
        sink.put(Artifact::new(
            "assets/accent.css",
            format!(":root{{--accent:{accent}}}\n"),
        ))?;
    }
    let mut images: BTreeMap<String, String> = BTreeMap::new();
    if let Some(logo) = &store.file.logo {
        images.insert(context::logo_path(logo), format!("catalogue/site/{logo}"));
    }
    for (id, host) in &store.catalogue.hosts {
        for asset in &host.assets {
            images.insert(
                emit::image_path(id, asset),
                format!("catalogue/{id}/assets/{asset}"),
            );
        }
    }
    images
        .iter()
        .try_for_each(|(path, source)| sink.put(Artifact::new(path.as_str(), read(source)?)))
}
