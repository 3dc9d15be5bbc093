//! The pages: templates and a store in, artifacts out.

mod browse;
mod context;
mod listing;
mod markdown;
mod notes;
mod plugin_page;
mod publication;
mod templates;
mod words;

pub use plugin_page::page as plugin_page;
pub use templates::{Common, Templates};

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
pub fn run(store: &Store<'_>, templates: &Templates, common: &Common<'_>, read: &ReadImage<'_>, sink: &dyn Sink) -> Result<(), Error> {
    listing::front(store, templates, common, sink)?;
    let categories = browse::Categories::of(store);
    listing::hosts(store, &categories.links, templates, common, sink)?;
    browse::plugins(store, &categories, templates, common, sink)?;
    categories.write(store, templates, common, sink)?;
    notes::codes(templates, common, sink)?;
    notes::not_found(templates, common, sink)?;
    notes::redirects(store, templates, common, sink)?;
    assets(store, templates, read, sink)?;
    for_machines(store, &categories, sink)
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
fn for_machines(store: &Store<'_>, categories: &browse::Categories<'_>, sink: &dyn Sink) -> Result<(), Error> {
    let url = &store.file.url;
    sink.put(Artifact::new(".nojekyll", ""))?;
    sink.put(Artifact::new("robots.txt", format!("User-agent: *\nAllow: /\nSitemap: {url}sitemap.xml\n")))?;
    // One sitemap may hold 50,000 addresses (sitemaps.org, protocol 0.9); a larger store is cut there, by id.
    const MOST: usize = 50_000;
    let mut stream = sink.stream("sitemap.xml")?;
    let mut write = |text: &str| stream.write_all(text.as_bytes()).doing(|| "writing sitemap.xml".to_owned());
    write("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n")?;
    let of_hosts = store.catalogue.hosts.keys().map(|host| format!("{host}/"));
    let of_listings = ["plugins/".to_owned()].into_iter().chain(categories.paths());
    let of_entries = store.listed().map(|entry| format!("{}/{}/", entry.snippet.host, entry.snippet.id));
    for path in std::iter::once(String::new()).chain(of_hosts).chain(of_listings).chain(of_entries).take(MOST) {
        write(&format!("<url><loc>{}{path}</loc></url>\n", words::xml(url)))?;
    }
    write("</urlset>\n")?;
    stream.finish()
}
