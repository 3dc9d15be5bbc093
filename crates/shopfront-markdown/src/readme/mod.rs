//! Untrusted long descriptions as harmless HTML: no scripts, no styles, no images from other
//! servers.
//!
//! Each has a budget of steps and bytes. A description that exceeds it is shown as plain text: it
//! must neither block the publication of a store nor fill its disk.

mod budget;
mod cleaner;
mod comments;
mod highlight;
mod languages;
mod legible;
mod markdown;
mod repository;
mod restructured;
mod slugs;
mod tree_cost;

pub use budget::Excess;
pub use budget::MAX_HTML;
pub use markdown::{guide, trusted};

use repository::Repository;
use shopfront_text::xml;

/// Long description as shown on a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadmeHtml {
    /// HTML that can do nothing, and of which readers see all.
    pub html: String,
    /// Exceeded limit, if the description is shown as plain text.
    pub excess: Option<Excess>,
}

impl ReadmeHtml {
    /// Converts the description `text` of the media type `content_type` (core metadata,
    /// "Description-Content-Type"). Relative links are resolved in the repository at the URL
    /// `repository`, if that is on a known forge.
    pub fn of(text: &str, content_type: Option<&str>, repository: Option<&str>) -> ReadmeHtml {
        let repository = repository.and_then(Repository::at);
        let kind = content_type
            .unwrap_or_default()
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase();
        let html = match kind.as_str() {
            "text/markdown" => markdown::html(text, repository.as_ref()),
            "text/x-rst" => restructured::html(text, repository.as_ref()),
            // The default type is reStructuredText; here it is used only if the text resembles
            // it.
            "" if restructured::shows(text) => restructured::html(text, repository.as_ref()),
            _ => Ok(plain(text)),
        };
        let (html, excess) = match html {
            Ok(html) => (slugs::unbroken(html), None),
            Err(excess) => (plain(text), Some(excess)),
        };
        ReadmeHtml {
            html: legible::legible(&html),
            excess,
        }
    }
}

/// Returns the text as written, truncated to the size of a page.
fn plain(text: &str) -> String {
    // A character becomes at most six.
    const MOST: usize = MAX_HTML / 6;
    let shown = if xml::escaped(text).len() <= MAX_HTML {
        text
    } else {
        &text[..text.floor_char_boundary(MOST)]
    };
    let mark = if shown.len() < text.len() { "…" } else { "" };
    format!("<pre>{}{mark}</pre>", xml::escaped(shown))
}
