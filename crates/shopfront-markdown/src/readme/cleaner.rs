//! HTML that a stranger wrote, made harmless.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::LazyLock;

use ammonia::Builder;

use super::budget::{Excess, PageBytes};
use super::slugs::PREFIX;
use super::tree_cost;
use shopfront_text::url_policy;

/// What every link to a stranger's site says.
pub(super) const REL: &str = "noopener nofollow ugc";

/// `html` with nothing in it that could do something.
///
/// # Errors
/// When it would take more than `most` steps, or too much of a page.
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
    // A link whose relative address was taken away is no link any more, and `rel` has no meaning on
    // it.
    Ok(html.replace(&format!("<a rel=\"{REL}\">"), "<a>"))
}

/// An address within the page: of the ids of the long description, and no others.
fn fragment(address: &str) -> Option<Cow<'_, str>> {
    let name = address.strip_prefix('#').filter(|it| !it.is_empty())?;
    Some(if name.starts_with(PREFIX) {
        Cow::Borrowed(address)
    } else {
        Cow::Owned(format!("#{PREFIX}{}", name.to_lowercase()))
    })
}

/// What HTML of an author may hold.
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
        // Of relative addresses only those of our own ids mean something on this page.
        .url_relative(ammonia::UrlRelative::Custom(Box::new(fragment)))
        .link_rel(Some(REL))
        // The classes of coloured code are ours, and do nothing else.
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
            // Addresses of private networks mean nothing to the readers of a page.
            "href" if !value.starts_with('#') => Some(value.trim())
                .filter(|it| url_policy::check_web_url(it).is_none())
                .map(Cow::Borrowed),
            // An id of the author's own could be that of a part of the page.
            "id" if !value.starts_with(PREFIX) => {
                Some(Cow::Owned(format!("{PREFIX}{}", value.to_lowercase())))
            }
            _ => Some(Cow::Borrowed(value)),
        });
    builder
});
