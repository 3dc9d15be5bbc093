//! What GitHub would make of a comment: that nothing in it is live but links of our own.

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

/// The words outside of code, block by block: where GitHub looks for mentions, issues, commits,
/// emoji and addresses.
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

/// How many cells each row of each table has, heads included.
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

/// Where links lead; a picture or a tag is a failure.
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

/// Fails when something that a stranger wrote is more than text, in a report without links of ours.
pub(crate) fn assert_inert(text: &str) {
    assert_eq!(links(text), Vec::<String>::new(), "{text}");
    assert_words_are_inert(text);
    // Programs that take orders from comments read them line by line, as they were sent.
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

/// Fails when GitHub would find something in the words to make a link or a picture of.
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
