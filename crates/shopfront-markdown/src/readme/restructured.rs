//! Basic reStructuredText: headings, paragraphs, lists, code, quotes, links and emphasis; other
//! blocks are shown as written. Directives are not executed.
//!
//! Own code because no existing crate is sufficient: see `ARCHITECTURE.md`, "What is our own, and
//! why".

use std::collections::BTreeMap;

use super::budget::{Excess, Page};
use super::highlight;
use super::markdown::link;
use super::repository::Repository;
use super::slugs::Slugs;
use shopfront_text::xml;

/// Maximum nesting depth of lists and quotes; deeper ones are shown as written.
const DEEPEST: usize = 8;
/// Maximum length in bytes of a role with its colons. There are no longer names, and a row of
/// colons is searched once.
const LONGEST_ROLE: usize = 64;
/// Characters that underline headings.
const ADORNMENTS: &str = "=-~^\"'`#*+:._<>!$%&,/?@|";

/// Returns `true` if a text without a declared type resembles reStructuredText: it has an
/// underlined heading or a directive.
pub(super) fn shows(text: &str) -> bool {
    let lines: Vec<&str> = text.lines().collect();
    let is_heading =
        |pair: &[&str]| is_underline(pair[1], pair[0]) && !pair[0].starts_with([' ', '#', '|']);
    lines.windows(2).any(is_heading) && !text.contains("\n```") && !text.starts_with("# ")
}

/// Converts the text to harmless HTML.
///
/// # Errors
/// Returns an error if it exceeds its budget.
pub(super) fn html(text: &str, repository: Option<&Repository>) -> Result<String, Excess> {
    let text = text.replace("\r\n", "\n").replace('\t', "        ");
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let mut writer = Writer {
        out: Page::for_text(text.len()),
        targets: targets(&lines, repository),
        styles: Vec::new(),
        slugs: Slugs::default(),
        repository,
    };
    writer.blocks(&lines, 0);
    writer.out.finish()
}

/// Returns the named link targets, `.. _name: address`, as the opening tag of a link. The tag may
/// be long, and used very often.
fn targets(lines: &[&str], repository: Option<&Repository>) -> BTreeMap<String, String> {
    let target = |line: &&str| {
        let (name, address) = line.trim_start().strip_prefix(".. _")?.split_once(": ")?;
        Some((
            folded(name.trim_matches('`')),
            link(address.trim(), repository),
        ))
    };
    lines.iter().filter_map(target).collect()
}

/// Normalizes the name of a target: case and white space are ignored.
fn folded(name: &str) -> String {
    name.split_whitespace()
        .collect::<Vec<&str>>()
        .join(" ")
        .to_lowercase()
}

struct Writer<'r> {
    out: Page,
    targets: BTreeMap<String, String>,
    /// Adornments in the order of occurrence: the first is the highest level.
    styles: Vec<(char, bool)>,
    slugs: Slugs,
    repository: Option<&'r Repository>,
}

