//! Harmless HTML that a reader can see all of: no hidden character, nothing made smaller and
//! smaller, nothing moved aside by quotes within quotes.
//!
//! What a text hides can not be told from its source, where character references, escapes and
//! comments stand between its letters: it is told from the HTML that was made of it.

use shopfront_text as text;

/// Elements within lines. What is in them stands beside what is not: marks of both fall on one
/// letter.
const WITHIN_LINES: &[&str] = &[
    "a", "abbr", "b", "cite", "code", "del", "em", "i", "ins", "kbd", "mark", "q", "s", "samp",
    "small", "span", "strong", "sub", "sup", "u", "var",
];
/// Elements with smaller letters than those around them, or moved up or down.
const SMALLER: &[&str] = &["sub", "sup", "small", "code", "kbd", "samp"];
/// Elements that begin further inside than what is around them.
const INDENTED: &[&str] = &["ul", "ol", "blockquote", "dd"];
/// Indented elements within each other, of which the innermost still has room on a small screen.
const MOST_INDENTED: usize = 8;

/// `html`, as the sanitizer writes it, without hidden characters, without elements of smaller
/// letters within each other, and without indentation beyond [`MOST_INDENTED`].
pub(super) fn legible(html: &str) -> String {
    let mut pieces = Pieces::default();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        pieces.text(&rest[..at]);
        let end = end_of_tag(&rest[at..]);
        pieces.tag(&rest[at..at + end]);
        rest = &rest[at + end..];
    }
    pieces.text(rest);
    pieces.joined(html.len())
}

/// The bytes of the tag that `html` begins with; a `>` in the value of an attribute ends none.
fn end_of_tag(html: &str) -> usize {
    let mut is_quoted = false;
    let end = html.bytes().position(|byte| {
        is_quoted ^= byte == b'"';
        byte == b'>' && !is_quoted
    });
    end.map_or(html.len(), |end| end + 1)
}

/// HTML in pieces, and what its readers read.
#[derive(Default)]
struct Pieces<'h> {
    all: Vec<Piece<'h>>,
    /// The text without its tags, where each block begins a line.
    read: String,
    /// The open elements, and whether each stays.
    open: Vec<(&'h str, bool)>,
    smaller: usize,
    indented: usize,
}

/// A piece of HTML, and the bytes of [`Pieces::read`] that it stands for.
struct Piece<'h> {
    html: &'h str,
    read: usize,
}

impl<'h> Pieces<'h> {
    fn push(&mut self, html: &'h str, read: &str) {
        self.all.push(Piece {
            html,
            read: read.len(),
        });
        self.read.push_str(read);
    }

    /// Text as HTML writes it: each reference is one character.
    fn text(&mut self, html: &'h str) {
        let mut rest = html;
        while let Some(at) = rest.find('&') {
            self.push(&rest[..at], &rest[..at]);
            let end = rest[at..].find(';').map_or(rest.len(), |end| at + end + 1);
            let written = &rest[at..end];
            self.push(written, if written == "&nbsp;" { "\u{a0}" } else { "&" });
            rest = &rest[end..];
        }
        self.push(rest, rest);
    }

    fn tag(&mut self, tag: &'h str) {
        let is_end = tag.starts_with("</");
        let name = tag
            .trim_start_matches(['<', '/'])
            .split([' ', '>', '/'])
            .next()
            .unwrap_or_default();
        let is_kept = match is_end {
            true => self.close(),
            false => self.begin(name),
        };
        let read = if WITHIN_LINES.contains(&name) {
            ""
        } else {
            "\n"
        };
        self.push(if is_kept { tag } else { "" }, read);
    }

    /// Whether an element stays that begins here.
    fn begin(&mut self, name: &'h str) -> bool {
        if matches!(name, "br" | "hr") {
            return true;
        }
        let is_kept = !(SMALLER.contains(&name) && self.smaller > 0
            || INDENTED.contains(&name) && self.indented >= MOST_INDENTED);
        if is_kept {
            self.smaller += usize::from(SMALLER.contains(&name));
            self.indented += usize::from(INDENTED.contains(&name));
        }
        self.open.push((name, is_kept));
        is_kept
    }

