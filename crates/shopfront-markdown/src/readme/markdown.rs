//! Conversion of Markdown to HTML: trusted for own pages, sanitized for untrusted texts.

use pulldown_cmark::{
    Alignment, CodeBlockKind, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html,
};

use super::budget::{self, Excess, Page};
use super::cleaner::{self, REL};
use super::comments::WithoutComments;
use super::highlight;
use super::repository::Repository;
use super::slugs::{PREFIX, Slugs};
use shopfront_text::url_policy;
use shopfront_text::xml;

/// Converts trusted pages, which are part of the program or of the maintainer's own repository.
pub fn trusted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    html::push_html(&mut out, Parser::new_ext(text, Options::ENABLE_TABLES));
    out
}

/// Converts a trusted guide. Its headings have anchors, and `link` determines the targets of its
/// links, or removes them.
pub fn guide(text: &str, link: &dyn Fn(&str) -> Option<String>) -> String {
    let mut events: Vec<Event<'_>> = Parser::new_ext(text, Options::ENABLE_TABLES).collect();
    let mut open = None;
    for index in 0..events.len() {
        match &events[index] {
            Event::Start(Tag::Heading { level, .. }) => open = Some((index, *level, String::new())),
            Event::Text(text) | Event::Code(text) => {
                open.iter_mut().for_each(|it| it.2.push_str(text))
            }
            Event::End(TagEnd::Heading(_)) => {
                let Some((start, level, heading)) = open.take() else {
                    continue;
                };
                let id = Some(anchor(&heading).into());
                events[start] = Event::Start(Tag::Heading {
                    level,
                    id,
                    classes: Vec::new(),
                    attrs: Vec::new(),
                });
            }
            Event::Start(Tag::Link { dest_url, .. }) => {
                let tag = link(dest_url).map_or_else(
                    || "<a>".to_owned(),
                    |to| format!("<a href=\"{}\">", xml::escaped(&to)),
                );
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

/// Returns the anchor of a heading as on GitHub: lower-case letters, digits and `_`, with `-` for
/// blanks.
fn anchor(heading: &str) -> String {
    let kept = heading.to_lowercase().replace(' ', "-");
    kept.chars()
        .filter(|it| it.is_alphanumeric() || matches!(it, '-' | '_'))
        .collect()
}

/// Converts untrusted Markdown to harmless HTML: no scripts, no styles, no images from other
/// servers.
///
/// # Errors
/// Returns an error if it exceeds its budget.
pub(super) fn html(text: &str, repository: Option<&Repository>) -> Result<String, Excess> {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let mut has_html = false;
    let note_html =
        |event: &Event<'_>| has_html |= matches!(event, Event::Html(_) | Event::InlineHtml(_));
    let mut slugs = Slugs::default();
    let mut page = Page::for_text(text.len());
    let parser = crate::parser(text, options).map_err(|_| Excess::Depth)?;
    let events = Whole::new(Images::new(WithoutComments::new(parser).inspect(note_html)));
    html::write_html_fmt(
        &mut page,
        events.flat_map(|piece| harmless(piece, repository, &mut slugs)),
    )
    .map_err(|_| Excess::Size)?;
    let html = page.finish()?;
    // Markdown alone generates only the elements below, with known attributes. HTML from the
    // author must be sanitized, which costs five times as much: one text in nine contains some.
    if has_html {
        cleaner::clean(&html, budget::steps(text.len()))
    } else {
        Ok(html)
    }
}

/// Piece of a text: an event, or a sequence that is processed as a whole.
enum Piece<'t> {
    Event(Event<'t>),
    /// Heading: its level, its events, and its text.
    Heading(HeadingLevel, Vec<Event<'t>>, String),
    /// Piece of code, and its declared language.
    Code(CowStr<'t>, String),
}

/// Returns the piece adapted to the page. Headings are lowered, because the page has two levels
/// above. Elements have only generated classes, styles and ids. Links have a valid URL, or none.
fn harmless<'t>(
    piece: Piece<'t>,
    repository: Option<&Repository>,
    slugs: &mut Slugs,
) -> Vec<Event<'t>> {
    let event = match piece {
        Piece::Event(event) => event,
        Piece::Code(language, code) => {
            return vec![Event::Html(
                format!(
                    "<pre><code>{}</code></pre>\n",
                    highlight::html(&code, &language)
                )
                .into(),
            )];
        }
        Piece::Heading(level, inside, words) => {
            let (level, id) = (lower(level), slugs.id(&words));
            let mut all = vec![Event::Html(format!("<{level} id=\"{id}\">").into())];
            all.extend(
                inside
                    .into_iter()
                    .flat_map(|event| harmless(Piece::Event(event), repository, slugs)),
            );
            all.push(Event::Html(format!("</{level}>\n").into()));
            return all;
        }
    };
    vec![match event {
        Event::Start(Tag::Link { dest_url, .. }) => {
            Event::InlineHtml(link(&dest_url, repository).into())
        }
        Event::End(TagEnd::Link) => Event::InlineHtml("</a>".into()),
        Event::Start(Tag::Table(columns)) => {
            Event::Start(Tag::Table(vec![Alignment::None; columns.len()]))
        }
        Event::TaskListMarker(is_done) => Event::Text(if is_done { "☑ " } else { "☐ " }.into()),
        other => other,
    }]
}

/// Returns the tag that opens a link to `address`; without a target if the URL has no meaning for
/// readers of the page.
pub(super) fn link(address: &str, repository: Option<&Repository>) -> String {
    if let Some(fragment) = address.strip_prefix('#') {
        let is_id = !fragment.is_empty() && !fragment.contains(char::is_whitespace);
        return if is_id {
            format!(
                "<a href=\"#{PREFIX}{}\">",
                xml::escaped(&fragment.to_lowercase())
            )
        } else {
            "<a>".to_owned()
        };
    }
    // URLs of private networks have no meaning for readers of a page.
    if url_policy::check_web_url(address).is_none() {
        return format!("<a href=\"{}\" rel=\"{REL}\">", xml::escaped(address));
    }
    match repository.and_then(|it| it.file(address)) {
        Some(file) => format!("<a href=\"{}\" rel=\"{REL}\">", xml::escaped(&file)),
        None => "<a>".to_owned(),
    }
}

/// Collects headings and code, which are processed as a whole.
struct Whole<I> {
    events: I,
}

impl<'t, I: Iterator<Item = Event<'t>>> Whole<I> {
    fn new(events: I) -> Self {
        Whole { events }
    }
}

impl<'t, I: Iterator<Item = Event<'t>>> Iterator for Whole<I> {
    type Item = Piece<'t>;

    fn next(&mut self) -> Option<Piece<'t>> {
        match self.events.next()? {
            Event::Start(Tag::CodeBlock(kind)) => {
                let mut code = String::new();
                for event in self.events.by_ref() {
                    match event {
                        Event::End(TagEnd::CodeBlock) => break,
                        Event::Text(text) => code.push_str(&text),
                        _ => {}
                    }
                }
                let language = if let CodeBlockKind::Fenced(language) = kind {
                    language
                } else {
                    "".into()
                };
                Some(Piece::Code(language, code))
            }
            Event::Start(Tag::Heading { level, .. }) => {
                let (mut inside, mut words) = (Vec::new(), String::new());
                for event in self.events.by_ref() {
                    match &event {
                        Event::End(TagEnd::Heading(_)) => break,
                        Event::Text(text) | Event::Code(text) => words.push_str(text),
                        _ => {}
                    }
                    inside.push(event);
                }
                Some(Piece::Heading(level, inside, words))
            }
            event => Some(Piece::Event(event)),
        }
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

/// Replaces an image by a link to it, or by its text within a link. A page that loads third-party
/// images discloses its readers to them.
struct Images<'t, I: Iterator<Item = Event<'t>>> {
    events: I,
    in_link: usize,
    /// Current image: its URL, and its text so far.
    image: Option<(CowStr<'t>, String)>,
    ready: Vec<Event<'t>>,
}

impl<'t, I: Iterator<Item = Event<'t>>> Images<'t, I> {
    fn new(events: I) -> Self {
        Images {
            events,
            in_link: 0,
            image: None,
            ready: Vec::new(),
        }
    }

    fn end_image(&mut self, address: CowStr<'t>, alt: String) -> Option<Event<'t>> {
        if alt.trim().is_empty() {
            return None;
        }
        let text = Event::Text(alt.into());
        if self.in_link > 0 {
            return Some(text);
        }
        let link = Tag::Link {
            link_type: pulldown_cmark::LinkType::Inline,
            dest_url: address,
            title: "".into(),
            id: "".into(),
        };
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
                (Event::Start(Tag::Image { dest_url, .. }), None) => {
                    self.image = Some((dest_url.clone(), String::new()))
                }
                (Event::End(TagEnd::Image), Some(_)) => {
                    let (address, alt) = self
                        .image
                        .take()
                        .unwrap_or_else(|| ("".into(), String::new()));
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
