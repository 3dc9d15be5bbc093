//! Markdown to HTML: of our own pages, and of strangers' long descriptions, which are made harmless.

use std::collections::HashSet;
use std::sync::LazyLock;

use ammonia::Builder;
use pulldown_cmark::{Alignment, CodeBlockKind, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

use super::words;
use crate::address;

/// Our own pages; they are part of the program, or of the maintainer's own repository.
pub(super) fn trusted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    html::push_html(&mut out, Parser::new_ext(text, Options::ENABLE_TABLES));
    out
}

/// A guide of our own: its headings can be linked to, and its links lead where `link` says, or nowhere.
pub(super) fn guide(text: &str, link: &dyn Fn(&str) -> Option<String>) -> String {
    let mut events: Vec<Event<'_>> = Parser::new_ext(text, Options::ENABLE_TABLES).collect();
    let mut open = None;
    for index in 0..events.len() {
        match &events[index] {
            Event::Start(Tag::Heading { level, .. }) => open = Some((index, *level, String::new())),
            Event::Text(text) | Event::Code(text) => open.iter_mut().for_each(|it| it.2.push_str(text)),
            Event::End(TagEnd::Heading(_)) => {
                let Some((start, level, heading)) = open.take() else { continue };
                let id = Some(anchor(&heading).into());
                events[start] = Event::Start(Tag::Heading { level, id, classes: Vec::new(), attrs: Vec::new() });
            }
            Event::Start(Tag::Link { dest_url, .. }) => {
                let tag = link(dest_url).map_or_else(|| "<a>".to_owned(), |to| format!("<a href=\"{}\">", words::xml(&to)));
                events[index] = Event::InlineHtml(tag.into());
            }
            Event::End(TagEnd::Link) => events[index] = Event::InlineHtml("</a>".into()),
            _ => {}
        }
    }
    let mut out = String::with_capacity(text.len() * 2);
    html::push_html(&mut out, events.into_iter());
    out
}

/// The address of a heading, as GitHub makes it: small letters, digits and `_`, with `-` for blanks.
fn anchor(heading: &str) -> String {
    let kept = heading.to_lowercase().replace(' ', "-");
    kept.chars().filter(|it| it.is_alphanumeric() || matches!(it, '-' | '_')).collect()
}

/// A long description as HTML that can do nothing: no script, no style, no image that is fetched from elsewhere.
///
/// Markdown is rendered; of every other form the text is shown as it was written.
pub(super) fn description(text: &str, content_type: Option<&str>) -> String {
    let kind = content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if kind != "text/markdown" {
        return format!("<pre>{}</pre>", words::xml(text));
    }
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let mut has_html = false;
    let note_html = |event: &Event<'_>| has_html |= matches!(event, Event::Html(_) | Event::InlineHtml(_));
    let mut out = String::with_capacity(text.len() * 2);
    html::push_html(&mut out, Images::new(Parser::new_ext(text, options).inspect(note_html)).map(harmless));
    // Markdown alone makes nothing but the elements below, without attributes; HTML of the author's own is another
    // matter, and costs five times as much: one text in nine has some.
    if !has_html {
        return out;
    }
    // A link whose relative address was taken away is no link any more, and `rel` has no meaning on it.
    CLEANER.clean(&out).to_string().replace(&format!("<a rel=\"{REL}\">"), "<a>")
}

/// What every link to a stranger's site says.
const REL: &str = "noopener nofollow ugc";

/// The event without what a page does not want: the headings are lowered, for the page has two levels of its own
/// above; no element has a class, a style or an id; a link leads to a web address, or nowhere.
fn harmless(event: Event<'_>) -> Event<'_> {
    match event {
        Event::Start(Tag::Heading { level, .. }) => {
            Event::Start(Tag::Heading { level: lower(level), id: None, classes: Vec::new(), attrs: Vec::new() })
        }
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(lower(level))),
        Event::Start(Tag::Link { dest_url, .. }) => Event::InlineHtml(link(&dest_url).into()),
        Event::End(TagEnd::Link) => Event::InlineHtml("</a>".into()),
        Event::Start(Tag::CodeBlock(_)) => Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)),
        Event::Start(Tag::Table(columns)) => Event::Start(Tag::Table(vec![Alignment::None; columns.len()])),
        Event::TaskListMarker(is_done) => Event::Text(if is_done { "☑ " } else { "☐ " }.into()),
        other => other,
    }
}