impl Writer<'_> {
    fn blocks(&mut self, lines: &[&str], depth: usize) {
        let mut at = 0;
        while at < lines.len() && !self.out.is_full() {
            at += if lines[at].is_empty() {
                1
            } else {
                self.block(&lines[at..], depth)
            };
        }
    }

    /// Writes the block at the start of `lines`, and returns its number of lines.
    fn block(&mut self, lines: &[&str], depth: usize) -> usize {
        if let Some((over, title, length)) = heading(lines) {
            self.heading(
                lines[length - 1].chars().next().unwrap_or('='),
                over,
                title.trim(),
            );
            return length;
        }
        if lines[0].starts_with(".. ") || lines[0] == ".." {
            return self.directive(lines, depth);
        }
        if lines[0].starts_with(">>> ") {
            return self.plain(lines, "pycon");
        }
        let is_deep = depth >= DEEPEST;
        if !is_deep && let Some(marker) = marker(lines[0]) {
            return self.list(lines, marker, depth);
        }
        if lines[0].starts_with(' ') {
            let length = indented(lines);
            let inner = dedented(&lines[..length]);
            match is_deep {
                true => self.code(&inner, ""),
                false => self.inside("blockquote", &inner, depth),
            }
            return length;
        }
        if lines[0].starts_with(['|', '+', '='])
            || (lines[0].starts_with(':') && lines[0][1..].contains(':'))
        {
            return self.plain(lines, "");
        }
        self.paragraph(lines)
    }

    fn heading(&mut self, adornment: char, over: bool, title: &str) {
        let style = (adornment, over);
        let known = self.styles.iter().position(|it| *it == style);
        let depth = known.unwrap_or_else(|| {
            self.styles.push(style);
            self.styles.len() - 1
        });
        // The page has two levels of headings above.
        let level = (depth + 3).min(6);
        let id = self.slugs.id(title);
        self.out
            .push_str(&format!("<h{level} id=\"{}\">", xml::escaped(&id)));
        self.inline(title);
        self.out.push_str(&format!("</h{level}>\n"));
    }

    /// Shows code directives as code; every other directive, comment and target is omitted.
    fn directive(&mut self, lines: &[&str], depth: usize) -> usize {
        let length = 1 + indented(&lines[1..]);
        let name = lines[0].trim_start_matches(".. ");
        let of_code = ["code-block::", "code::", "sourcecode::", "parsed-literal::"];
        let notes = [
            "note::",
            "warning::",
            "tip::",
            "important::",
            "caution::",
            "attention::",
            "hint::",
            "danger::",
        ];
        let body = dedented(&lines[1..length]);
        if let Some(directive) = of_code.into_iter().find(|it| name.starts_with(it)) {
            let code: Vec<&str> = body
                .iter()
                .skip_while(|line| line.is_empty() || line.starts_with(':'))
                .copied()
                .collect();
            self.code(&code, name[directive.len()..].trim());
        } else if let Some(note) = notes.into_iter().find(|it| name.starts_with(it)) {
            let mut said = vec![name[note.len()..].trim()];
            said.extend(body);
            // A note within a note is shown as written: each level would copy all of its contents
            // again.
            if depth < DEEPEST {
                self.inside("blockquote", &said, DEEPEST - 1)
            } else {
                self.code(&said, "")
            }
        }
        length
    }

    /// Writes a list whose items have the marker type of the first one.
    fn list(&mut self, lines: &[&str], first: Marker, depth: usize) -> usize {
        let tag = if first.is_numbered { "ol" } else { "ul" };
        self.out.push_str(&format!("<{tag}>\n"));
        let mut at = 0;
        while let Some(marker) = lines
            .get(at)
            .and_then(|line| marker(line))
            .filter(|it| it.is_numbered == first.is_numbered)
        {
            let length = 1 + indented(&lines[at + 1..]);
            let mut item = vec![&lines[at][marker.width..]];
            item.extend(dedented(&lines[at + 1..at + length]));
            self.item(&item, depth);
            at += length;
            at += lines[at..]
                .iter()
                .take_while(|line| line.is_empty())
                .count();
        }
        self.out.push_str(&format!("</{tag}>\n"));
        at
    }

    /// Writes an item; a single paragraph is written without its element.
    fn item(&mut self, lines: &[&str], depth: usize) {
        let end = lines
            .iter()
            .rposition(|line| !line.is_empty())
            .map_or(0, |at| at + 1);
        let is_simple = !lines[..end]
            .iter()
            .any(|line| line.is_empty() || line.starts_with(' ') || marker(line).is_some());
        if is_simple {
            self.out.push_str("<li>");
            self.inline(&lines[..end].join(" "));
            self.out.push_str("</li>\n");
            return;
        }
        self.inside("li", lines, depth);
    }

    fn inside(&mut self, tag: &str, lines: &[&str], depth: usize) {
        self.out.push_str(&format!("<{tag}>\n"));
        self.blocks(lines, depth + 1);
        self.out.push_str(&format!("</{tag}>\n"));
    }

    /// Writes a block as written, up to the next blank line.
    fn plain(&mut self, lines: &[&str], language: &str) -> usize {
        let length = lines.iter().take_while(|line| !line.is_empty()).count();
        self.code(&lines[..length], language);
        length
    }

    fn code(&mut self, lines: &[&str], language: &str) {
        let end = lines
            .iter()
            .rposition(|line| !line.is_empty())
            .map_or(0, |at| at + 1);
        let start = lines
            .iter()
            .position(|line| !line.is_empty())
            .unwrap_or(end);
        if end > start {
            let code = highlight::html(&format!("{}\n", lines[start..end].join("\n")), language);
            self.out
                .push_str(&format!("<pre><code>{code}</code></pre>\n"));
        }
    }

    /// Writes a paragraph; `::` at its end starts a piece of code.
    fn paragraph(&mut self, lines: &[&str]) -> usize {
        let is_end = |at: usize| lines[at].is_empty() || (at > 0 && lines[at].starts_with(".. "));
        let length = (0..lines.len())
            .find(|at| is_end(*at))
            .unwrap_or(lines.len());
        let text = lines[..length].join(" ");
        let said = text.strip_suffix("::").map_or(text.clone(), |before| {
            if before.is_empty() || before.ends_with(' ') {
                before.to_owned()
            } else {
                format!("{before}:")
            }
        });
        if !said.trim().is_empty() {
            self.out.push_str("<p>");
            self.inline(said.trim());
            self.out.push_str("</p>\n");
        }
        if !text.ends_with("::") {
            return length;
        }
        let code = length + indented(&lines[length..]);
        let body = dedented(&lines[length..code]);
        self.code(&body, "");
        code.max(length)
    }

    /// Writes text with emphasis, code and links.
    fn inline(&mut self, text: &str) {
        let mut rest = text;
        let mut plain = String::new();
        while let Some(next) = rest.chars().next().filter(|_| !self.out.is_full()) {
            let is_apart = plain
                .chars()
                .next_back()
                .is_none_or(|it| !it.is_alphanumeric());
            match Some(rest)
                .filter(|_| is_apart && "`*:".contains(next))
                .and_then(span)
            {
                Some((span, length)) => {
                    self.out.push_str(&xml::escaped(&plain));
                    plain.clear();
                    self.span(&span);
                    rest = &rest[length..];
                }
                None if next == '_' && self.ends_with_target(&plain, rest) => {
                    let start = plain.trim_end_matches(char::is_alphanumeric).len();
                    self.out.push_str(&xml::escaped(&plain[..start]));
                    self.span(&Span::Link(&plain[start..], None));
                    plain.clear();
                    rest = &rest[1..];
                }
                None if next == '\\' => {
                    // An escaped character represents itself, an escaped space is removed.
                    let escaped = rest[1..].chars().next();
                    plain.extend(escaped.filter(|it| *it != ' '));
                    rest = &rest[1 + escaped.map_or(0, char::len_utf8)..];
                }
                None => {
                    plain.push(next);
                    rest = &rest[next.len_utf8()..];
                }
            }
        }
        self.out.push_str(&xml::escaped(&plain));
    }

    /// Returns `true` if `before` ends with the name of a target, and `rest` starts with the
    /// underscore of a link.
    fn ends_with_target(&self, before: &str, rest: &str) -> bool {
        let word = &before[before.trim_end_matches(char::is_alphanumeric).len()..];
        let is_ended = rest[1..]
            .chars()
            .next()
            .is_none_or(|it| !it.is_alphanumeric() && it != '_');
        is_ended && !word.is_empty() && self.targets.contains_key(&folded(word))
    }

    fn span(&mut self, span: &Span<'_>) {
        let (tag, text) = match span {
            Span::Code(text) => ("code", *text),
            Span::Strong(text) => ("strong", *text),
            Span::Emphasis(text) => ("em", *text),
            Span::Link(text, address) => {
                let stated = address.map(|address| link(address, self.repository));
                let open = stated
                    .as_deref()
                    .or_else(|| Some(self.targets.get(&folded(text))?))
                    .unwrap_or("<a>");
                self.out.push_str(open);
                self.out.push_str(&xml::escaped(text));
                self.out.push_str("</a>");
                return;
            }
        };
        self.out
            .push_str(&format!("<{tag}>{}</{tag}>", xml::escaped(text)));
    }
}

