//! Tests of long descriptions with expensive shapes: each is rendered within its budget, or shown
//! as plain text. The store is always published.

use shopfront_markdown::readme::{Excess, ReadmeHtml};

use crate::fake_index::project_json;
use crate::properties::readme::is_harmless;
use crate::support;

const MARKDOWN: &str = "text/markdown";
const RESTRUCTURED: &str = "text/x-rst";

/// Text of about `bytes`: `start`, `first` repeated up to its middle, then `between`, then `second`
/// repeated up to its end.
struct Shape {
    name: &'static str,
    content_type: &'static str,
    start: &'static str,
    first: &'static str,
    between: &'static str,
    second: &'static str,
}

impl Shape {
    const fn of(content_type: &'static str, name: &'static str, first: &'static str) -> Shape {
        Shape {
            name,
            content_type,
            start: "",
            first,
            between: "",
            second: first,
        }
    }

    const fn then(self, between: &'static str, second: &'static str) -> Shape {
        Shape {
            between,
            second,
            ..self
        }
    }

    const fn behind(self, start: &'static str) -> Shape {
        Shape { start, ..self }
    }

    fn text(&self, bytes: usize) -> String {
        // `№` is replaced by a different number each time.
        let mut number = 0;
        let mut half = |part: &str| {
            let mut text = String::new();
            while !part.is_empty() && text.len() + part.len() <= bytes / 2 {
                number += 1;
                text.push_str(&part.replace('№', &number.to_string()));
            }
            text
        };
        self.start.to_owned() + &half(self.first) + self.between + &half(self.second)
    }

    fn html(&self, bytes: usize) -> ReadmeHtml {
        ReadmeHtml::of(
            &self.text(bytes),
            Some(self.content_type),
            Some("https://github.com/harbour/tides"),
        )
    }
}

const fn md(name: &'static str, first: &'static str) -> Shape {
    Shape::of(MARKDOWN, name, first)
}

const fn rst(name: &'static str, first: &'static str) -> Shape {
    Shape::of(RESTRUCTURED, name, first)
}

/// Shapes whose rendering time would be quadratic, or whose HTML would be quadratic or a large
/// multiple of the text.
static COSTLY: &[(Shape, Excess)] = &[
    (md("boxes in boxes", "<div>"), Excess::Steps),
    (
        md("boxes in boxes, a block each", "<div>\n\n"),
        Excess::Steps,
    ),
    (
        md("boxes that nothing closes rightly", "<div>").then("", "</x>"),
        Excess::Steps,
    ),
    (md("lists in lists", "<ul><li>"), Excess::Steps),
    (md("paragraphs in boxes", "<div><p>"), Excess::Steps),
    (md("formats in formats", "<b><i><a><font>"), Excess::Steps),
    (md("formats that differ", "<b x=№>"), Excess::Steps),
    (
        md("formats that are opened again in each paragraph", "<b x=№>").then("", "<p>x"),
        Excess::Steps,
    ),
    (
        md(
            "formats that are opened again in each paragraph of Markdown",
            "<b x=№>",
        )
        .then("\n\n", "x\n\n"),
        Excess::Steps,
    ),
    (
        md("formats that blocks close", "<b>").then("", "<div>"),
        Excess::Steps,
    ),
    (
        md("formats that are closed around boxes", "<b>").then("<div>", "</b>"),
        Excess::Steps,
    ),
    (
        md("text before a table that is left open", "<br>").then("<table>", "x<b>"),
        Excess::Steps,
    ),
    (
        md("attributes on one tag", "").then("<div ", "a№ "),
        Excess::Steps,
    ),
    (
        md("attributes on one tag, a line each", "").then("<div\n", "a№\n"),
        Excess::Steps,
    ),
    (
        md("quotes, and lines without their marks", "> ").then("a\n", "a\n"),
        Excess::Depth,
    ),
    (
        md("lists, and lines without their marks", "- ").then("a\n", "a\n"),
        Excess::Depth,
    ),
    (
        md("lists, and blank lines", "1. ").then("a\n", "\n"),
        Excess::Depth,
    ),
    (
        md("quotes and lists by turns", "> - ").then("a\n", ">\n"),
        Excess::Depth,
    ),
    (
        md("links to one long address", "b")
            .behind("<div><a href=\"http://tides.example/")
            .then("\"></div>", "<p>x"),
        Excess::Steps,
    ),
    (
        rst("links to one long target", "").then(".. _a: http://tides.example/", "b"),
        Excess::Size,
    ),
];

