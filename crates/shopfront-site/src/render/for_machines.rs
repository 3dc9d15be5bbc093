//! What search engines and browsers look for at the top of a site: `sitemap.xml`, `robots.txt`,
//! `opensearch.xml`.

use std::collections::BTreeMap;
use std::io::Write;

use jiff::Timestamp;

use super::common::Common;
use super::guides;
use crate::artifact::{Artifact, Sink, Stream};
use crate::merge::{Store, ledger_key};
use shopfront_check::checks;
use shopfront_diagnostics::error::{Context, Error};
use shopfront_text::xml;

/// One sitemap may hold so many addresses (sitemaps.org, protocol 0.9); of a larger store there are
/// several.
const MOST: usize = 50_000;

/// Writes them, and the file that keeps GitHub Pages from leaving files out.
pub(super) fn run(
    store: &Store<'_>,
    languages: &[Common<'_>],
    sink: &dyn Sink,
) -> Result<(), Error> {
    sink.put(Artifact::new(".nojekyll", ""))?;
    sink.put(Artifact::new(
        "robots.txt",
        format!(
            "User-agent: *\nAllow: /\nSitemap: {}sitemap.xml\n",
            store.file.url
        ),
    ))?;
    sink.put(Artifact::new("opensearch.xml", opensearch(store)))?;
    sitemaps(
        &in_all(languages, &pages(store, languages)),
        &store.file.url,
        MOST,
        sink,
    )
}

/// A page, from the top of the store, and when what it shows last changed.
struct Page {
    path: String,
    changed_at: Option<Timestamp>,
    /// The same page in every language, by its tag; none where the store has one.
    translations: Vec<(String, String)>,
}

impl Page {
    fn at(path: String, changed_at: Option<Timestamp>) -> Page {
        Page {
            path,
            changed_at,
            translations: Vec::new(),
        }
    }
}

/// The same pages in every language of the store.
fn in_all(languages: &[Common<'_>], pages: &[Page]) -> Vec<Page> {
    let each = |page: &Page| -> Vec<Page> {
        let all: Vec<(String, String)> = languages
            .iter()
            .map(|common| (common.tag().to_owned(), common.below(&page.path)))
            .collect();
        let translations = if all.len() > 1 {
            all.clone()
        } else {
            Vec::new()
        };
        all.into_iter()
            .map(|(_, path)| Page {
                path,
                changed_at: page.changed_at,
                translations: translations.clone(),
            })
            .collect()
    };
    pages.iter().flat_map(each).collect()
}

/// Every page that is worth finding: the front page, the hosts, the lists, the entries.
fn pages(store: &Store<'_>, languages: &[Common<'_>]) -> Vec<Page> {
    let mut entries = Vec::new();
    let mut by_host: BTreeMap<&str, Option<Timestamp>> = store
        .catalogue
        .hosts
        .keys()
        .map(|host| (host.as_str(), None))
        .collect();
    for entry in store.listed() {
        let changed_at = store
            .ledger
            .entries
            .get(&ledger_key(entry.snippet))
            .map(|it| it.changed_at);
        let of_host = by_host.entry(entry.snippet.host.as_str()).or_default();
        *of_host = changed_at.max(*of_host);
        entries.push(Page::at(
            format!("{}/{}/", entry.snippet.host, entry.snippet.id),
            changed_at,
        ));
    }
    let front = Page::at(String::new(), by_host.values().copied().max().flatten());
    let hosts = by_host
        .into_iter()
        .map(|(host, changed_at)| Page::at(format!("{host}/"), changed_at));
    let kinds = store
        .catalogue
        .hosts
        .values()
        .map(|host| host.kind.name)
        .collect();
    let codes = checks::ALL
        .iter()
        .map(|check| format!("errors/{}/", check.code.name));
    let alone = ["plugins/", "new/", "status/", "about/", "docs/", "errors/"]
        .map(str::to_owned)
        .into_iter();
    let alone = alone.chain(guides::paths(&kinds)).chain(codes);
    let of_topics = languages
        .first()
        .into_iter()
        .flat_map(|common| common.topics.paths());
    let lists = alone.chain(of_topics).map(|path| Page::at(path, None));
    std::iter::once(front)
        .chain(hosts)
        .chain(lists)
        .chain(entries)
        .collect()
}

/// One sitemap, or an index of as many as are needed.
fn sitemaps(pages: &[Page], url: &str, most: usize, sink: &dyn Sink) -> Result<(), Error> {
    if pages.len() <= most {
        return sitemap("sitemap.xml", pages, url, sink);
    }
    let mut index = Writer::begin("sitemap.xml", "sitemapindex", sink)?;
    for (number, part) in pages.chunks(most).enumerate() {
        let name = format!("sitemap-{}.xml", number + 1);
        sitemap(&name, part, url, sink)?;
        index.item(
            "sitemap",
            &format!("{url}{name}"),
            part.iter().filter_map(|page| page.changed_at).max(),
            "",
        )?;
    }
    index.finish()
}

fn sitemap(name: &str, pages: &[Page], url: &str, sink: &dyn Sink) -> Result<(), Error> {
    let mut map = Writer::begin(name, "urlset", sink)?;
    for page in pages {
        map.item(
            "url",
            &format!("{url}{}", page.path),
            page.changed_at,
            &translations(page, url),
        )?;
    }
    map.finish()
}

/// The same page in other languages, as Google reads it in a sitemap; who speaks none of them gets
/// the store's own, the first.
fn translations(page: &Page, url: &str) -> String {
    let own = page
        .translations
        .first()
        .map(|(_, path)| ("x-default", path));
    let all = page
        .translations
        .iter()
        .map(|(tag, path)| (tag.as_str(), path))
        .chain(own);
    let link = |(tag, path): (&str, &String)| {
        format!(
            "<xhtml:link rel=\"alternate\" hreflang=\"{}\" href=\"{}\"/>",
            xml::escaped(tag),
            xml::escaped(&format!("{url}{path}"))
        )
    };
    all.map(link).collect()
}

/// A document of the sitemap protocol, which grows with the store.
struct Writer<'s> {
    name: String,
    root: &'static str,
    stream: Box<dyn Stream + 's>,
}

