//! First paragraph of a long description as plain text: the description of a package without a
//! summary.

use pulldown_cmark::{Event, Options, Tag, TagEnd};

use shopfront_markdown as markdown;

/// Minimum length in characters; shorter paragraphs are headings in disguise.
const SHORTEST: usize = 20;
/// Maximum number of bytes of a long description that are searched.
const MOST_BYTES: usize = 64 << 10;
/// Maximum length of a description in a listing, in characters.
pub(super) const LONGEST: usize = 300;

/// Returns the first prose paragraph of `text` with the media type `content_type`; `None` if it
/// is not clearly prose.
///
/// Only text that is certainly a sentence is used. Badges, headings, lists and ambiguous markup
/// are skipped. A paragraph that is too short ends the search; one that is too long is reduced to
/// its first sentence.
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
        // The core metadata specification defines reStructuredText as the default type.
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

/// Returns the text up to the first full stop that certainly ends a sentence: after a plain word
/// and before a capital. `e.g. Python` and `Dr. Example` contain none.
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
    // The relevant text is at the beginning.
    let beginning = &text[..text.floor_char_boundary(MOST_BYTES)];
    for event in markdown::parser(beginning, Options::empty()).ok()? {
        match event {
            Event::Start(Tag::Paragraph) if depth == 0 => is_within = true,
            Event::End(TagEnd::Paragraph) if depth == 0 => {
                let plain = one_line(&words);
                // A row of badges consists only of links and images.
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

/// Returns a reStructuredText paragraph without markup: no `:role:`, `|substitution|`, links or
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
