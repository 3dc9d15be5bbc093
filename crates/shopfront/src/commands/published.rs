//! `--from-published`: begins with what the store published before, where nothing was kept between
//! two runs.

use std::path::Path;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::examine::Workspace;
use super::resolve::Options;
use crate::answers_dir::Occasion;
use crate::files;
use shopfront_diagnostics::error::{Context, Error};
use shopfront_json as json;
use shopfront_model::answers::{Answer, Ledger};
use shopfront_model::catalogue::StoreFile;
use shopfront_registry::http::{Credentials, Http};
use shopfront_registry::web::{HttpClient, Request};

/// The largest `answers.json` that is read.
const MAX_PUBLISHED: usize = 1 << 30;

/// `answers.json`, as far as it is taken over.
#[derive(Deserialize)]
struct Published {
    answers: Vec<Box<RawValue>>,
    ledger: Ledger,
}

/// Takes over every published answer that is newer than the saved one, and the past where it is
/// newer.
///
/// # Errors
/// When the published store can not be read, but for one that is not there yet.
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
    let mut taken = 0;
    for text in &published.answers {
        let answer: Answer = serde_json::from_str(text.get()).with_context(doing)?;
        taken += usize::from(take_if_newer(workspace, &answer)?);
    }
    let past = |ledger: &Ledger| -> Option<Timestamp> { ledger.last_change.at };
    if past(&published.ledger) > past(&workspace.answers_dir.ledger()?) {
        workspace
            .answers_dir
            .save_ledger(Occasion::Asked, &published.ledger)?;
    }
    Ok(format!(
        "took over {taken} answers of {} that were published before\n",
        published.answers.len()
    ))
}

/// The past of the store; where the saved one can not be read, that of the store which was built
/// into the folder `target` before, and what is to be said of that.
///
/// # Errors
/// When a file is there and can not be read.
pub(super) fn ledger(workspace: &Workspace, target: &Path) -> Result<(Ledger, String), Error> {
    if !workspace.answers_dir.has_broken_ledger()? {
        return Ok((workspace.answers_dir.ledger()?, String::new()));
    }
    let built = files::read_plain(target, "answers.json", MAX_PUBLISHED)?;
    let published: Option<Published> = built.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    Ok(match published {
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

fn take_if_newer(workspace: &Workspace, answer: &Answer) -> Result<bool, Error> {
    let Some(key) = answer.key() else {
        return Ok(false);
    };
    let saved = workspace.answers_dir.answer(&key)?;
    if saved.is_some_and(|saved| saved.checked_at >= answer.checked_at) {
        return Ok(false);
    }
    workspace.answers_dir.save(&key, answer)
}