    /// Whether the end of the innermost element stays, as its beginning did.
    fn close(&mut self) -> bool {
        let Some((name, is_kept)) = self.open.pop() else {
            return true;
        };
        if is_kept {
            self.smaller -= usize::from(SMALLER.contains(&name));
            self.indented -= usize::from(INDENTED.contains(&name));
        }
        is_kept
    }

    /// The HTML of all pieces, without what is hidden in them.
    fn joined(self, capacity: usize) -> String {
        let mut out = String::with_capacity(capacity);
        let mut hidden = text::hidden(&self.read)
            .filter(|it| !it.ends_or_indents())
            .peekable();
        let mut read = 0;
        for Piece { html, read: length } in self.all {
            let mut from = 0;
            // A reference stands for a character that is never hidden.
            while let Some(it) = hidden.next_if(|it| it.at < read + length) {
                out.push_str(&html[from..it.at - read]);
                if it.kind == text::HiddenKind::Control {
                    out.push(' ');
                }
                from = it.at - read + it.character.len_utf8();
            }
            out.push_str(&html[from..]);
            read += length;
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::legible;

    #[test]
    fn hidden_characters_go_and_letters_keep_the_marks_that_readers_can_tell() {
        let cases = [
            ("<p>a\u{202e}b</p>", "<p>ab</p>"),
            ("<p>a\u{1b}[31m\u{e0041}\u{3164}</p>", "<p>a [31m</p>"),
            (
                "<p>e\u{301}<b>x\u{300}</b></p>\n<p>y</p>",
                "<p>e\u{301}<b>x\u{300}</b></p>\n<p>y</p>",
            ),
            // Five marks on one letter, however they are divided.
            (
                "a\u{300}\u{301}<i>\u{302}</i>\u{303}<b>\u{304}</b>",
                "a\u{300}\u{301}<i>\u{302}</i>\u{303}<b></b>",
            ),
            // A mark at the beginning of a block would fall on what is before it.
            (
                "<p>a</p><p>\u{300}b</p>&nbsp;\u{300}&amp;\u{301}",
                "<p>a</p><p>b</p>&nbsp;&amp;\u{301}",
            ),
            (
                "<a href=\"https://x.example/?a>b\">c\u{200b}</a>",
                "<a href=\"https://x.example/?a>b\">c</a>",
            ),
            (
                "\u{1f469}\u{200d}\u{1f4bb} &lt;script&gt; \u{200d}",
                "\u{1f469}\u{200d}\u{1f4bb} &lt;script&gt; ",
            ),
        ];
        for (html, expected) in cases {
            assert_eq!(legible(html), expected, "{html}");
        }
    }

    #[test]
    fn letters_become_smaller_once_and_lists_move_inward_a_few_times() {
        assert_eq!(
            legible("<sub>a<sup>b</sup><b><small>c</small></b></sub><sub>d</sub>"),
            "<sub>ab<b>c</b></sub><sub>d</sub>"
        );
        assert_eq!(
            legible("<pre><code>a<sub>b<br></sub></code></pre>"),
            "<pre><code>ab<br></code></pre>"
        );
        for (open, close) in [
            ("<ul><li>", "</li></ul>"),
            ("<blockquote>", "</blockquote>"),
            ("<dl><dd>", "</dd></dl>"),
            ("<ol><li><blockquote>", "</blockquote></li></ol>"),
        ] {
            let html = legible(&format!(
                "{}a{}<ul><li>b</li></ul>",
                open.repeat(50),
                close.repeat(50)
            ));
            let count = |tag: &str| html.matches(tag).count();
            let indented = |end: &str| {
                ["ul", "ol", "blockquote", "dd"]
                    .iter()
                    .map(|name| count(&format!("<{end}{name}>")))
                    .sum::<usize>()
            };
            assert_eq!((indented(""), indented("/")), (9, 9), "{html}");
        }
    }
}
