//! The pages: templates and a store in, artifacts out.

mod common;
mod context;
mod guides;
mod language;
mod listing;
mod mark;
mod markdown;
mod news;
mod notes;
mod paging;
mod plugin_page;
mod publication;
mod status;
mod templates;
mod topic_pages;
mod topics;
mod words;

pub use common::Common;
pub use language::{Language, Languages};
pub use plugin_page::page as plugin_page;
pub use templates::Templates;

use std::collections::BTreeMap;
use std::io::Write;

use crate::artifact::{Artifact, Sink};
use crate::error::{Doing, Error};
use crate::merge::Store;

/// Reads an image of the catalogue by its path.
pub type ReadImage<'r> = dyn Fn(&str) -> Result<Vec<u8>, Error> + Sync + 'r;

/// Writes every page but those of single entries, which are [`plugin_page`], and what pages load.
///
/// # Errors
/// When a template has a fault, or a file can not be kept.
pub fn run(store: &Store<'_>, templates: &Templates, languages: &[Common<'_>], read: &ReadImage<'_>, sink: &dyn Sink) -> Result<(), Error> {
    for common in languages {
        pages(store, templates, common, &common.sink(sink))?;
        sink.put(common.script())?;
    }
    assets(store, templates, read, sink)?;
    for_machines(store, languages, sink)
}

/// The pages of one language.
fn pages(store: &Store<'_>, templates: &Templates, common: &Common<'_>, sink: &dyn Sink) -> Result<(), Error> {
    listing::front(store, templates, common, sink)?;
    listing::hosts(store, templates, common, sink)?;
    topic_pages::all(store, templates, common, sink)?;
    news::page(store, templates, common, sink)?;
    status::page(store, templates, common, sink)?;
    guides::pages(templates, common, sink)?;
    notes::codes(templates, common, sink)?;
    notes::not_found(templates, common, sink)?;
    notes::redirects(store, templates, common, sink)
}

/// A long description as HTML that can do nothing, for fuzzing of the sanitiser alone.
pub fn readme_html(text: &str, content_type: Option<&str>) -> String {
    markdown::description(text, content_type)
}

/// Styles, scripts and images.
fn assets(store: &Store<'_>, templates: &Templates, read: &ReadImage<'_>, sink: &dyn Sink) -> Result<(), Error> {
    for (name, text) in &templates.assets {
        sink.put(Artifact::new(format!("assets/{name}"), text.as_bytes()))?;
    }
    if let Some(accent) = &store.file.accent {
        sink.put(Artifact::new("assets/accent.css", format!(":root{{--accent:{accent}}}\n")))?;
    }
    let mut images: BTreeMap<String, String> = BTreeMap::new();
    if let Some(logo) = &store.file.logo {
        images.insert(context::logo_path(logo), format!("catalogue/site/{logo}"));
    }
    for (id, host) in &store.catalogue.hosts {
        for asset in &host.assets {
            images.insert(context::image_path(id, asset), format!("catalogue/{id}/assets/{asset}"));
        }
    }
    images.iter().try_for_each(|(path, source)| sink.put(Artifact::new(path.as_str(), read(source)?)))
}

/// `sitemap.xml`, `robots.txt`, and the file that keeps GitHub Pages from leaving files out.
fn for_machines(store: &Store<'_>, languages: &[Common<'_>], sink: &dyn Sink) -> Result<(), Error> {
    let url = &store.file.url;
    sink.put(Artifact::new(".nojekyll", ""))?;
    sink.put(Artifact::new("robots.txt", format!("User-agent: *\nAllow: /\nSitemap: {url}sitemap.xml\n")))?;
    // One sitemap may hold 50,000 addresses (sitemaps.org, protocol 0.9); a larger store is cut there, by id.
    const MOST: usize = 50_000;
    let mut stream = sink.stream("sitemap.xml")?;
    let mut write = |text: &str| stream.write_all(text.as_bytes()).doing(|| "writing sitemap.xml".to_owned());
    write("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n")?;
    let of_hosts = store.catalogue.hosts.keys().map(|host| format!("{host}/"));
    let of_entries = store.listed().map(|entry| format!("{}/{}/", entry.snippet.host, entry.snippet.id));
    let alone = ["", "about/", "docs/", "new/", "status/"].map(str::to_owned);
    let of_topics = languages.first().into_iter().flat_map(|common| common.topics.paths());
    let paths = alone.into_iter().chain(of_hosts).chain(of_topics).chain(of_entries);
    let all = paths.flat_map(|path| languages.iter().map(move |common| common.below(&path)));
    for path in all.take(MOST) {
        write(&format!("<url><loc>{}{path}</loc></url>\n", words::xml(url)))?;
    }
    write("</urlset>\n")?;
    stream.finish()
}
