//! The templates and guides that are compiled in.

use shopfront_text::texts;

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

/// The guides of `docs/` that stores publish; of `hosts/<kind>.md` those of the kinds that a store
/// has.
pub(crate) static GUIDES: &[(&str, &str)] = texts!("docs":
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
