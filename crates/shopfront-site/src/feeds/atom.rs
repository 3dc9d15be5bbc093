//! How Atom is written (RFC 4287): the order of elements is free there, and fixed here.

use std::fmt::Write;

use jiff::Timestamp;

use super::news::News;
use shopfront_text::xml;

/// The head of a feed.
pub(super) struct Feed<'f> {
    /// Where it lies, which is its id too.
    pub(super) address: &'f str,
    /// The page that shows the same.
    pub(super) page: &'f str,
    pub(super) language: &'f str,
    pub(super) title: &'f str,
    pub(super) subtitle: &'f str,
    pub(super) author: &'f str,
    pub(super) updated: Timestamp,
}

/// The document. Every text is plain (`type="text"`, which is the default): no reader takes it for
/// HTML.
pub(super) fn document(feed: &Feed<'_>, news: &[News<'_>]) -> String {
    let mut out = String::with_capacity(800 + news.len() * 500);
    out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    line(
        &mut out,
        format_args!(
            "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">",
            xml::text(feed.language)
        ),
    );
    element(&mut out, "id", feed.address);
    element(&mut out, "title", feed.title);
    if !feed.subtitle.is_empty() {
        element(&mut out, "subtitle", feed.subtitle);
    }
    line(
        &mut out,
        format_args!("<updated>{}</updated>", feed.updated),
    );
    line(
        &mut out,
        format_args!(
            "<link rel=\"self\" type=\"application/atom+xml\" href=\"{}\"/>",
            xml::text(feed.address)
        ),
    );
    line(
        &mut out,
        format_args!(
            "<link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>",
            xml::text(feed.page)
        ),
    );
    line(
        &mut out,
        format_args!("<author><name>{}</name></author>", xml::text(feed.author)),
    );
    news.iter().for_each(|it| entry(&mut out, it));
    out.push_str("</feed>\n");
    out
}

fn entry(out: &mut String, news: &News<'_>) {
    out.push_str("<entry>\n");
    element(out, "id", &news.id);
    element(out, "title", &news.title);
    line(out, format_args!("<updated>{}</updated>", news.at));
    line(
        out,
        format_args!(
            "<link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>",
            xml::text(&news.page)
        ),
    );
    if let Some(author) = news.author {
        line(
            out,
            format_args!("<author><name>{}</name></author>", xml::text(author)),
        );
    }
    line(out, format_args!("<category term=\"{}\"/>", news.kind));
    if let Some(summary) = news.summary {
        element(out, "summary", summary);
    }
    out.push_str("</entry>\n");
}

fn element(out: &mut String, name: &str, text: &str) {
    line(out, format_args!("<{name}>{}</{name}>", xml::text(text)));
}

fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing into a string can not fail.
    let _ = out.write_fmt(text);
    out.push('\n');
}
