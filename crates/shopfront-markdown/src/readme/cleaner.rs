//! Sanitizer for untrusted HTML.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::LazyLock;

use ammonia::Builder;

use super::budget::{Excess, PageBytes};
use super::slugs::PREFIX;
use super::tree_cost;
use shopfront_text::url_policy;

/// `rel` of every link to an untrusted site.
pub(super) const REL: &str = "noopener nofollow ugc";

/// Returns `html` without active content.
///
/// # Errors
/// Returns an error if it exceeds `most` steps, or the maximum size.
pub(super) fn clean(html: &str, most: usize) -> Result<String, Excess> {
    if tree_cost::steps(html, most) > most {
        return Err(Excess::Steps);
    }
    let mut page = PageBytes::default();
    CLEANER
        .clean(html)
        .write_to(&mut page)
        .map_err(|_| Excess::Size)?;
    let html = String::from_utf8(page.0).map_err(|_| Excess::Size)?;
    // An anchor whose relative URL was removed is not a link, and `rel` has no meaning on it.
    Ok(html.replace(&format!("<a rel=\"{REL}\">"), "<a>"))
}

/// Returns a URL within the page: only for ids of the long description.
fn fragment(address: &str) -> Option<Cow<'_, str>> {
    let name = address.strip_prefix('#').filter(|it| !it.is_empty())?;
    Some(if name.starts_with(PREFIX) {
        Cow::Borrowed(address)
    } else {
        Cow::Owned(format!("#{PREFIX}{}", name.to_lowercase()))
    })
}

/// Allowed HTML of an author.
static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let tags: HashSet<&str> = [
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
    ]
    .into();
    let mut builder = Builder::default();
    builder
        .tags(tags)
        .generic_attributes(HashSet::new())
        .url_schemes(["http", "https"].into())
        // Of the relative URLs, only those of generated ids have a meaning on this page.
        .url_relative(ammonia::UrlRelative::Custom(Box::new(fragment)))
        .link_rel(Some(REL))
        // The classes of highlighted code are generated here, and have no other effect.
        .allowed_classes([("span", ["c", "s", "n", "k", "t"].into())].into())
        .id_prefix(None)
        .tag_attributes(
            [
                ("a", ["href"].into()),
                ("h3", ["id"].into()),
                ("h4", ["id"].into()),
                ("h5", ["id"].into()),
                ("h6", ["id"].into()),
                ("ol", ["start"].into()),
                ("th", ["scope"].into()),
            ]
            .into(),
        )
        .attribute_filter(|_element, attribute, value| match attribute {
            // URLs of private networks have no meaning for readers of a page.
            "href" if !value.starts_with('#') => Some(value.trim())
                .filter(|it| url_policy::check_web_url(it).is_none())
                .map(Cow::Borrowed),
            // An id from the author could be equal to that of a part of the page.
            "id" if !value.starts_with(PREFIX) => {
                Some(Cow::Owned(format!("{PREFIX}{}", value.to_lowercase())))
            }
            _ => Some(Cow::Borrowed(value)),
        });
    builder
});
