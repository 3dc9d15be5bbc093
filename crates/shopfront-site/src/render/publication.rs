//! How the newest release was published, as its page tells it: what the registry says, in words
//! that can be checked.

use serde::Serialize;

use shopfront_model::answers::{Project, Release};
use shopfront_model::catalogue::Snippet;

/// Attestation of one release, as the registry reports it.
#[derive(Serialize)]
pub(super) struct Publication<'s> {
    version: &'s str,
    attested: bool,
    publisher: Option<PublisherContext<'s>>,
}

#[derive(Serialize)]
struct PublisherContext<'s> {
    kind: &'s str,
    repository: Option<&'s str>,
    /// Address, where one is known.
    url: Option<String>,
    workflow: Option<&'s str>,
    environment: Option<&'s str>,
    /// `true` if it is the repository that the snippet states; `None` where that can not be told.
    linked: Option<bool>,
}

/// Returns the attestation of `release`; `None` if the registry reports nothing.
pub(super) fn of<'s>(
    project: &'s Project,
    release: &'s Release,
    snippet: &Snippet,
) -> Option<Publication<'s>> {
    let attested = release.attested?;
    let known = project
        .attestation_of(release)
        .filter(|_| attested)
        .and_then(|it| it.publisher.as_ref());
    let publisher = known.map(|publisher| PublisherContext {
        kind: &publisher.kind,
        repository: publisher.repository.as_deref(),
        url: publisher.address(),
        workflow: publisher.workflow.as_deref(),
        environment: publisher.environment.as_deref(),
        linked: snippet
            .body
            .repository
            .as_deref()
            .and_then(|stated| publisher.is_at(stated)),
    });
    Some(Publication {
        version: &release.version,
        attested,
        publisher,
    })
}
