//! PyPI, and every index that speaks its JSON API or its simple pages.

mod filename;
mod json_api;
mod offers;
mod provenance;
mod simple;
mod trust;

use super::{Failure, Found, Package, Question, Reads, Registry, Reply, Wish};
use crate::web::{Request, Response, Web};
use shopfront_model::answers::Validators;
use shopfront_model::registry_rules::pypi::Pypi;

/// Simple pages as JSON (PEP 691), else as HTML (PEP 503).
const ACCEPT_SIMPLE: &str = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1";

impl Registry for Pypi {
    fn reads(&self) -> Reads {
        Reads::Newest
    }

    /// The JSON API first, since it tells most; simple pages where the index has no such document, or garbles it.
    fn ask(&self, question: &Question<'_>, web: &dyn Web) -> Result<Reply, Failure> {
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
                    let found = Found { validators: response.validators(), ..found };
                    Ok(Reply::Found(Box::new(trust::of_found(found, question, web))))
                }
                Err(why) => match ask_simple(question.base, question, web) {
                    // Somebody answered for the project: that there is no simple page does not make it gone.
                    Ok(Reply::Gone) | Err(_) => Err(why),
                    reply => reply,
                },
            },
            // An index may have simple pages only; and a name without a release has a simple page only.
            _ => ask_simple(question.base, question, web),
        }
    }

    fn package<'w>(&self, wish: &Wish<'_>, web: &'w dyn Web) -> Result<Package<'w>, Failure> {
        offers::find(wish, web)
    }
}

fn ask_simple(base: &str, question: &Question<'_>, web: &dyn Web) -> Result<Reply, Failure> {
    let url = format!("{base}/simple/{}/", question.name);
    // The validators of a JSON document say nothing of a page; only an index that has pages alone gave ours for one.
    let last = question.last.filter(|_| question.base.ends_with("/simple"));
    let kept = last.and_then(|it| it.validators.as_ref());
    let response = get(web, &url, ACCEPT_SIMPLE, kept)?;
    match response.status {
        304 => Ok(Reply::Unchanged),
        200 => {
            let (mut project, beside) = simple::read(&response.content_type, &response.body, question.name)?;
            let is_whole = trust::learn_publisher(&mut project, &beside, &response.url, question, web);
            let kept = if question.base.ends_with("/simple") && is_whole { response.validators() } else { None };
            Ok(Reply::Found(Box::new(Found { project, description: None, validators: kept, simple_page: None })))
        }
        _ => Ok(Reply::Gone),
    }
}

fn get(web: &dyn Web, url: &str, accept: &str, validators: Option<&Validators>) -> Result<Response, Failure> {
    let etag = validators.and_then(|it| it.etag.as_deref());
    let last_modified = validators.and_then(|it| it.last_modified.as_deref());
    web.get(&Request { etag, last_modified, ..Request::document(url, accept) }).map_err(Failure)
}

/// Reads a body of the JSON API, for tests and fuzzing of the reader alone.
///
/// # Errors
/// [`Failure`] when it can not be trusted.
pub fn read_json(body: &[u8], name: &str) -> Result<Found, Failure> {
    json_api::read(body, name)
}

/// Reads a simple page of either kind, for tests and fuzzing of the reader alone.
///
/// # Errors
/// [`Failure`] when it can not be trusted.
pub fn read_simple(content_type: &str, body: &[u8], name: &str) -> Result<shopfront_model::answers::Project, Failure> {
    simple::read(content_type, body, name).map(|(project, _)| project)
}

/// Reads a provenance object, for tests and fuzzing of the reader alone.
pub fn read_provenance(body: &[u8]) -> Option<shopfront_model::answers::Publisher> {
    provenance::read(body)
}
