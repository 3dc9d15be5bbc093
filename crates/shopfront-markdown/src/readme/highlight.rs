//! Syntax highlighting of code in long descriptions at build time: comments, strings, numbers,
//! keywords and names only.
//!
//! Own code because no existing crate is sufficient: see `ARCHITECTURE.md`, "What is our own, and
//! why".

use super::languages::{self, Language, Manner};
use shopfront_text::xml;

/// Maximum length in bytes of highlighted code; longer code is not useful on a page.
const LONGEST: usize = 64 << 10;

/// Returns `code` as HTML with highlighted parts; only escaped if the language is unknown.
pub(super) fn html(code: &str, language: &str) -> String {
    match languages::named(language).filter(|_| code.len() <= LONGEST) {
        None => xml::escaped(code).into_owned(),
        Some(language) if language.manner == Manner::Session => session(code),
        Some(language) => Scanner {
            language,
            code,
            at: 0,
            open_until: Vec::new(),
            out: String::with_capacity(code.len() * 2),
        }
        .run(),
    }
}

/// Type of a part of code, with its class in the stylesheet.
#[derive(Clone, Copy)]
enum Part {
    Comment,
    Text,
    Number,
    Keyword,
    Name,
}

fn mark(out: &mut String, part: Part, text: &str) {
    let class = match part {
        Part::Comment => "c",
        Part::Text => "s",
        Part::Number => "n",
        Part::Keyword => "k",
        Part::Name => "t",
    };
    out.push_str("<span class=\"");
    out.push_str(class);
    out.push_str("\">");
    out.push_str(&xml::escaped(text));
    out.push_str("</span>");
}

/// Highlights a terminal session: input is distinct from output.
fn session(code: &str) -> String {
    let mut out = String::with_capacity(code.len() * 2);
    for line in code.split_inclusive('\n') {
        let typed = ["$ ", "> ", "# ", "% "]
            .into_iter()
            .find(|prompt| line.starts_with(prompt));
        match typed {
            Some(prompt) => {
                mark(&mut out, Part::Comment, prompt);
                out.push_str(&xml::escaped(&line[prompt.len()..]));
            }
            None => mark(&mut out, Part::Text, line),
        }
    }
    out
}

struct Scanner<'c> {
    language: &'static Language,
    code: &'c str,
    at: usize,
    /// Quotes that are unclosed up to a position: searching for the end again at each of them
    /// would take quadratic time.
    open_until: Vec<(&'static str, usize)>,
    out: String,
}

impl<'c> Scanner<'c> {
    fn run(mut self) -> String {
        while let Some(next) = self.rest().chars().next() {
            let (part, length) = self.part(next);
            let text = &self.code[self.at..self.at + length];
            match part {
                Some(part) => mark(&mut self.out, part, text),
                None => self.out.push_str(&xml::escaped(text)),
            }
            self.at += length;
        }
        self.out
    }

    fn rest(&self) -> &'c str {
        &self.code[self.at..]
    }

    /// Returns the type and the length in bytes of the part at the current position.
    fn part(&mut self, next: char) -> (Option<Part>, usize) {
        let rest = self.rest();
        if let Some(length) = self.comment(rest) {
            return (Some(Part::Comment), length);
        }
        if let Some(length) = self.string(rest) {
            let is_key = self.language.manner == Manner::Keys
                && rest[length..].trim_start_matches(' ').starts_with(':');
            return (Some(if is_key { Part::Name } else { Part::Text }), length);
        }
        if next.is_ascii_digit() {
            return (
                Some(Part::Number),
                length_of(rest, |it| {
                    it.is_ascii_alphanumeric() || it == '_' || it == '.'
                }),
            );
        }
        if next.is_alphabetic() || next == '_' {
            let length = length_of(rest, |it| {
                it.is_alphanumeric()
                    || it == '_'
                    || (it == '-' && self.language.manner == Manner::Keys)
            });
            return (self.word(&rest[..length], &rest[length..]), length);
        }
        (None, next.len_utf8())
    }

    fn comment(&self, rest: &str) -> Option<usize> {
        // A `#` inside of a word, as in a URL, does not start a comment.
        let is_apart = self.code[..self.at]
            .chars()
            .next_back()
            .is_none_or(char::is_whitespace);
        if is_apart && self.language.comments.iter().any(|it| rest.starts_with(it)) {
            return Some(rest.find('\n').unwrap_or(rest.len()));
        }
        let (open, close) = self
            .language
            .blocks
            .iter()
            .find(|(open, _)| rest.starts_with(open))?;
        Some(
            rest[open.len()..]
                .find(close)
                .map_or(rest.len(), |at| open.len() + at + close.len()),
        )
    }

    /// Returns the length of a closed string; a single apostrophe in a sentence does not start
    /// one.
    fn string(&mut self, rest: &str) -> Option<usize> {
        let (quote, has_lines) = self
            .language
            .strings
            .iter()
            .find(|(quote, _)| rest.starts_with(quote))?;
        if self
            .open_until
            .iter()
            .any(|(open, until)| open == quote && self.at < *until)
        {
            return None;
        }
        let mut at = quote.len();
        while let Some(next) = rest[at..].chars().next() {
            match next {
                _ if rest[at..].starts_with(quote) => return Some(at + quote.len()),
                '\\' => at += 1 + rest[at + 1..].chars().next().map_or(0, char::len_utf8),
                '\n' if !has_lines => break,
                _ => at += next.len_utf8(),
            }
        }
        self.open_until.retain(|(open, _)| open != quote);
        self.open_until.push((quote, self.at + at));
        None
    }

    fn word(&self, word: &str, behind: &str) -> Option<Part> {
        let Language {
            keywords, manner, ..
        } = self.language;
        let is_keyword = match manner {
            Manner::AnyCase => keywords.split(' ').any(|it| it.eq_ignore_ascii_case(word)),
            _ => keywords.split(' ').any(|it| it == word),
        };
        if is_keyword {
            return Some(Part::Keyword);
        }
        let before = &self.code[..self.at];
        let is_name = match manner {
            Manner::Keys => {
                behind.trim_start_matches(' ').starts_with([':', '='])
                    && before
                        .trim_end_matches([' ', '-'])
                        .ends_with(['\n', '{', ';', ','])
            }
            Manner::Tags => before.ends_with('<') || before.ends_with("</"),
            _ => behind.starts_with('('),
        };
        (is_name || (*manner == Manner::Keys && before.trim_end_matches([' ', '-']).is_empty()))
            .then_some(Part::Name)
    }
}

fn length_of(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|it| !belongs(it)).unwrap_or(text.len())
}
