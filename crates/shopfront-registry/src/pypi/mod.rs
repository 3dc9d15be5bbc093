//! PyPI, and every index with its JSON API or its simple pages.

mod filename;
mod json_api;
mod index_page;
mod provenance;
mod simple;
mod trust;

use super::{
    FoundProject, Lookup, PackageRequest, ProjectRequest, Reads, Registry, RegistryError,
    RemoteFile,
};
use crate::web::{HttpClient, Request, Response};
use shopfront_model::answers::Validators;
use shopfront_model::registry_rules::pypi::Pypi;

/// Simple pages as JSON (PEP 691), otherwise as HTML (PEP 503).
const ACCEPT_SIMPLE: &str = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1";

impl Registry for Pypi {
    fn reads(&self) -> Reads {
        Reads::Newest
    }

    /// Queries the JSON API first, since it contains the most data. Queries simple pages if the
    /// index has no such document, or an invalid one.
    fn ask(
        &self,
        question: &ProjectRequest<'_>,
        web: &dyn HttpClient,
    ) -> Result<Lookup, RegistryError> {
        if let Some(base) = question.base.strip_suffix("/simple") {
            return ask_simple(base, question, web);
        }
        let url = format!("{}/pypi/{}/json", question.base, question.name);
        let kept = question.last.and_then(|it| it.validators.as_ref());
        let response = get(web, &url, "application/json", kept)?;
        match response.status {
            304 => Ok(trust::of_unchanged(question, web)),
            200 => match json_api::read(&response.body, question.name) {
                Ok(found) => {
                    let found = FoundProject {
                        validators: response.validators(),
                        ..found
                    };
                    Ok(Lookup::Found(Box::new(trust::of_found(
                        found, question, web,
                    ))))
                }
                Err(why) => match ask_simple(question.base, question, web) {
                    // The project exists according to the first response: a missing simple page
                    // does not mean that it is gone.
                    Ok(Lookup::NotFound) | Err(_) => Err(why),
                    reply => reply,
                },
            },
            // An index may have only simple pages; and a name without a release has only a simple
            // page.
            _ => ask_simple(question.base, question, web),
        }
    }

    fn package<'w>(
        &self,
        wish: &PackageRequest<'_>,
        web: &'w dyn HttpClient,
    ) -> Result<RemoteFile<'w>, RegistryError> {
        index_page::find(wish, web)
    }
}

fn ask_simple(
    base: &str,
    question: &ProjectRequest<'_>,
    web: &dyn HttpClient,
) -> Result<Lookup, RegistryError> {
    let url = format!("{base}/simple/{}/", question.name);
    // The validators of a JSON document do not apply to a page; only an index with pages alone
    // provided them for one.
    let last = question.last.filter(|_| question.base.ends_with("/simple"));
    let kept = last.and_then(|it| it.validators.as_ref());
    let response = get(web, &url, ACCEPT_SIMPLE, kept)?;
    match response.status {
        304 => Ok(Lookup::NotModified),
        200 => {
            let (mut project, beside) =
                simple::read(&response.content_type, &response.body, question.name)?;
            let is_whole =
                trust::learn_publisher(&mut project, &beside, &response.url, question, web);
            let kept = if question.base.ends_with("/simple") && is_whole {
                response.validators()
            } else {
                None
            };
            Ok(Lookup::Found(Box::new(FoundProject {
                project,
                description: None,
                validators: kept,
                simple_page: None,
            })))
        }
        _ => Ok(Lookup::NotFound),
    }
}

fn get(
    web: &dyn HttpClient,
    url: &str,
    accept: &str,
    validators: Option<&Validators>,
) -> Result<Response, RegistryError> {
    let etag = validators.and_then(|it| it.etag.as_deref());
    let last_modified = validators.and_then(|it| it.last_modified.as_deref());
    web.get(&Request {
        etag,
        last_modified,
        ..Request::document(url, accept)
    })
    .map_err(RegistryError)
}

/// Parses a body of the JSON API, for tests and fuzzing of the parser only.
///
/// # Errors
/// Returns a [`RegistryError`] if the body is not trustworthy.
pub fn read_json(body: &[u8], name: &str) -> Result<FoundProject, RegistryError> {
    json_api::read(body, name)
}

/// Parses a simple page of either format, for tests and fuzzing of the parser only.
///
/// # Errors
/// Returns a [`RegistryError`] if the page is not trustworthy.
pub fn read_simple(
    content_type: &str,
    body: &[u8],
    name: &str,
) -> Result<shopfront_model::answers::Project, RegistryError> {
    simple::read(content_type, body, name).map(|(project, _)| project)
}

/// Parses a provenance object, for tests and fuzzing of the parser only.
pub fn read_provenance(body: &[u8]) -> Option<shopfront_model::answers::Publisher> {
    provenance::read(body)
}