/// Inline markup of a line.
enum Span<'t> {
    Code(&'t str),
    Strong(&'t str),
    Emphasis(&'t str),
    /// Link text and URL; without a URL, it is a named target.
    Link(&'t str, Option<&'t str>),
}

/// Returns the span at the start of `rest`, and its length.
fn span(rest: &str) -> Option<(Span<'_>, usize)> {
    let between = |open: &str| -> Option<(&str, usize)> {
        let inside = rest.strip_prefix(open)?;
        let end = inside
            .find(open)
            .filter(|end| *end > 0 && !inside.starts_with(' ') && !inside[..*end].ends_with(' '))?;
        Some((&inside[..end], end + 2 * open.len()))
    };
    if let Some((text, length)) = between("``") {
        return Some((Span::Code(text), length));
    }
    if let Some((text, length)) = between("**") {
        return Some((Span::Strong(text), length));
    }
    if let Some((text, length)) = between("*").filter(|_| !rest.starts_with("**")) {
        return Some((Span::Emphasis(text), length));
    }
    // `:role:`text`` is replaced by its text.
    if rest.starts_with(':') {
        let role = rest
            .bytes()
            .take(LONGEST_ROLE)
            .take_while(|it| it.is_ascii_alphanumeric() || b"-_:".contains(it))
            .count();
        let inside = rest[role..]
            .strip_prefix('`')
            .filter(|_| rest[..role].ends_with(':'))?;
        let (text, _) = inside.split_once('`')?;
        return Some((Span::Code(text), role + text.len() + 2));
    }
    let (text, length) = between("`").filter(|_| !rest.starts_with("``"))?;
    let behind = &rest[length..];
    let underscores = behind.len() - behind.trim_start_matches('_').len();
    if underscores == 0 {
        return Some((Span::Emphasis(text), length));
    }
    let stated = text.strip_suffix('>').and_then(|it| it.rsplit_once('<'));
    let link = match stated {
        Some((words, address)) => Span::Link(
            if words.trim().is_empty() {
                address
            } else {
                words.trim()
            },
            Some(address),
        ),
        None => Span::Link(text, None),
    };
    Some((link, length + underscores.min(2)))
}

/// Returns the heading at the start of `lines`: `true` if it has an overline, its text, and its
/// number of lines.
fn heading<'t>(lines: &[&'t str]) -> Option<(bool, &'t str, usize)> {
    if let [over, title, under, ..] = lines
        && over == under
        && is_underline(under, title.trim())
    {
        return Some((true, title, 3));
    }
    let [title, under, ..] = lines else {
        return None;
    };
    (!title.starts_with(' ') && is_underline(under, title)).then_some((false, title, 2))
}