impl<'s> Writer<'s> {
    fn begin(name: &str, root: &'static str, sink: &'s dyn Sink) -> Result<Writer<'s>, Error> {
        let mut writer = Writer {
            name: name.to_owned(),
            root,
            stream: sink.stream(name)?,
        };
        writer.write(&format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{root} xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"{}>\n",
            if root == "urlset" { " xmlns:xhtml=\"http://www.w3.org/1999/xhtml\"" } else { "" }
        ))?;
        Ok(writer)
    }

    fn item(
        &mut self,
        element: &str,
        address: &str,
        changed_at: Option<Timestamp>,
        more: &str,
    ) -> Result<(), Error> {
        let changed = changed_at
            .map(|at| format!("<lastmod>{at}</lastmod>"))
            .unwrap_or_default();
        self.write(&format!(
            "<{element}><loc>{}</loc>{changed}{more}</{element}>\n",
            xml::text(address)
        ))
    }

    fn write(&mut self, text: &str) -> Result<(), Error> {
        self.stream
            .write_all(text.as_bytes())
            .with_context(|| format!("writing {}", self.name))
    }

    fn finish(mut self) -> Result<(), Error> {
        self.write(&format!("</{}>\n", self.root))?;
        self.stream.finish()
    }
}

/// OpenSearch 1.1 description of the search of the store: the page of all plugins finds what its
/// address asks for.
fn opensearch(store: &Store<'_>) -> String {
    let file = store.file;
    // The specification allows 16 letters and 1,024.
    let short: String = file.title.chars().take(16).collect();
    let url = xml::text(&file.url);
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <OpenSearchDescription xmlns=\"http://a9.com/-/spec/opensearch/1.1/\">\n\
         <ShortName>{}</ShortName>\n\
         <Description>{}</Description>\n\
         <Url type=\"text/html\" method=\"get\" template=\"{url}plugins/?q={{searchTerms}}\"/>\n\
         <Url type=\"application/opensearchdescription+xml\" rel=\"self\" template=\"{url}opensearch.xml\"/>\n\
         <Language>{}</Language>\n\
         <InputEncoding>UTF-8</InputEncoding>\n\
         <OutputEncoding>UTF-8</OutputEncoding>\n\
         </OpenSearchDescription>\n",
        xml::text(short.trim()),
        xml::text(&file.description),
        xml::text(&file.language),
    )
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::collections::BTreeMap;
    use std::io;
    use std::sync::Mutex;

    use super::{Page, sitemaps};
    use crate::artifact::{Artifact, Sink, Stream};
    use shopfront_diagnostics::error::Error;

    #[derive(Default)]
    struct Kept(Mutex<BTreeMap<String, String>>);

    struct Growing<'k>(&'k Kept, String, Vec<u8>);

    impl Sink for Kept {
        fn put(&self, artifact: Artifact) -> Result<(), Error> {
            self.0
                .lock()
                .unwrap()
                .insert(artifact.path, String::from_utf8(artifact.bytes).unwrap());
            Ok(())
        }

        fn stream(&self, path: &str) -> Result<Box<dyn Stream + '_>, Error> {
            Ok(Box::new(Growing(self, path.to_owned(), Vec::new())))
        }
    }

    impl io::Write for Growing<'_> {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.2.write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Stream for Growing<'_> {
        fn finish(self: Box<Self>) -> Result<(), Error> {
            self.0.put(Artifact::new(self.1, self.2))
        }
    }

    #[test]
    fn a_sitemap_that_would_be_too_large_is_an_index_of_several() {
        let page = |number: i64| {
            Page::at(
                format!("h/{number}/"),
                jiff::Timestamp::from_second(number * 86_400).ok(),
            )
        };
        let pages: Vec<Page> = (0..7).map(page).collect();
        let kept = Kept::default();
        sitemaps(&pages, "https://s.example/", 3, &kept).unwrap();
        let files = kept.0.into_inner().unwrap();
        assert_eq!(
            files.keys().collect::<Vec<_>>(),
            [
                "sitemap-1.xml",
                "sitemap-2.xml",
                "sitemap-3.xml",
                "sitemap.xml"
            ]
        );
        let index = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n\
            <sitemap><loc>https://s.example/sitemap-1.xml</loc><lastmod>1970-01-03T00:00:00Z</lastmod></sitemap>\n\
            <sitemap><loc>https://s.example/sitemap-2.xml</loc><lastmod>1970-01-06T00:00:00Z</lastmod></sitemap>\n\
            <sitemap><loc>https://s.example/sitemap-3.xml</loc><lastmod>1970-01-07T00:00:00Z</lastmod></sitemap>\n</sitemapindex>\n";
        assert_eq!(files["sitemap.xml"], index);
        assert_eq!(
            files["sitemap-3.xml"]
                .matches("<url><loc>https://s.example/h/6/</loc>")
                .count(),
            1
        );
        let whole = Kept::default();
        sitemaps(&pages, "https://s.example/", 7, &whole).unwrap();
        assert_eq!(
            whole.0.into_inner().unwrap()["sitemap.xml"]
                .matches("<url>")
                .count(),
            7
        );
    }
}
