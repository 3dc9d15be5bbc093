//! Long descriptions of strangers as HTML that can do nothing: no script, no style, no picture that is fetched from elsewhere.

mod cleaner;
mod highlight;
mod languages;
mod markdown;
mod repository;
mod restructured;
mod slugs;

pub(super) use markdown::{guide, trusted};
pub(super) use repository::Repository;

use crate::xml;

/// The description `text` of the media type `content_type` (core metadata, "Description-Content-Type"); its relative
/// links lead into `repository`, where one is known.
pub(super) fn html(text: &str, content_type: Option<&str>, repository: Option<&Repository>) -> String {
    let kind = content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match kind.as_str() {
        "text/markdown" => slugs::unbroken(markdown::html(text, repository)),
        "text/x-rst" => slugs::unbroken(restructured::html(text, repository)),
        // Without a type it should be reStructuredText, and is that only where it looks so.
        "" if restructured::shows(text) => slugs::unbroken(restructured::html(text, repository)),
        _ => format!("<pre>{}</pre>", xml::escaped(text)),
    }
}
