//! Where the repository of the store is asked: to change the listing of an entry, to see its past,
//! to report a problem.

use shopfront_model::catalogue::{Snippet, StoreFile};

/// The snippet on the repository's site; every forge of today writes such addresses alike.
pub(super) fn file(store: &StoreFile, action: &str, path: &str) -> Option<String> {
    let repository = store.repository.as_deref()?.trim_end_matches('/');
    Some(format!("{repository}/{action}/{}/{path}", store.branch))
}

/// Where a problem with the listing of `snippet` is reported: at the store's contact, else as an
/// issue of its repository.
pub(super) fn report(store: &StoreFile, snippet: &Snippet) -> Option<String> {
    let subject = percent_encoding::utf8_percent_encode(
        &format!("{}/{}: ", snippet.host, snippet.id),
        percent_encoding::NON_ALPHANUMERIC,
    )
    .to_string();
    match (&store.contact, &store.repository) {
        (Some(contact), _) if contact.starts_with("mailto:") => {
            Some(format!("{contact}?subject={subject}"))
        }
        (Some(contact), _) => Some(contact.clone()),
        (None, Some(repository)) => Some(format!(
            "{}/issues/new?title={subject}",
            repository.trim_end_matches('/')
        )),
        (None, None) => None,
    }
}
