//! The first paragraph of a long description as plain text: what a package says of itself where it
//! has no summary.

use pulldown_cmark::{Event, Options, Tag, TagEnd};

use shopfront_markdown as markdown;

/// Shorter ones are headings in disguise, longer ones no summary.
const SHORTEST: usize = 20;
/// Bytes of a long description in which the first paragraph is looked for.
const MOST_BYTES: usize = 64 << 10;
/// As long as a listing may say what a plugin does, in characters.
pub(super) const LONGEST: usize = 300;

/// The first paragraph of prose in `text`, of the media type `content_type`; `None` where it is not
/// plainly one.
///
/// Only what certainly reads as a sentence is taken: badges, headings, lists and markup that would
/// have to be guessed at are passed over, and a paragraph that is too short ends the search. Of one
/// that is too long its first sentence is taken.
pub(super) fn lead(text: &str, content_type: Option<&str>) -> Option<String> {
    let media_type = content_type
        .unwrap_or_default()
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    let found = match media_type.as_str() {
        "text/markdown" => of_markdown(text),
        // Without a type it is reStructuredText, says the core metadata specification.
        _ => of_plain(text),
    }?;
    let found = if found.chars().count() > LONGEST {
        first_sentence(&found)?.to_owned()
    } else {
        found
    };
    let length = found.chars().count();
    let is_sentence = found.contains(' ') && found.chars().next().is_some_and(char::is_alphabetic);
    ((SHORTEST..=LONGEST).contains(&length) && is_sentence).then_some(found)
}

/// The text up to the first full stop that surely ends a sentence: behind a plain word and before a
/// capital. `e.g. Python` and `Dr. Example` have none.
pub(super) fn first_sentence(text: &str) -> Option<&str> {
    const SHORTEST_WORD: usize = 4;
    let ends = text.match_indices(". ").map(|(at, _)| at).find(|at| {
        let word = text[..*at].rsplit(' ').next().unwrap_or_default();
        let is_plain =
            word.len() >= SHORTEST_WORD && word.bytes().all(|it| it.is_ascii_lowercase());
        is_plain && text[at + 2..].starts_with(char::is_uppercase)
    })?;
    Some(&text[..=ends])
}

fn of_markdown(text: &str) -> Option<String> {
    let (mut words, mut depth, mut links, mut is_within) = (String::new(), 0_usize, 0_usize, false);
    let mut linked = 0_usize;
    // What a listing says stands at the beginning of a text.
    let beginning = &text[..text.floor_char_boundary(MOST_BYTES)];
    for event in markdown::parser(beginning, Options::empty()).ok()? {
        match event {
            Event::Start(Tag::Paragraph) if depth == 0 => is_within = true,
            Event::End(TagEnd::Paragraph) if depth == 0 => {
                let plain = one_line(&words);
                // A row of badges is nothing but links and pictures.
                if plain.chars().count() > linked {
                    return Some(plain);
                }
                (is_within, linked) = (false, 0);
                words.clear();
            }
            Event::Start(Tag::Link { .. }) => links += 1,
            Event::End(TagEnd::Link) => links = links.saturating_sub(1),
            Event::Start(
                Tag::Image { .. } | Tag::BlockQuote(_) | Tag::List(_) | Tag::HtmlBlock,
            ) => depth += 1,
            Event::End(
                TagEnd::Image | TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::HtmlBlock,
            ) => depth = depth.saturating_sub(1),
            Event::Text(part) | Event::Code(part) if is_within && depth == 0 => {
                linked += if links > 0 { part.chars().count() } else { 0 };
                words.push_str(&part);
            }
            Event::SoftBreak | Event::HardBreak => words.push(' '),
            _ => {}
        }
    }
    None
}

/// Of reStructuredText only a paragraph without any markup: `:role:`, `|substitution|`, links,
/// literals.
fn of_plain(text: &str) -> Option<String> {
    let is_rule = |line: &str| line.len() >= 3 && line.chars().all(|it| it.is_ascii_punctuation());
    for paragraph in text.replace("\r\n", "\n").split("\n\n") {
        let lines: Vec<&str> = paragraph
            .lines()
            .filter(|line| !line.trim().is_empty())
            .collect();
        let is_heading = lines.iter().any(|line| is_rule(line.trim()));
        let is_markup = lines
            .iter()
            .any(|line| line.starts_with(|it: char| it.is_whitespace() || "-*|:.>#".contains(it)));
        if lines.is_empty() || is_heading || is_markup {
            continue;
        }
        let plain = one_line(paragraph);
        return (!plain.contains(['`', '|', '*', '<']) && !plain.contains("_ ")).then_some(plain);
    }
    None
}

/// Markdown writes any character as a reference: what was hidden in the source is hidden no more.
fn one_line(text: &str) -> String {
    shopfront_text::line(text)
}