/// Shapes that appear expensive but are not, including those that other Markdown parsers are known
/// to process slowly.
static CHEAP: &[Shape] = &[
    md("spans in spans", "<span>"),
    md("cells", "<table><tr><td>"),
    md("drawings", "<svg><g>"),
    md("formulas", "<math><mi>"),
    md("comments", "<!--"),
    md("a comment of many words", "").then("<!-- ", "words "),
    md("an address of data", "").then("<img src=\"data:image/png;base64,", "a/b+c9"),
    md("sections of data", "<![CDATA["),
    md("angle brackets", "<"),
    md("tags that break off", "<a "),
    md("quotes that break off", "<a x=\""),
    md("quotes", "> "),
    md("lists", "- "),
    md("brackets", "[").then("", "]"),
    md("pictures in pictures", "![").then("", "](b)"),
    md("links that break off", "[a]("),
    md("links with angle brackets that break off", "[a](<b"),
    md("definitions", "[a№]: b\n"),
    md("titles that break off", "[a]: b \"\n"),
    md("emphasis", "*a "),
    md("emphasis of both kinds", "*_"),
    md("emphasis in emphasis", "*a ").then("", "b* "),
    md("strong emphasis in strong emphasis", "**a ").then("", "b** "),
    md("deletions", "~~a~b"),
    md("accents", "`a``b"),
    md("columns", "a|").then("\n|-|\n", "a|"),
    md("rows", "a|").then("\n|-|-|\n", "|\n"),
    md("headings with one text", "# a\n"),
    md("underlined headings", "a\n-\n"),
    md("addresses", "<http:a>"),
    md("references to characters", "&amp;"),
    md("references that break off", "&a"),
    md("fences", "```\n"),
    md("code", "```python\n1 1 \"\\\"1 1\n```\n"),
    md("backslashes", "\\\n"),
    md("one line", "a"),
    md("blank lines", "\n"),
    md("tabs", "\t"),
    md("marks that combine", "a\u{301}\u{323}"),
    md("tasks", "- [ ] a\n"),
    rst("colons behind a word", "").then("a", ":"),
    rst("roles that break off", ":a:`b"),
    rst("accents that break off", "``a "),
    rst("stars that break off", "**a "),
    rst("underscores", "a_"),
    rst("targets", ".. _a№: http://tides.example/\n"),
    rst("lists", "- a\n"),
    rst("headings", "ab\n==\n"),
    rst("notes", ".. note:: a\n"),
    rst("substitutions", "|a| "),
    rst(
        "substitutions of substitutions",
        ".. |a№| replace:: |a№||a№|\n",
    ),
    rst("code", "::\n\n a\n\n"),
    rst("tables", "+--+\n"),
];

#[test]
fn a_costly_long_description_is_shown_as_it_was_written() {
    for (shape, excess) in COSTLY {
        let text = shape.text(96 << 10);
        let text = if *excess == Excess::Size {
            text + "\n\n" + &"a_ ".repeat(10_000)
        } else {
            text
        };
        let shown = ReadmeHtml::of(&text, Some(shape.content_type), None);
        assert_eq!(shown.excess, Some(*excess), "{}", shape.name);
        assert!(
            shown.html.starts_with("<pre>") && shown.html.len() <= 6 * text.len() + 20,
            "{}",
            shape.name
        );
        is_harmless(&shown.html);
    }
}

#[test]
fn a_cheap_one_is_rendered_however_it_looks() {
    for shape in CHEAP {
        let shown = shape.html(32 << 10);
        assert_eq!(shown.excess, None, "{}", shape.name);
        is_harmless(&shown.html);
    }
}

/// Real texts nest a little.
#[test]
fn nesting_as_people_write_it_is_rendered() {
    let nested = format!(
        "{}deep{}\n\n",
        "<div><p align=\"center\"><a href=\"http://tides.example/\"><b>".repeat(20),
        "</b></a></p></div>".repeat(20)
    );
    let listed: String = (0..8)
        .map(|level| format!("{}- <sub>level</sub> {level}\n", "  ".repeat(level)))
        .collect();
    let badge = "<a href=\"https://tides.example/\"><img src=\"https://tides.example/badge.svg\" alt=\"status\"></a>\n";
    for text in [nested.repeat(30), listed.repeat(300), badge.repeat(2_000)] {
        assert_eq!(
            ReadmeHtml::of(&text, Some(MARKDOWN), None).excess,
            None,
            "{}",
            &text[..60]
        );
    }
}

#[test]
fn a_page_never_shows_more_than_fits_it() {
    const MOST: usize = 4 << 20;
    let headings = ReadmeHtml::of(&"#\n".repeat(500_000), Some(MARKDOWN), None);
    assert_eq!(headings.excess, Some(Excess::Size));
    let quotes = ReadmeHtml::of(&"\"".repeat(1 << 20), Some("text/plain"), None);
    assert!(
        quotes.html.ends_with("…</pre>") && quotes.html.len() < MOST + 20,
        "{}",
        quotes.html.len()
    );
    assert!(headings.html.len() < MOST + 20);
}

#[test]
fn a_costly_long_description_is_told_and_everything_else_is_published() {
    let (scratch, index) = support::harbour(3);
    for (name, text) in [
        ("anchor", "<div>".repeat(50_000)),
        ("buoy", "> ".repeat(50_000) + "a\n" + &"a\n".repeat(50_000)),
    ] {
        let mut document = project_json(&support::project(name), &support::RELEASES);
        document["info"]["description"] = text.into();
        document["info"]["description_content_type"] = "text/markdown".into();
        index.json(&support::project(name), document);
    }
    let told = support::built(&scratch, Some(support::asking(&index.base())));
    assert!(
        told.contains("warning: unrenderable-description: 2, see api/v1/problems.json"),
        "{told}"
    );
    assert_eq!(
        support::problems_of(&scratch, "harbour/anchor"),
        ["unrenderable-description"]
    );
    assert_eq!(
        support::problems_of(&scratch, "harbour/buoy"),
        ["unrenderable-description"]
    );
    assert_eq!(
        support::problems_of(&scratch, "harbour/crane"),
        Vec::<String>::new()
    );
    assert_eq!(support::versions(&scratch).len(), 3);
    let problems = &support::json(&scratch, "api/v1/plugins/harbour/anchor.json")["problems"];
    assert_eq!(problems[0]["code"], "unrenderable-description");
    let page = support::text(&scratch, "harbour/anchor/index.html");
    assert!(
        page.contains("unrenderable-description") && page.contains("<pre>&lt;div&gt;&lt;div&gt;")
    );
    assert_eq!(
        support::json(&scratch, "api/v1/health.json")["counts"]["problems"],
        2
    );
    support::assert_whole(&scratch.path().join("dist"));
}
