//! Removal of HTML comments from Markdown before further processing: they are invisible, and may
//! be long.

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

/// Events without comments that form or start blocks and lines of HTML.
pub(super) struct WithoutComments<I> {
    events: I,
}

impl<'t, I: Iterator<Item = Event<'t>>> WithoutComments<I> {
    pub(super) fn new(events: I) -> Self {
        WithoutComments { events }
    }

    /// Returns the HTML of the current block, as one piece.
    fn block(&mut self) -> CowStr<'t> {
        let mut block = String::new();
        for event in self.events.by_ref() {
            match event {
                Event::End(TagEnd::HtmlBlock) => break,
                Event::Html(line) | Event::Text(line) => block.push_str(&line),
                _ => {}
            }
        }
        match behind_comment(&block) {
            Some(behind) => behind.to_owned().into(),
            None => block.into(),
        }
    }
}

impl<'t, I: Iterator<Item = Event<'t>>> Iterator for WithoutComments<I> {
    type Item = Event<'t>;

    fn next(&mut self) -> Option<Event<'t>> {
        Some(match self.events.next()? {
            Event::Start(Tag::HtmlBlock) => Event::Html(self.block()),
            Event::InlineHtml(html) => Event::InlineHtml(
                behind_comment(&html).map_or(html.clone(), |behind| behind.to_owned().into()),
            ),
            event => event,
        })
    }
}

/// Returns the text after the comment at the start of `html`. Returns `None` if there is no
/// comment, or one that parsers end in different positions.
fn behind_comment(html: &str) -> Option<&str> {
    let inside = html
        .trim_start()
        .strip_prefix("<!--")
        .filter(|inside| !inside.starts_with(['>', '-']))?;
    let (comment, behind) = inside.split_once("-->").unwrap_or((inside, ""));
    (!comment.contains("--!>")).then_some(behind)
}

#[cfg(test)]
mod tests {
    use super::behind_comment;

    #[test]
    fn a_comment_ends_where_every_reader_ends_it() {
        let cases = [
            ("<!-- a -->\n<b>", Some("\n<b>")),
            ("  <!-- a\n\n<i> -->", Some("")),
            ("<!-- a", Some("")),
            ("<b><!-- a -->", None),
            ("<!--> a -->", None),
            ("<!---> a -->", None),
            ("<!-- a --!> b -->", None),
        ];
        for (html, expected) in cases {
            assert_eq!(behind_comment(html), expected, "{html}");
        }
    }
}
