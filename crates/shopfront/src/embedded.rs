//! The files that are compiled in, so that a store needs nothing of this repository but the program.

use std::collections::BTreeMap;

use crate::kinds;

/// Pairs of a name and the text of the file of that name.
macro_rules! texts {
    ($folder:literal: $($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../", $folder, "/", $name)))),*]
    };
}
pub(crate) use texts;

/// The schemas of `schema/` that are of no kind of host.
static SCHEMAS: &[(&str, &str)] = texts!("schema":
    "api-answers.schema.json",
    "api-changes.schema.json",
    "api-diff.schema.json",
    "api-facts.schema.json",
    "api-health.schema.json",
    "api-host-list.schema.json",
    "api-host-tries.schema.json",
    "api-hosts.schema.json",
    "api-index.schema.json",
    "api-openapi.schema.json",
    "api-plugin.schema.json",
    "api-plugins.schema.json",
    "api-problems.schema.json",
    "badge.schema.json",
    "host.schema.json",
    "plugin.schema.json",
    "search-index.schema.json",
    "store.schema.json",
);

/// `schema/`, every file: those of all, and those that the kinds of hosts bring.
pub fn schemas() -> Vec<(&'static str, &'static str)> {
    let of_kinds = kinds::ALL.iter().flat_map(|kind| kind.schemas);
    SCHEMAS.iter().chain(of_kinds).copied().collect()
}

/// `site-template/`, every file that makes pages.
pub static TEMPLATES: &[(&str, &str)] = texts!("site-template":
    "404.html", "about.html", "base.html", "browse.html", "card.html", "cards.html", "category_links.html", "crumbs.html", "docs.html", "embed.html", "error.html",
    "errors.html", "feed_link.html", "guide.html", "head.html", "host.html", "icons.html", "index.html", "narrow.html", "new.html",
    "paging.html", "plugin.html",
    "redirect.html", "row.html", "search_box.html", "status.html", "tile.html", "topic.html", "topics.html",
    "browse.js", "browse_facets.js", "browse_results.js", "mark.js", "mark.svg", "search.js", "search_box.js",
    "search_rank.js", "search_shards.js", "search_words.js", "site.js", "styles.css", "theme.js",
    "words.js", "words/de.json", "words/en.json",
);

/// The guides of `docs/` that stores publish; of `hosts/<kind>.md` those of the kinds that a store has.
pub static GUIDES: &[(&str, &str)] = texts!("docs":
    "authors.md",
    "format.md",
    "hosts/bitcart.md",
    "hosts/client.md",
    "hosts/fiab.md",
    "hosts/fuel.md",
    "hosts/node-red.md",
    "hosts/oko.md",
    "hosts/python.md",
);

/// The compiled-in files with those of the repository laid over them, by name.
pub fn overlaid(compiled: &[(&str, &str)], own: BTreeMap<String, String>) -> BTreeMap<String, String> {
    let mut files: BTreeMap<String, String> = compiled.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    files.extend(own);
    files
}
