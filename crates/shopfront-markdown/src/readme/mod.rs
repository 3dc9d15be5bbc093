//! Long descriptions of strangers as HTML that can do nothing: no script, no style, no picture that
//! is fetched from elsewhere.
//!
//! Each has a budget of steps and bytes. What exceeds it is shown as it was written: one
//! description must not keep a store from being published, nor fill its disk.

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

/// A long description as a page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadmeHtml {
    /// HTML that can do nothing, and of which readers see all.
    pub html: String,
    /// Why the text is shown as it was written, where it exceeds its budget.
    pub excess: Option<Excess>,
}

impl ReadmeHtml {
    /// The description `text` of the media type `content_type` (core metadata,
    /// "Description-Content-Type"); its relative links lead into the repository at the address
    /// `repository`, where that is on a known forge.
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
            // Without a type it should be reStructuredText, and is that only where it looks so.
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

/// The text as it was written, as much as fits a page.
fn plain(text: &str) -> String {
    // A character becomes six at most.
    const MOST: usize = MAX_HTML / 6;
    let shown = if xml::escaped(text).len() <= MAX_HTML {
        text
    } else {
        &text[..text.floor_char_boundary(MOST)]
    };
    let mark = if shown.len() < text.len() { "…" } else { "" };
    format!("<pre>{}{mark}</pre>", xml::escaped(shown))
}
