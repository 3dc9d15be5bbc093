//! Properties of comments on GitHub: nothing in them is active except links of this program.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

fn events(text: &str) -> impl Iterator<Item = Event<'_>> {
    Parser::new_ext(
        text,
        Options::ENABLE_TABLES
            | Options::ENABLE_STRIKETHROUGH
            | Options::ENABLE_TASKLISTS
            | Options::ENABLE_FOOTNOTES,
    )
}

/// Returns the words outside of code, block by block: GitHub looks for mentions, issues, commits,
/// emoji and URLs there.
fn words(text: &str) -> Vec<String> {
    let mut blocks = vec![String::new()];
    for event in events(text) {
        match event {
            Event::Text(words) => blocks.last_mut().expect("there is one").push_str(&words),
            Event::Code(_) => blocks.last_mut().expect("there is one").push('\u{fffc}'),
            Event::Start(Tag::TableCell | Tag::Paragraph | Tag::Item | Tag::Heading { .. }) => {
                blocks.push(String::new())
            }
            _ => {}
        }
    }
    blocks
}

/// Returns the number of cells of each row of each table, including headers.
pub(crate) fn cells(text: &str) -> Vec<usize> {
    let mut rows = Vec::new();
    let mut count = 0;
    for event in events(text) {
        match event {
            Event::End(TagEnd::TableCell) => count += 1,
            Event::End(TagEnd::TableRow | TagEnd::TableHead) => {
                rows.push(std::mem::take(&mut count))
            }
            _ => {}
        }
    }
    rows
}

/// Returns the destinations of links. Fails on images and tags.
pub(crate) fn links(text: &str) -> Vec<String> {
    let mut links = Vec::new();
    for event in events(text) {
        match event {
            Event::Html(html) | Event::InlineHtml(html) => panic!("a tag: {html}\n{text}"),
            Event::Start(Tag::Image { dest_url, .. }) => panic!("a picture: {dest_url}\n{text}"),
            Event::Start(Tag::Link { dest_url, .. }) => links.push(dest_url.to_string()),
            Event::FootnoteReference(_) | Event::TaskListMarker(_) => {
                panic!("neither is ours: {event:?}\n{text}")
            }
            _ => {}
        }
    }
    links
}

/// Fails if untrusted text is more than text, in a report without links of this program.
pub(crate) fn assert_inert(text: &str) {
    assert_eq!(links(text), Vec::<String>::new(), "{text}");
    assert_words_are_inert(text);
    // Programs that accept commands from comments read the raw text line by line.
    for line in text.lines() {
        assert!(!line.trim_start().starts_with('/'), "an order: {line}");
        assert!(
            !line.contains(['\r', '\u{1b}', '\u{202e}', '\u{2028}']),
            "{line:?}"
        );
    }
    let after = |at: usize| text[at + 1..].chars().next().unwrap_or(' ');
    let mentions = text
        .match_indices('@')
        .filter(|(at, _)| after(*at) != '\u{2060}');
    assert_eq!(mentions.count(), 0, "{text}");
}

/// Fails if GitHub would turn something in the words into a link or an image.
pub(crate) fn assert_words_are_inert(text: &str) {
    for block in words(text) {
        for live in ["://", "www.", "mailto:", "xmpp:", "GH-"] {
            assert!(!block.contains(live), "`{live}` in {block}");
        }
        for (at, mark) in block.match_indices(['@', '#', ':']) {
            let next = block[at + mark.len()..].chars().next().unwrap_or(' ');
            assert!(
                !next.is_alphanumeric() && !matches!(next, '+' | '-' | '_'),
                "`{mark}{next}` in {block}"
            );
        }
        let is_commit =
            |word: &str| word.len() >= 7 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
        let commit = block
            .split(|it: char| !it.is_ascii_alphanumeric())
            .find(|word| is_commit(word));
        assert_eq!(commit, None, "{block}");
    }
}