fn link(address: &str) -> String {
    // Relative addresses have no meaning on this page, and those of private networks none for its readers.
    match address::fault_of_web_address(address) {
        None => format!("<a href=\"{}\" rel=\"{REL}\">", words::xml(address)),
        Some(_) => "<a>".to_owned(),
    }
}

fn lower(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 => HeadingLevel::H3,
        HeadingLevel::H2 => HeadingLevel::H4,
        HeadingLevel::H3 => HeadingLevel::H5,
        _ => HeadingLevel::H6,
    }
}

/// An image becomes a link to it, or its words where it stands in a link already: a page that loads pictures from
/// strangers tells them who reads it.
struct Images<'t, I: Iterator<Item = Event<'t>>> {
    events: I,
    in_link: usize,
    /// The image that is being read: where it leads, and its words so far.
    image: Option<(CowStr<'t>, String)>,
    ready: Vec<Event<'t>>,
}

impl<'t, I: Iterator<Item = Event<'t>>> Images<'t, I> {
    fn new(events: I) -> Self {
        Images { events, in_link: 0, image: None, ready: Vec::new() }
    }

    fn end_image(&mut self, address: CowStr<'t>, alt: String) -> Option<Event<'t>> {
        if alt.trim().is_empty() {
            return None;
        }
        let text = Event::Text(alt.into());
        if self.in_link > 0 {
            return Some(text);
        }
        let link = Tag::Link { link_type: pulldown_cmark::LinkType::Inline, dest_url: address, title: "".into(), id: "".into() };
        self.ready = vec![Event::End(TagEnd::Link), text];
        Some(Event::Start(link))
    }
}

impl<'t, I: Iterator<Item = Event<'t>>> Iterator for Images<'t, I> {
    type Item = Event<'t>;

    fn next(&mut self) -> Option<Event<'t>> {
        loop {
            if let Some(event) = self.ready.pop() {
                return Some(event);
            }
            let event = self.events.next()?;
            match (&event, &mut self.image) {
                (Event::Start(Tag::Image { dest_url, .. }), None) => self.image = Some((dest_url.clone(), String::new())),
                (Event::End(TagEnd::Image), Some(_)) => {
                    let (address, alt) = self.image.take().unwrap_or_else(|| ("".into(), String::new()));
                    if let Some(event) = self.end_image(address, alt) {
                        return Some(event);
                    }
                }
                (Event::Text(text) | Event::Code(text), Some((_, alt))) => alt.push_str(text),
                (_, Some(_)) => {}
                _ => {
                    match event {
                        Event::Start(Tag::Link { .. }) => self.in_link += 1,
                        Event::End(TagEnd::Link) => self.in_link = self.in_link.saturating_sub(1),
                        _ => {}
                    }
                    return Some(event);
                }
            }
        }
    }
}

/// What HTML of an author may hold.
static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let tags: HashSet<&str> = [
        "a",
        "abbr",
        "b",
        "blockquote",
        "br",
        "cite",
        "code",
        "dd",
        "del",
        "details",
        "div",
        "dl",
        "dt",
        "em",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "ins",
        "kbd",
        "li",
        "mark",
        "ol",
        "p",
        "pre",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strong",
        "sub",
        "summary",
        "sup",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "u",
        "ul",
        "var",
    ]
    .into();
    let mut builder = Builder::default();
    builder
        .tags(tags)
        .generic_attributes(HashSet::new())
        .url_schemes(["http", "https"].into())
        .url_relative(ammonia::UrlRelative::Deny)
        .link_rel(Some(REL))
        .tag_attributes([("a", ["href"].into()), ("ol", ["start"].into()), ("th", ["scope"].into())].into());
    builder
});
