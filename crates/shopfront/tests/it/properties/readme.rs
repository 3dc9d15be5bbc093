//! Property of untrusted long descriptions: for any contents, the HTML on a page is harmless.

use html5ever::tokenizer::TagKind;
use shopfront_markdown::readme::ReadmeHtml;
use shopfront_text::url_policy::check_web_url;

use super::html::{self, attribute};

/// Maximum size of the HTML of a long description in bytes, with the two tags around a plain one.
const MAX_HTML: usize = (4 << 20) + 20;

const TAGS: &[&str] = &[
    "a",
    "abbr",
    "b",
    "blockquote",
    "br",
    "cite",
    "code",
    "dd",
    "del",
    "details",
    "div",
    "dl",
    "dt",
    "em",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "samp",
    "small",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "u",
    "ul",
    "var",
];

pub(super) fn holds(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for content_type in [
        Some("text/markdown; charset=UTF-8; variant=GFM"),
        None,
        Some("text/x-rst"),
        Some("text/plain"),
        Some(&*text),
    ] {
        for repository in [None, Some("https://github.com/harbour/tides")] {
            let shown = ReadmeHtml::of(&text, content_type, repository);
            is_harmless(&shown.html);
            assert!(
                shown.html.len() <= MAX_HTML,
                "{} bytes become {}",
                text.len(),
                shown.html.len()
            );
        }
    }
}

/// Fails unless `html` is harmless on a page.
pub(crate) fn is_harmless(html: &str) {
    let tags = html::tags(html);
    assert_eq!(
        tags.others, 0,
        "a comment or a declaration is left:\n{html}"
    );
    assert!(
        html::is_balanced(&tags.all),
        "a tag is not closed, or closes what it did not open:\n{html}"
    );
    for tag in &tags.all {
        assert!(
            TAGS.contains(&&*tag.name),
            "<{}> is left:\n{html}",
            tag.name
        );
        assert!(tag.kind == TagKind::StartTag || tag.attrs.is_empty());
        for held in &tag.attrs {
            let is_known = match (&*tag.name, &*held.name.local) {
                ("a", "href" | "rel") | ("ol", "start") | ("th", "scope") => true,
                ("span", "class") => {
                    ["c", "s", "n", "k", "t"].contains(&&*held.value) || held.value.is_empty()
                }
                ("h3" | "h4" | "h5" | "h6", "id") => held.value.starts_with("readme-"),
                _ => false,
            };
            assert!(
                is_known,
                "{}=\"{}\" is left at <{}>:\n{html}",
                held.name.local, held.value, tag.name
            );
        }
        if let Some(address) = attribute(tag, "href") {
            assert!(
                address.starts_with('#') || check_web_url(address).is_none(),
                "a link to `{address}`:\n{html}"
            );
            let address = address.to_ascii_lowercase();
            if address.starts_with("#readme-") {
                continue;
            }
            assert!(
                address.starts_with("http:") || address.starts_with("https:"),
                "a link to `{address}`:\n{html}"
            );
            assert_eq!(attribute(tag, "rel"), Some("noopener nofollow ugc"));
        }
    }
}
