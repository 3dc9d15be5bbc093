//! `--from-published`: restores the previous publication if nothing was kept between two runs.

use std::path::Path;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::examine::Workspace;
use super::registry_client::RegistryClient;
use super::resolve::Options;
use crate::answers_dir::Occasion;
use crate::files;
use shopfront_diagnostics::error::{Context, Error};
use shopfront_json as json;
use shopfront_model::answers::{Answer, Ledger, ProjectKey};
use shopfront_model::catalogue::StoreFile;
use shopfront_registry as registry;
use shopfront_registry::http::{Credentials, Http};
use shopfront_registry::resolve;
use shopfront_registry::web::{HttpClient, Request};

/// Maximum size of `answers.json`, in bytes.
const MAX_PUBLISHED: usize = 1 << 30;

/// Fields of `answers.json` that are restored.
#[derive(Deserialize)]
struct Published {
    answers: Vec<Box<RawValue>>,
    ledger: Ledger,
}

/// Restores every published answer that is newer than the saved one, and the ledger if it is newer.
///
/// # Errors
/// Returns an error if the published store cannot be read. A store that is not published yet is not
/// an error.
pub(super) fn restore_published(
    workspace: &Workspace,
    file: &StoreFile,
    options: &Options,
) -> Result<String, Error> {
    let (base, credentials) = Credentials::find(&file.url, None)?;
    let http = Http::new(&base, credentials, options.patience)?;
    let url = format!("{}/answers.json", base.as_str().trim_end_matches('/'));
    let response = http.get(&Request::document(&url, "application/json"));
    let response = response.map_err(|why| {
        Error::new(format!("reading what the store published before: {why}"))
            .help("try again later, or leave `--from-published` out")
    })?;
    if response.status != 200 {
        return Ok("nothing was published before\n".to_owned());
    }
    let doing = || "reading what the store published before".to_owned();
    let value = json::read(&response.body).with_context(doing)?;
    let schema = workspace.schemas.get("api-answers.schema.json")?;
    if let Some(fault) = schema.first_fault(&value) {
        return Err(Error::new(format!(
            "what the store published before is not in the format of this program: {fault}"
        )));
    }
    let published: Published = serde_json::from_slice(&response.body).with_context(doing)?;
    if let Some(fault) = published.ledger.fault() {
        return Err(Error::new(format!(
            "what the store published before is not a past that can be continued: {fault}"
        )));
    }
    let (mut taken, mut left_out) = (0, 0);
    for text in &published.answers {
        let answer: Answer = serde_json::from_str(text.get()).with_context(doing)?;
        match key_of(&answer, options)? {
            Some(key) => taken += usize::from(take_if_newer(workspace, &key, &answer)?),
            None => left_out += 1,
        }
    }
    let past = |ledger: &Ledger| -> Option<Timestamp> { ledger.last_change.at };
    if past(&published.ledger) > past(&workspace.answers_dir.ledger()?) {
        workspace
            .answers_dir
            .save_ledger(Occasion::Asked, &published.ledger)?;
    }
    let left_out = if left_out > 0 {
        format!("; {left_out} are not what this store could have kept")
    } else {
        String::new()
    };
    Ok(format!(
        "took over {taken} answers of {} that were published before{left_out}\n",
        published.answers.len()
    ))
}

/// The key of an answer that this store could have kept itself: of the public registry or the one
/// that it queries instead, and of lines that readers can see.
fn key_of(answer: &Answer, options: &Options) -> Result<Option<ProjectKey>, Error> {
    let Some(key) = answer.key() else {
        return Ok(None);
    };
    let Some(registry) = registry::find(key.registry) else {
        return Ok(None);
    };
    let is_of_it = answer.registry_url.is_none()
        || RegistryClient::registry_url(registry, options)? == answer.registry_url;
    Ok(Some(key).filter(|key| is_of_it && resolve::fault_of(answer, key).is_none()))
}

/// The past of the store; where the saved one can not be read, that of the store which was built
/// into the folder `target` before, and what is to be said of that.
///
/// # Errors
/// Returns an error if a file exists and cannot be read.
pub(super) fn ledger(workspace: &Workspace, target: &Path) -> Result<(Ledger, String), Error> {
    if !workspace.answers_dir.has_broken_ledger()? {
        return Ok((workspace.answers_dir.ledger()?, String::new()));
    }
    let built = files::read_plain(target, "answers.json", MAX_PUBLISHED)?;
    let published: Option<Published> = built.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    Ok(match published.filter(|it| it.ledger.fault().is_none()) {
        Some(published) => (
            published.ledger,
            format!(
                "warning: the ledger of {} is used in its place\n",
                target.display()
            ),
        ),
        None => {
            let cure = format!(
                "warning: every plugin counts as newly listed, with a number of its own; to keep what was, restore answers/ledger.json \
                 from git, or run `{} resolve --from-published`, and build again\n",
                shopfront_diagnostics::program::name()
            );
            (Ledger::default(), cure)
        }
    })
}

fn take_if_newer(workspace: &Workspace, key: &ProjectKey, answer: &Answer) -> Result<bool, Error> {
    let saved = workspace.answers_dir.answer(key)?;
    if saved.is_some_and(|saved| saved.checked_at >= answer.checked_at) {
        return Ok(false);
    }
    workspace.answers_dir.save(key, answer)
}