fn is_underline(line: &str, title: &str) -> bool {
    let Some(first) = line.chars().next() else {
        return false;
    };
    let is_long = line.chars().count() >= title.chars().count().min(4) && line.len() >= 2;
    is_long
        && ADORNMENTS.contains(first)
        && line.chars().all(|it| it == first)
        && title.chars().any(char::is_alphanumeric)
}

/// Start of a list item.
#[derive(Clone, Copy)]
struct Marker {
    is_numbered: bool,
    width: usize,
}

fn marker(line: &str) -> Option<Marker> {
    if ["* ", "- ", "+ ", "• "]
        .iter()
        .any(|it| line.starts_with(it))
    {
        let width = line.find(' ')? + 1;
        return Some(Marker {
            is_numbered: false,
            width,
        });
    }
    let width = line.find([' '])? + 1;
    let number = line[..width - 1]
        .strip_suffix(['.', ')'])?
        .trim_start_matches('(');
    let is_number = (1..=3).contains(&number.len())
        && number.chars().all(|it| it.is_ascii_digit() || it == '#');
    is_number.then_some(Marker {
        is_numbered: true,
        width,
    })
}

/// Returns the number of leading lines that are blank or indented, without trailing blank lines.
fn indented(lines: &[&str]) -> usize {
    let taken = lines
        .iter()
        .take_while(|line| line.is_empty() || line.starts_with(' '))
        .count();
    lines[..taken]
        .iter()
        .rposition(|line| !line.is_empty())
        .map_or(0, |at| at + 1)
}

/// Returns the lines without their common leading white space.
fn dedented<'t>(lines: &[&'t str]) -> Vec<&'t str> {
    let indent = |line: &&str| line.len() - line.trim_start_matches(' ').len();
    let least = lines
        .iter()
        .filter(|line| !line.is_empty())
        .map(indent)
        .min()
        .unwrap_or(0);
    lines
        .iter()
        .map(|line| line.get(least..).unwrap_or_default())
        .collect()
}
